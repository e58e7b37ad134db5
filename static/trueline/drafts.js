/* Drafts: what is typed is kept in the browser until the server says that it accepted it (a cookie that names the form's
   client id), and is put back with a notice after a reload, a lost connection or a new sign-in. At a terminal per operator
   and device (form[data-draft]); at the desk per person, address and tab, for every form that carries a client id.
   Files, secrets and what belongs to a signature are never kept. */
(function () {
  "use strict";
  const body = document.body;
  const SIGNING = ["user_id", "secret", "pin", "badge", "meaning", "code"];
  const PENDING = "trueline-draft-sent";
  const PREFIX = "trueline-draft:";
  const isTerminal = body.classList.contains("tl-terminal");
  const store = isTerminal ? localStorage : sessionStorage;
  const words = document.getElementById("tl-draft-words");
  const idOf = (form) => { const field = form.elements.namedItem("client_id"); return field ? field.value : ""; };

  /* ---- was the last form accepted? Only the server's own word makes a draft forgotten */
  const accepted = () => (document.cookie.match(/(?:^|; )(?:__Host-)?trueline_accepted=([0-9a-f-]+)/) || [])[1];
  const settle = () => {
    const sent = JSON.parse(sessionStorage.getItem(PENDING) || "null");
    if (sent && sent.id && sent.id === accepted()) { store.removeItem(sent.key); sessionStorage.removeItem(PENDING); }
  };
  settle();

  const target = (form) => form.getAttribute("action") || form.getAttribute("hx-post") || "";
  const isDrafted = (form) => (isTerminal ? "draft" in form.dataset : Boolean(body.dataset.user) && form.getAttribute("method") === "post" && Boolean(idOf(form)) && Array.from(document.forms).filter((other) => idOf(other) && target(other) === target(form)).length === 1);
  const keyOf = (form) => PREFIX + (isTerminal ? window.location.pathname + ":" + form.dataset.draft : body.dataset.user + ":" + window.location.pathname + ":" + target(form));

  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  const isKept = (field) => field.name && !SIGNING.includes(field.name) && !["password", "file", "hidden", "submit", "button", "reset", "fieldset"].includes(field.type);
  const nameOf = (field) => (isBox(field) ? field.name + "=" + field.value : field.name);
  const chosen = (field, asked) => JSON.stringify(Array.from(field.options).filter(asked).map((option) => option.value));
  const now = (field) => (isBox(field) ? field.checked : field.type === "select-multiple" ? chosen(field, (option) => option.selected) : field.value);
  /* what the server gave: a draft is put back only into a field that the server gave the same as then, or left empty */
  const given = (field) => {
    if (isBox(field)) return field.defaultChecked;
    if (field.type === "select-multiple") return chosen(field, (option) => option.defaultSelected);
    return field.options ? (Array.from(field.options).find((option) => option.defaultSelected) || field.options[0] || { value: "" }).value : field.defaultValue;
  };
  const put = (field, value) => {
    if (isBox(field)) field.checked = value;
    else if (field.type === "select-multiple") Array.from(field.options).forEach((option) => { option.selected = JSON.parse(value).includes(option.value); });
    else field.value = value;
  };
  const fieldsOf = (form) => Array.from(form.elements).filter(isKept);

  const keep = (form) => {
    const typed = fieldsOf(form).filter((field) => now(field) !== given(field)).map((field) => [nameOf(field), [now(field), given(field)]]);
    if (typed.length) store.setItem(keyOf(form), JSON.stringify(Object.fromEntries(typed)));
    else store.removeItem(keyOf(form));
  };
  const tell = (form, restored) => {
    const note = document.createElement("div");
    note.className = "tl-notice tl-notice-warn";
    note.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = words.dataset.text + " ";
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "tl-btn tl-btn-small";
    discard.textContent = words.dataset.discard;
    discard.addEventListener("click", () => { restored.forEach((field) => put(field, given(field))); store.removeItem(keyOf(form)); note.remove(); });
    text.append(discard);
    note.append(text);
    form.prepend(note);
    const fold = form.closest("details");
    if (fold) fold.open = true;
  };
  const restore = (form) => {
    const saved = JSON.parse(store.getItem(keyOf(form)) || "null");
    if (!saved) return;
    const restored = fieldsOf(form).filter((field) => {
      const [typed, before] = saved[nameOf(field)] || [];
      if (typed === undefined || typed === now(field) || now(field) !== given(field)) return false;
      if (given(field) !== before && given(field) !== "") return false;
      put(field, typed);
      return now(field) === typed;
    });
    if (restored.length) tell(form, restored);
  };

  Array.from(document.forms).filter(isDrafted).forEach(restore);
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.matches("[data-later]")) Array.from(event.target.querySelectorAll("form")).filter(isDrafted).forEach(restore); });
  const within = (event) => { const form = event.target.closest && event.target.closest("form"); return form && isDrafted(form) ? form : null; };
  ["input", "change"].forEach((name) => document.addEventListener(name, (event) => { const form = within(event); if (form) keep(form); }));
  const sending = (event) => { const form = within(event); if (form) sessionStorage.setItem(PENDING, JSON.stringify({ key: keyOf(form), id: idOf(form) })); };
  document.addEventListener("submit", sending, true);
  document.addEventListener("htmx:configRequest", sending);
  document.addEventListener("htmx:afterRequest", settle);
  document.addEventListener("reset", (event) => { const form = within(event); if (form) store.removeItem(keyOf(form)); });

  /* ---- who signs out leaves nothing behind */
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-sign-out]")) Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
  });
})();
