// What moves although somebody asked their system for less motion.

/** @param {import("@playwright/test").Page} page */
export async function moving(page) {
  return page.evaluate(() => {
    const lasts = (/** @type {string} */ times) => times.split(",").some((time) => parseFloat(time) > 0);
    const moves = (/** @type {CSSStyleDeclaration} */ style) =>
      [style.transitionDuration, style.animationDuration].some(lasts) || style.scrollBehavior === "smooth";
    return [...document.querySelectorAll("*")]
      .filter((one) => ["", "::before", "::after"].some((part) => moves(getComputedStyle(one, part))))
      .map((one) => `${one.localName}.${one.className}`);
  });
}
