/* Scanning with the device's camera, where the browser can read barcodes (BarcodeDetector); elsewhere the button stays
   hidden. What it reads is a scan like any other. */
(function () {
  "use strict";
  const trueline = (window.trueline = window.trueline || {});
  const buttons = Array.from(document.querySelectorAll("[data-camera-scan]"));
  if (!buttons.length || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const dialog = document.getElementById("tl-camera");
  const video = dialog.querySelector("video");
  const said = dialog.querySelector("[role=status]");
  let stream = null;
  const stop = () => { if (stream) stream.getTracks().forEach((track) => track.stop()); stream = null; video.srcObject = null; };
  dialog.addEventListener("close", stop);
  const look = async (detector) => {
    if (!stream) return;
    const found = video.readyState >= 2 ? await detector.detect(video) : [];
    if (!stream) return;
    if (!found.length) { setTimeout(() => look(detector), 120); return; }
    dialog.close();
    trueline.scan(found[0].rawValue);
  };
  const start = async () => {
    said.textContent = "";
    dialog.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      said.textContent = dialog.dataset.refused;
      return;
    }
    if (!dialog.open) { stop(); return; }
    video.srcObject = stream;
    await video.play();
    look(new window.BarcodeDetector());
  };
  buttons.forEach((button) => { button.hidden = false; button.addEventListener("click", start); });
})();
