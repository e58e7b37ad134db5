// The clock of a running recall: the server says how many seconds have passed, the page counts on.
for (const clock of document.querySelectorAll("[data-elapsed]")) {
  const begun = Date.now() - 1000 * Number(clock.dataset.elapsed);
  const two = number => String(number).padStart(2, "0");
  const tick = () => {
    const seconds = Math.floor((Date.now() - begun) / 1000);
    const hours = Math.floor(seconds / 3600);
    clock.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  };
  setInterval(tick, 1000);
  tick();
}
