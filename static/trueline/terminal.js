/* What only the terminal needs: clock, idle lock, keys, the answer to a tap. */
(function () {
  "use strict";
  const body = document.body;
  const trueline = (window.trueline = window.trueline || {});
  const number = (text, fallback) => { const value = Number.parseInt(text, 10); return Number.isFinite(value) ? value : fallback; };

  /* ---- clock, in the site's zone */
  const clock = document.getElementById("tl-clock");
  if (clock) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: clock.dataset.zone || "UTC" });
    const tick = () => { const at = new Date(); clock.textContent = format.format(at); clock.dateTime = at.toISOString(); };
    tick();
    setInterval(tick, 5000);
  }

  /* ---- idle lock: a countdown in the last 30 seconds, then the lock page; the server keeps its own time */
  if (document.getElementById("tl-lock")) {
    const limit = number(body.dataset.idleSeconds, 180);
    const shown = document.getElementById("tl-idle");
    let last = Date.now();
    const touch = () => { last = Date.now(); };
    ["pointerdown", "keydown", "touchstart"].forEach((name) => document.addEventListener(name, touch, { capture: true, passive: true }));
    const waiting = setInterval(() => {
      const left = limit - Math.floor((Date.now() - last) / 1000);
      if (left <= 0) { clearInterval(waiting); document.getElementById("tl-lock").submit(); }
      else if (shown) shown.textContent = left <= 30 ? "⏱ " + left + " s" : "";
    }, 500);
  }

  /* ---- digits on screen: <div data-pad-for="id"> with buttons data-key */
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-pad-for] [data-key]");
    if (!key) return;
    const field = document.getElementById(key.closest("[data-pad-for]").dataset.padFor);
    if (!field) return;
    const value = key.dataset.key;
    field.value = value === "back" ? field.value.slice(0, -1) : value === "clear" ? "" : field.value + value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  /* ---- every tap is answered at once, also by a button that stands outside its form */
  const TAPPED = "tl-sent";
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented && event.submitter) event.submitter.classList.add(TAPPED); });
  document.addEventListener("click", (event) => { const link = event.target.closest("a.tl-big, a.tl-tile, a.tl-btn, a.tl-who-pill"); if (link && !event.defaultPrevented) link.classList.add(TAPPED); });
  window.addEventListener("pageshow", () => document.querySelectorAll("." + TAPPED).forEach((element) => element.classList.remove(TAPPED)));

  /* ---- a booking is undone without a reason for its first seconds: they count down, then the bar goes. The clock is
     asked, not the timer: a page that was put away (back, a locked screen) shows no bar that the server would refuse. */
  document.querySelectorAll("form[data-undo-milliseconds]").forEach((form) => {
    const ends = Date.now() + number(form.dataset.undoMilliseconds, 0);
    const left = form.querySelector("[data-undo-left]");
    const tick = () => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      if (seconds <= 0) { clearInterval(counting); form.remove(); }
      else if (left) left.textContent = "(" + seconds + " s)";
    };
    const counting = setInterval(tick, 250);
    window.addEventListener("pageshow", tick);
    tick();
  });

  /* ---- keys: each button that has data-shortcut is pressed by its letter; the list of keys names them */
  const commands = Array.from(document.querySelectorAll("[data-shortcut]"));
  const keys = document.querySelector("#tl-keys .tl-keys");
  commands.forEach((command) => {
    command.setAttribute("aria-keyshortcuts", command.dataset.shortcut.toUpperCase());
    if (!keys) return;
    const key = document.createElement("kbd");
    key.textContent = command.dataset.shortcut.toUpperCase();
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    term.append(key);
    meaning.textContent = command.dataset.shortcutLabel || command.textContent.trim().replace(/\s+/g, " ");
    keys.append(term, meaning);
  });
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    clearTimeout(waiting);
    /* a field of a dialog just closed may keep the focus until the next frame: nobody types there */
    const field = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    const typing = field && event.target.checkVisibility();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing || document.querySelector("dialog[open]")) return;
    const command = commands.find((one) => one.dataset.shortcut === event.key.toLowerCase() && one.offsetParent);
    if (!command) return;
    /* the first character of a scan is no command; a button records, so it also waits out a radio scanner that pauses */
    const patience = Math.max(number(body.dataset.scanGapMs, 35), command.matches("button") ? 250 : 0) + 10;
    waiting = setTimeout(() => { if (command.matches("input, select, textarea")) command.focus(); else command.click(); }, patience);
  });
})();
