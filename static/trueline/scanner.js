/* A keyboard-wedge scanner works on every page. A burst (keys < 35 ms apart, or data-scan-gap-ms of the body for slow
   radio scanners; at least 4 characters; ended by Enter or Tab) is a scan: it is taken back from whatever field had the focus, cleaned (AIM identifier and control characters
   off, GS kept), and told to the page as the event `trueline:scan`. A page that handles it calls preventDefault();
   otherwise the code goes to the body's data-scan-url. A scan never stays in a field and never submits a form,
   except in a field marked data-accepts-scan, which receives the cleaned text. */
(function () {
  "use strict";
  const maxGap = () => Number.parseInt(document.body.dataset.scanGapMs, 10) || 35;
  const MIN_LENGTH = 4;
  const GS = "\u001d";
  const trueline = (window.trueline = window.trueline || {});
  let burst = null;

  const isField = (el) => el && /^(INPUT|TEXTAREA)$/.test(el.tagName);
  const snapshot = (el) => {
    if (!isField(el)) return null;
    let start = null, end = null;
    try { start = el.selectionStart; end = el.selectionEnd; } catch (error) { if (!(error instanceof DOMException)) throw error; }
    return { el, value: el.value, start, end };
  };
  const restore = (before) => {
    if (!before || before.el.value === before.value) return;
    before.el.value = before.value;
    if (before.start !== null) { try { before.el.setSelectionRange(before.start, before.end); } catch (error) { if (!(error instanceof DOMException)) throw error; } }
    before.el.dispatchEvent(new Event("input", { bubbles: true }));
  };

  trueline.cleanScan = (raw) => {
    const found = /^\][A-Za-z][0-9A-Za-z]/.exec(raw);
    const symbology = found ? found[0] : "";
    const text = Array.from(raw.slice(symbology.length)).filter((c) => c === GS || (c >= " " && c !== "\u007f")).join("");
    return { text, symbology };
  };

  /* large, with sound: what came, and what was expected (red); of a known code what it is, and what to do (amber).
     It goes with the next scan or tap. */
  const unknown = (text, expected, isKnown) => {
    trueline.sound && trueline.sound("bad");
    const box = document.getElementById("tl-unknown-scan");
    if (!box) return;
    box.classList.toggle("tl-known", Boolean(isKnown));
    box.textContent = box.dataset.unknown && !isKnown ? box.dataset.unknown + " " + text : text;
    if (expected) { const more = document.createElement("small"); more.textContent = expected; box.append(more); }
    box.hidden = false;
    clearTimeout(hiding);
    hiding = setTimeout(() => { box.hidden = true; }, 15000);
  };
  let hiding = 0;
  document.addEventListener("pointerdown", () => { const box = document.getElementById("tl-unknown-scan"); if (box) box.hidden = true; });

  /* at a terminal the code is looked up first: a page with typed work is left only for something that exists */
  const lookUp = async (address) => {
    const box = document.getElementById("tl-unknown-scan");
    const code = address.searchParams.get("code");
    box.hidden = true;
    let answer;
    try {
      answer = await fetch(address, { headers: { Accept: "application/json" } });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      unknown(code, box.dataset.offline);
      return;
    }
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (answer.ok && told.advice) { unknown(told.label, told.advice, true); return; }
    if (!answer.ok || !told.url) { unknown(code.replaceAll(GS, "␝"), told.expected ? box.dataset.expected + " " + told.expected : box.dataset.offline); return; }
    trueline.sound && trueline.sound("good");
    window.location.assign(told.url);
  };
  trueline.unknownScan = unknown;

  trueline.scan = (raw, milliseconds) => {
    const { text, symbology } = trueline.cleanScan(raw);
    if (!text) return;
    const target = document.querySelector("dialog[open]") || document;
    const event = new CustomEvent("trueline:scan", { bubbles: true, cancelable: true, detail: { text, symbology, raw, milliseconds: milliseconds || 0 } });
    if (!target.dispatchEvent(event)) return;
    const url = document.body.dataset.scanUrl;
    if (!url || document.querySelector("dialog[open]")) { unknown(text); return; }
    const address = new URL(url, window.location.href);
    address.searchParams.set("code", symbology + text);
    if (document.body.classList.contains("tl-terminal")) { lookUp(address); return; }
    trueline.sound && trueline.sound("good");
    window.location.assign(address);
  };

  const characterOf = (event) => {
    if (event.key.length === 1) return event.ctrlKey && (event.key === "]" || event.code === "BracketRight") ? GS : event.key;
    if (event.key === "F8") return GS; /* how several wedge scanners send the group separator */
    return "";
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.metaKey || event.altKey) { burst = null; return; }
    const at = event.timeStamp;
    const isFast = burst && at - burst.last < maxGap();
    if (event.key === "Enter" || event.key === "Tab") {
      const done = burst;
      burst = null;
      if (!done || !isFast || done.text.length < MIN_LENGTH) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      restore(done.before);
      let field = done.before && done.before.el;
      const taker = document.querySelector("[data-takes-scans]");
      if (taker && !document.querySelector("dialog[open]") && !(field && field.matches("[data-accepts-scan]"))) {
        field = taker; /* also when the secret has the focus: a second person's badge is meant for this field */
        taker.focus();
      }
      if (field && field.matches("[data-accepts-scan]")) {
        const text = trueline.cleanScan(done.text).text, before = field.value.trimEnd();
        field.value = field.tagName === "TEXTAREA" && before ? `${before}\n${text}` : text; /* a list takes one scan a line */
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
        trueline.flash && trueline.flash(field);
        return;
      }
      trueline.scan(done.text, Math.round(at - done.first));
      return;
    }
    const character = characterOf(event);
    if (!character) { if (!["Shift", "Control", "CapsLock", "AltGraph"].includes(event.key)) burst = null; return; }
    if (event.ctrlKey && character !== GS) { burst = null; return; }
    if (!isFast) burst = { text: "", first: at, before: snapshot(document.activeElement) };
    burst.text += character;
    burst.last = at;
    if (character === GS || (character === " " && isFast && !isField(event.target))) event.preventDefault();
  }, true);

  /* the on-screen scan box, for people without a scanner */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-scan-box]");
    if (!form) return;
    event.preventDefault();
    const input = form.querySelector("input");
    const code = input.value.trim();
    input.value = "";
    if (code) trueline.scan(code.replaceAll("<GS>", GS));
  });

  /* the page to test scanners */
  document.addEventListener("trueline:scan", (event) => {
    const test = document.querySelector("[data-scan-test]");
    if (!test) return;
    event.preventDefault();
    test.querySelector("[data-scan-text]").textContent = event.detail.text.replaceAll(GS, "␝");
    test.querySelector("[data-scan-symbology]").textContent = event.detail.symbology || "–";
    test.querySelector("[data-scan-ms]").textContent = event.detail.milliseconds + " ms";
    trueline.sound("good");
    trueline.flash(test);
  });
})();
