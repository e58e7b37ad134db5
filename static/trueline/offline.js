/* Without a network: notes, counts, times and photos (form[data-queue]) are kept on this device, counted where everybody
   sees it, and sent with their client ids when the network is back, under the name of whoever wrote them. Everything
   else needs the server: it is not sent, and the page says so. Words come from the #tl-words element of the page. */
(function () {
  "use strict";
  const body = document.body;
  const trueline = (window.trueline = window.trueline || {});
  const words = (document.getElementById("tl-words") || body).dataset;
  const bar = document.getElementById("tl-offline");
  const pill = document.getElementById("tl-waiting");
  const operator = body.dataset.operator || "";
  let reachable = true;
  let sending = false;

  /* ---- the store: one IndexedDB table, because photos do not fit into localStorage */
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("trueline-terminal", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("queue", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const inStore = async (mode, deed) => {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const store = database.transaction("queue", mode).objectStore("queue");
      const request = deed(store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  const waiting = async () => (await inStore("readonly", (store) => store.getAll())).sort((a, b) => a.at - b.at);
  trueline.waitingNotes = waiting;

  /* ---- what everybody sees: the line is down, so many wait, and for whom */
  const isOnline = () => navigator.onLine && reachable;
  const show = async () => {
    if (bar) bar.hidden = isOnline();
    const entries = await waiting();
    if (!pill) return;
    pill.hidden = entries.length === 0;
    pill.querySelector("[data-count]").textContent = String(entries.length);
    const list = document.querySelector("#tl-waiting-list ul");
    list.replaceChildren(...entries.map((entry) => {
      const line = document.createElement("li");
      const text = document.createElement("span");
      text.textContent = [entry.fields.number, entry.fields.text, entry.photo ? "📷" : "", "·", entry.name, entry.said ? "· " + entry.said : ""].filter(Boolean).join(" ");
      line.append(text);
      if (entry.refused) {
        const off = document.createElement("button");
        off.type = "button";
        off.className = "tl-btn tl-btn-outline";
        off.textContent = words.discard;
        off.addEventListener("click", async () => { await inStore("readwrite", (store) => store.delete(entry.id)); show(); });
        line.append(off);
      }
      return line;
    }));
  };
  const reached = (yes) => { reachable = yes; show(); };

  /* ---- sending: oldest first; what belongs to somebody else waits for them */
  const send = async (entry) => {
    const data = new FormData();
    Object.entries(entry.fields).forEach(([name, value]) => data.append(name, value));
    if (entry.photo) data.append("photo", entry.photo, entry.photo.name || "photo.jpg");
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
    const answer = await fetch(entry.url, { method: "POST", body: data, redirect: "manual", headers: { "X-CSRFToken": token ? token.value : "", Accept: "application/json" } });
    if (answer.type === "opaqueredirect") return { waits: true, said: "" };
    if (answer.status >= 500) throw new TypeError("the server does not answer");
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : { said: String(answer.status) };
    return { ok: answer.ok, waits: Boolean(told.waits) || answer.status === 403, said: told.said };
  };
  const flush = async () => {
    if (sending || !navigator.onLine || !operator) return;
    sending = true;
    try {
      for (const entry of await waiting()) {
        if (entry.refused || (entry.fields.operator && entry.fields.operator !== operator)) continue;
        const told = await send(entry);
        if (told.ok) { await inStore("readwrite", (store) => store.delete(entry.id)); trueline.toast(told.said); }
        else { entry.said = told.said; entry.refused = !told.waits; await inStore("readwrite", (store) => store.put(entry)); if (entry.refused) trueline.toast(told.said, null, 12); }
      }
      reachable = true;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      reachable = false;
    } finally {
      sending = false;
      show();
    }
  };

  /* ---- forms */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.matches("form[data-queue]")) {
      event.preventDefault();
      const fields = {};
      new FormData(form).forEach((value, name) => { if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields[name] = value; });
      const file = form.querySelector("input[type=file]");
      const photo = file && file.files.length ? file.files[0] : null;
      if (photo && fields.kind === "note") fields.kind = "photo";
      fields.client_id = trueline.newClientId();
      fields.noted_at = new Date().toISOString();
      fields.operator = operator;
      await inStore("readwrite", (store) => store.put({ id: fields.client_id, at: Date.now(), url: form.getAttribute("action"), name: body.dataset.operatorName || "", fields, photo, said: "", refused: false }));
      form.reset();
      const dialog = form.closest("dialog");
      if (dialog) dialog.close();
      if (!navigator.onLine) trueline.toast(words.kept);
      await show();
      await flush();
      if (!reachable) trueline.toast(words.kept);
      form.dispatchEvent(new CustomEvent("trueline:queued", { bubbles: true }));
      return;
    }
    if (form.method !== "post" || isOnline()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    trueline.toast(words.needsServer, null, 8);
    trueline.flash(bar);
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || navigator.onLine || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    trueline.toast(words.needsNetwork);
    trueline.flash(bar);
  });

  window.addEventListener("online", () => { reachable = true; show(); flush(); });
  window.addEventListener("offline", show);
  document.addEventListener("htmx:sendError", () => reached(false));
  document.addEventListener("htmx:afterOnLoad", () => { if (!reachable) reached(true); });
  setInterval(flush, 15000);
  document.addEventListener("DOMContentLoaded", () => { show(); flush(); });

  /* ---- the timer of the note dialog: start, stop, seconds */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-timer]");
    if (!button) return;
    const field = document.getElementById(button.dataset.timer);
    if (button.dataset.since) {
      field.value = String(Math.round((Date.now() - Number(button.dataset.since)) / 1000));
      delete button.dataset.since;
      button.setAttribute("aria-pressed", "false");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      button.dataset.since = String(Date.now());
      button.setAttribute("aria-pressed", "true");
    }
  });
})();
