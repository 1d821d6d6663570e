// How a conversation is read from the page. Used by a Person.

/**
 * What is laid here, by seq; and half a screen further down.
 * @param {Element} scroller
 * @returns {[number, string][]}
 */
export function lookAndGoOn(scroller) {
  scroller.scrollTop += scroller.clientHeight / 2;
  const rows = [...scroller.querySelectorAll("[data-seq]")];
  return rows.map((row) => [
    Number(row.getAttribute("data-seq")),
    row.querySelector(".text")?.textContent ?? "",
  ]);
}

/**
 * For a pattern; runs of space are one, as Playwright reads them.
 * @param {string} text
 */
export function escaped(text) {
  return text
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\s+/g, "\\s+");
}

/**
 * The place of the first message that is laid.
 * @param {Element} scroller
 */
export function oldest(scroller) {
  return Number(scroller.querySelector("[data-seq]")?.getAttribute("data-seq"));
}
