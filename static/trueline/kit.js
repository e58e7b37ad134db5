/* Trueline's page script: menus, focus, keys, double submission, drafts of the list form, live regions. No inline code. */
(function () {
  "use strict";
  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const isTyping = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) && el.checkVisibility(); /* a dialog just closed may still hold the focus */
  const trueline = (window.trueline = window.trueline || {});

  /* ---- CSRF for htmx: the token of any form of the page */
  document.addEventListener("htmx:configRequest", (event) => {
    const token = $('input[name="csrfmiddlewaretoken"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
  });

  /* ---- parts that come later (ui/later.html): there, or said in words that it failed; a form that waits for them */
  const partOf = (event) => { const region = event.detail && event.detail.elt; return region && region.matches && region.matches("[data-later]") ? region : null; };
  document.addEventListener("htmx:beforeSwap", (event) => { if (partOf(event) && event.detail.xhr.status >= 400) event.detail.shouldSwap = false; });
  document.addEventListener("htmx:beforeRequest", (event) => { const region = partOf(event); if (region) region.setAttribute("aria-busy", "true"); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const region = partOf(event);
    if (!region) return;
    region.setAttribute("aria-busy", "false");
    const status = event.detail.xhr.status;
    if (status >= 200 && status < 300) { region.dataset.later = "here"; return; }
    region.dataset.later = "failed";
    const words = document.createElement("p");
    const again = document.createElement("button");
    words.className = "tl-notice tl-notice-bad";
    words.setAttribute("role", "alert");
    words.textContent = region.dataset.failed + " ";
    again.type = "button";
    again.className = "tl-btn tl-btn-small";
    again.textContent = region.dataset.again;
    again.addEventListener("click", () => window.htmx.trigger(region, "tl-again"));
    words.append(again);
    region.replaceChildren(words);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-after-parts]")) return;
    const missing = $$("[data-holds-form]").find((region) => region.dataset.later !== "here");
    if (!missing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    missing.scrollIntoView({ block: "nearest" });
    trueline.toast(missing.dataset.hold);
    trueline.flash(missing);
  }, true);

  /* ---- double submission: the second tap of the same form does nothing; a fresh client id after a refusal */
  const newId = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.classList.contains("tl-busy")) { event.preventDefault(); return; }
    form.classList.add("tl-busy");
    form.setAttribute("aria-busy", "true");
  });
  const release = () => $$("form.tl-busy").forEach((form) => { form.classList.remove("tl-busy"); form.removeAttribute("aria-busy"); });
  window.addEventListener("pageshow", release);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (!form) return;
    release();
    const id = form.querySelector('input[name="client_id"]');
    if (id && event.detail.successful) id.value = newId();
  });
  trueline.newClientId = newId;

  /* ---- focus: the error summary first, else what the page marks */
  const focusMarked = (root) => {
    const target = $("[data-focus]", root) || $("[autofocus]", root);
    if (target) target.focus({ preventScroll: false });
  };
  document.addEventListener("htmx:afterSettle", (event) => focusMarked(event.target));

  /* ---- time zones: an empty field begins with the zone of this browser, where it is one of those offered */
  const zone = window.Intl ? Intl.DateTimeFormat().resolvedOptions().timeZone : "";
  $$("input[data-browser-zone]").forEach((field) => {
    const offered = field.list && Array.from(field.list.options).some((option) => option.value === zone);
    if (!field.value && offered) field.defaultValue = zone;
  });

  /* ---- toasts */
  trueline.toast = (text, action, seconds) => {
    const box = $("#tl-toasts");
    if (!box) return () => {};
    const toast = document.createElement("div");
    toast.className = "tl-toast";
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(words);
    const close = () => toast.remove();
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tl-btn tl-btn-small";
      button.textContent = action.label;
      button.addEventListener("click", () => { close(); action.run(); });
      toast.append(button);
    }
    box.append(toast);
    if (seconds !== 0) setTimeout(close, (seconds || 6) * 1000);
    return close;
  };

  /* ---- sound and flash, made here so that no file must load */
  let audio = null;
  trueline.sound = (kind) => {
    const Context = window.AudioContext;
    if (!Context) return;
    audio = audio || new Context();
    const tones = kind === "bad" ? [[220, 0], [165, 0.18]] : [[880, 0], [1175, 0.09]];
    tones.forEach(([frequency, at]) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.type = kind === "bad" ? "square" : "sine";
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.12, audio.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.16);
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.18);
    });
  };
  trueline.flash = (element) => {
    if (!element) return;
    element.classList.remove("tl-scanned");
    void element.offsetWidth;
    element.classList.add("tl-scanned");
  };

  /* ---- menus, navigation, dialogs */
  const closeMenus = (except) => $$("details[data-menu][open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  const toggleNavigation = (open) => {
    const nav = $("#tl-nav");
    const button = $("[data-toggle-navigation]");
    if (!nav || !button) return;
    nav.classList.toggle("tl-open", open);
    const isOpen = nav.classList.contains("tl-open");
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) (nav.querySelector("a") || nav).focus();
  };
  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target.closest("details[data-menu]"));
    if (target.closest("[data-toggle-navigation]")) { toggleNavigation(); return; }
    const nav = $("#tl-nav.tl-open");
    if (nav && !nav.contains(target)) toggleNavigation(false);
    if (target.closest("[data-show-keys]")) { closeMenus(); $("#tl-keys").showModal(); }
    if (target.closest("[data-print]")) window.print();
    const filters = target.closest("[data-toggle-filters]");
    if (filters) filters.setAttribute("aria-expanded", String(filters.closest("form").classList.toggle("tl-tools-open")));
    const sound = target.closest("[data-sound]");
    if (sound) trueline.sound(sound.dataset.sound);
    const opener = target.closest("[data-open-dialog]");
    if (opener) { event.preventDefault(); document.getElementById(opener.dataset.openDialog).showModal(); }
    const closer = target.closest("[data-close-dialog]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
    const copier = target.closest("[data-copy]");
    if (copier) navigator.clipboard.writeText(copier.dataset.copy).then(() => trueline.flash(copier));
    const link = target.closest("[data-copy-address]");
    if (link) navigator.clipboard.writeText(window.location.origin + window.location.pathname).then(() => trueline.flash(link));
    const disabled = target.closest('[aria-disabled="true"]');
    if (disabled) { event.preventDefault(); const why = document.getElementById(disabled.getAttribute("aria-describedby")); if (why) { why.scrollIntoView({ block: "nearest" }); trueline.flash(why); } }
  });

  /* ---- keys */
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = $("details[data-menu][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      if ($("#tl-nav.tl-open")) { toggleNavigation(false); $("[data-toggle-navigation]").focus(); }
      return;
    }
    const search = $("#tl-search");
    if (search && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); search.focus(); search.select(); return; }
    if (event.altKey && event.key === "Enter") { const primary = $("[data-primary]"); if (primary) { event.preventDefault(); primary.click(); } return; }
    clearTimeout(waiting);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]")) return;
    const run = { "/": search && (() => { search.focus(); search.select(); }), "?": () => $("#tl-keys").showModal(), j: () => moveRow(1), k: () => moveRow(-1) }[event.key];
    if (!run) return;
    event.preventDefault();
    waiting = setTimeout(run, (Number.parseInt(document.body.dataset.scanGapMs, 10) || 35) + 10); /* the first character of a scan is no command */
  });
  const moveRow = (step) => {
    const links = $$("#tl-list tbody tr").map((row) => row.querySelector("a")).filter(Boolean);
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
  };

  /* ---- list tools: choosing a value filters at once; the address stays the state */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto-submit]");
    if (form && event.target.matches("select, input[type=date], input[type=checkbox][name]")) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const apply = event.target.closest("[data-columns-apply]");
    if (!apply) return;
    event.preventDefault();
    const chosen = $$("input:checked", apply.closest("[data-columns]")).map((box) => box.value);
    const url = new URL(window.location.href);
    url.searchParams.set("columns", chosen.join(","));
    window.location.assign(url);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-auto-submit]")) return;
    $$("input, select", event.target).forEach((field) => { if (!field.value) field.disabled = true; });
  });

  /* ---- choosing rows of a list for one deed on many */
  const countChosen = () => $$(".tl-choosable").forEach((list) => {
    const rows = $$('input[name="row"]', list);
    const chosen = rows.filter((row) => row.checked).length;
    $$("[data-chosen-count]", list).forEach((box) => { box.textContent = String(chosen); });
    $$("[data-choose-all]", list).forEach((box) => {
      const own = $$('input[name="row"]', box.closest("table"));
      const marked = own.filter((row) => row.checked).length;
      box.checked = marked > 0 && marked === own.length;
      box.indeterminate = marked > 0 && marked < own.length;
    });
  });
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-choose-all]");
    if (all) $$('input[name="row"]', all.closest("table")).forEach((row) => { row.checked = all.checked; });
    if (all || event.target.matches('input[name="row"]')) countChosen();
  });
  document.addEventListener("reset", (event) => { if (event.target.id === "tl-bulk") setTimeout(countChosen); });
  window.addEventListener("pageshow", countChosen);

  /* ---- a table that scrolls sideways can be reached by key */
  const reachTables = () => $$(".tl-table-wrap").forEach((wrap) => { if (!wrap.hasAttribute("tabindex") && wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0; });
  window.addEventListener("resize", reachTables);
  document.addEventListener("htmx:afterSettle", reachTables);
  reachTables();

  /* ---- live regions: <div data-live="/…/events/" hx-get="…" hx-trigger="changed" …> is read again on each event */
  const streams = new Map();
  const connectLive = () => {
    const wanted = new Set($$("[data-live]").map((region) => region.dataset.live));
    streams.forEach((source, url) => { if (!wanted.has(url)) { source.close(); streams.delete(url); } });
    wanted.forEach((url) => {
      if (streams.has(url)) return;
      const source = new EventSource(url);
      source.addEventListener("changed", (event) => {
        const [topic] = JSON.parse(event.data);
        $$("[data-live]").forEach((region) => {
          if (region.dataset.live !== url) return;
          const only = region.dataset.liveTopic;
          if ((!only || only === topic) && window.htmx) window.htmx.trigger(region, "changed");
        });
      });
      streams.set(url, source);
    });
  };
  document.addEventListener("htmx:afterSettle", connectLive);
  window.addEventListener("pagehide", () => { streams.forEach((source) => source.close()); streams.clear(); });
  window.addEventListener("pageshow", connectLive);

  focusMarked(document);
})();
