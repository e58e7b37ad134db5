/* Passkeys: carries the server's question to the browser's own dialog, and the device's answer into the form.
   A form with data-passkey="create" or "get" has the question as JSON in data-passkey-options, or fetches it from
   data-passkey-from; its button data-passkey-start opens the dialog; the answer goes into the field data-passkey-answer. */
(function () {
  "use strict";
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const question = async (form) => {
    if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions).publicKey;
    const answer = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options.publicKey;
  };

  const create = async (options) => {
    const publicKey = { ...options, challenge: toBytes(options.challenge), user: { ...options.user, id: toBytes(options.user.id) }, excludeCredentials: named(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return { response: { clientDataJSON: toText(made.response.clientDataJSON), attestationObject: toText(made.response.attestationObject), transports: made.response.getTransports ? made.response.getTransports() : [] }, made };
  };

  const get = async (options) => {
    const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    const handle = made.response.userHandle;
    return { response: { clientDataJSON: toText(made.response.clientDataJSON), authenticatorData: toText(made.response.authenticatorData), signature: toText(made.response.signature), userHandle: handle ? toText(handle) : null }, made };
  };

  const start = async (form) => {
    const said = form.querySelector("[data-passkey-said]");
    said.hidden = true;
    try {
      const { response, made } = await (form.dataset.passkey === "create" ? create : get)(await question(form));
      form.querySelector("[data-passkey-answer]").value = JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() });
      form.requestSubmit();
    } catch (problem) {
      said.hidden = false;
    }
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const button = form.querySelector("[data-passkey-start]");
    if (!window.PublicKeyCredential) { button.disabled = true; return; }
    button.addEventListener("click", () => start(form));
  });
})();
