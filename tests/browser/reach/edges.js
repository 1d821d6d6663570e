// What can be pressed and read without the colours of the page, as in the high contrast modes of a system.

/** @typedef {import("@playwright/test").Page} Page */

/**
 * What has no border or stroke that differs from what it stands on.
 * @param {Page} page
 */
export async function edgeless(page) {
  return page.evaluate(() => {
    const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    const boxes = [...scope.querySelectorAll("button:not(.mark), .button, .bubble, input, select, textarea")];
    const strokes = [...scope.querySelectorAll(".mark path, button .icon path, .back .icon path")];
    const seen = (/** @type {Element} */ one) =>
      one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden");
    const told = (/** @type {Element} */ one) =>
      `${one.localName}.${one.getAttribute("class")} "${one.textContent?.trim().slice(0, 24)}"`;
    return [
      ...boxes.filter((box) => seen(box) && !hasEdge(box)).map(told),
      ...strokes.filter((stroke) => seen(stroke) && !isDrawn(stroke)).map(toldOfStroke),
    ];

    /** @param {Element} stroke */
    function toldOfStroke(stroke) {
      return `stroke in ${told(stroke.closest(".mark, button, a") ?? stroke)}`;
    }

    /** @param {Element} box */
    function hasEdge(box) {
      if (box instanceof HTMLInputElement && ["checkbox", "radio"].includes(box.type)) return true;
      const style = getComputedStyle(box);
      const isThere = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0;
      return isThere && stands(style.borderTopColor, box.parentElement);
    }

    /** @param {Element} stroke */
    function isDrawn(stroke) {
      const style = getComputedStyle(stroke);
      return parseFloat(style.strokeWidth) > 0 && stands(style.stroke, stroke.parentElement);
    }

    /** Whether a colour differs from what is behind. @param {string} colour @param {Element | null} from */
    function stands(colour, from) {
      return !isClear(colour) && colour !== behind(from);
    }

    /** @param {Element | null} from */
    function behind(from) {
      for (let one = from; one; one = one.parentElement) {
        const { backgroundColor } = getComputedStyle(one);
        if (!isClear(backgroundColor)) return backgroundColor;
      }
      return "";
    }

    /** @param {string} colour */
    function isClear(colour) {
      return colour === "none" || /^rgba\(.*, 0\)$/.test(colour);
    }
  });
}
