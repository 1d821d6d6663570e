// The way of the Tab key over a page: where the focus goes, whether it is seen, and what it leaves out.
import { expect } from "@playwright/test";
import { settled } from "./fit.js";

/** @typedef {import("@playwright/test").Page} Page */

/** One column, in which what comes later stands further down. */
const COLUMN = { width: 390, height: 844 };

/**
 * The focus is always seen, goes down the screen and leaves nothing out.
 * @param {Page} page
 */
export async function isWalkedThrough(page) {
  await page.setViewportSize(COLUMN);
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "";
  });
  await settled(page);
  const { stops, faults } = await walk(page);
  const left = (await controls(page)).filter((one) => !stops.includes(one));
  expect({ faults, left }, "by the Tab key").toEqual({ faults: [], left: [] });
}

/**
 * From the first control to the last.
 * @param {Page} page
 */
async function walk(page) {
  await page.evaluate(() => {
    const start = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    if (!start.hasAttribute("tabindex")) start.setAttribute("tabindex", "-1");
    if (start instanceof HTMLElement) start.focus();
    getSelection()?.removeAllRanges();
  });
  /** @type {string[]} */
  const stops = [];
  /** @type {string[]} */
  const faults = [];
  let before = { top: -1, bottom: -1, left: -1 };
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = await lookAtFocus(page);
    if (!stop || stops.includes(stop.key)) break;
    faults.push(...stop.faults);
    const isBeside = stop.top < before.bottom && stop.left > before.left;
    if (stop.top < before.top && !isBeside) faults.push(`goes back up: ${stop.key}`);
    stops.push(stop.key);
    before = stop;
  }
  return { stops, faults };
}

/**
 * Where the focus is, from the top of what scrolls, and why it may not be seen; nothing outside of the page.
 * @param {Page} page
 */
export async function lookAtFocus(page) {
  return page.evaluate(
    (keyOf) => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const { top, bottom, left, right } = focused.getBoundingClientRect();
      const key = keyOf(focused);
      const faults = [];
      if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) faults.push(`no outline: ${key}`);
      const isSeen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
      if (!isSeen) faults.push(`not seen: ${key}`);
      const scrolled = (focused.closest("dialog, .scroll") ?? document.documentElement).scrollTop;
      return { key, faults, left, top: top + scrolled, bottom: bottom + scrolled };
    },
    await keys(page),
  );
}

/**
 * Everything that can be acted on, as `lookAtFocus` names it; what arrows lead to is in log.spec.js,
 * picker.spec.js, columns.spec.js and groups.spec.js.
 * @param {Page} page
 */
async function controls(page) {
  return page.evaluate(
    (keyOf) => {
      const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
      const all = scope.querySelectorAll(":is(button, input, select, textarea):enabled, a[href]");
      return [...all]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => !one.matches(":is(.messages, .emoji-list, .chats, .people) [tabindex='-1']"))
        .filter((one) => !one.matches("[type='radio']:not(:checked)"))
        .map(keyOf);
    },
    await keys(page),
  );
}

/**
 * By what a control is known: its name, and which of its namesakes it is. Its place on the page is no key,
 * since the page may change while one walks.
 * @param {Page} page
 */
async function keys(page) {
  return page.evaluateHandle(() => (/** @type {Element} */ control) => {
    const nameOf = (/** @type {Element} */ one) =>
      (one.getAttribute("aria-label") ?? (one.textContent || one.id)).trim().slice(0, 40);
    const sameKind = [...document.querySelectorAll(control.localName)];
    const namesakes = sameKind.filter((one) => nameOf(one) === nameOf(control));
    return `${control.localName} ${nameOf(control)} (${namesakes.indexOf(control) + 1})`;
  });
}
