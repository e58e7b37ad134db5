/* What is too small, too near, or too flat for a gloved hand, and what is written too small to read. */
() => {
  const shown = (e) => e.offsetParent && getComputedStyle(e).visibility !== "hidden" && !e.closest(".tl-sr");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const name = (e) => e.outerHTML.slice(0, 120);
  const box = (e) => e.getBoundingClientRect();
  const whole = (e) => (/^(checkbox|radio)$/.test(e.type) ? e.closest("label") : e.closest(".tl-entry")) || e;
  const isSmall = (e) => box(whole(e)).height < 55.5 || box(whole(e)).width < 55.5;
  const gap = (a, b) => Math.max(
    Math.max(a.left, b.left) - Math.min(a.right, b.right),
    Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom));
  const bar = all(".tl-bar .tl-big");
  const hasText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return {
    small: all("a, button, input:not([type=hidden]), select, textarea, summary").filter(isSmall).map(name),
    near: bar.filter((e, i) => bar.slice(i + 1).some((o) => gap(box(e), box(o)) < 7.5)).map(name),
    primary: all(".tl-big-primary").filter((e) => box(e).height < 71.5).map(name),
    text: all("body *").filter((e) => !e.closest("svg") && hasText(e))
      .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 17.9).map(name),
  };
}
