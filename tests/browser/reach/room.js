// Room for words: text twice as large, a keyboard over half of the screen, a phone on its side.
import { expect } from "@playwright/test";
import { ON_ITS_SIDE, OVER_A_KEYBOARD } from "../screens.js";
import { misfits, settled } from "./fit.js";

/** @typedef {import("@playwright/test").Page} Page */

/** Twice the page's own 106.25 %. */
const TWICE = "212.5%";
const HALF_AS_LARGE_AGAIN = "159.375%";
export const NARROW = { width: 320, height: 640 };
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };
const WITH_KEYBOARD = { width: 390, height: 420 };

/**
 * @param {Page} page
 * @param {(page: Page) => Promise<void>} [endIsInSight] what else is seen on each screen
 */
export async function isUsableWithLargeText(page, endIsInSight = async () => {}) {
  await page.evaluate((size) => {
    document.documentElement.style.fontSize = size;
  }, TWICE);
  for (const size of [NARROW, DESKTOP]) {
    await page.setViewportSize(size);
    expect(await misfits(page), `${size.width} px wide, text twice as large`).toEqual([]);
    await endIsInSight(page);
    await canBePressed(page);
  }
}

/**
 * Two lines of talk and what was said last are seen wherever a keyboard or large text leave little room.
 * @param {Page} page
 * @param {(page: Page, part?: number) => Promise<void>} endIsInSight
 */
export async function hasRoomForWords(page, endIsInSight) {
  await endIsInSightOverAKeyboard(page, endIsInSight);
  await page.setViewportSize(ON_ITS_SIDE);
  expect(await misfits(page), "on its side").toEqual([]);
  await endIsInSight(page, 0.2);
  expect(await linesOf(page, ".scroll"), "lines of talk on its side").toBeGreaterThanOrEqual(2);
  await canBePressed(page);

  await isUsableWithLargeText(page, endIsInSight);
  await page.setViewportSize(OVER_A_KEYBOARD);
  expect(await misfits(page), "large text over a keyboard").toEqual([]);
  await endIsInSight(page, 0.2);
  expect(await linesOf(page, ".scroll"), "lines of talk in large text").toBeGreaterThanOrEqual(2);
  await expect(page.locator("h1")).toBeInViewport({ ratio: 0.9 });
  const called = await page.locator("h1 bdi").evaluate((one) => {
    return { width: one.clientWidth, isCut: one.scrollWidth > one.clientWidth };
  });
  expect(called.width > OVER_A_KEYBOARD.width / 2 || !called.isCut, `${called.width} px`).toBe(true);
  const field = await page.getByRole("textbox", { name: "Message" }).boundingBox();
  expect(field?.width, "of the field").toBeGreaterThan(OVER_A_KEYBOARD.width * 0.6);
  await hasALineOnItsSide(page, endIsInSight);
}

/**
 * Where large text, a keyboard and a phone on its side come together, one line is seen of what was said last,
 * the whole field and Send.
 * @param {Page} page
 * @param {(page: Page, part?: number) => Promise<void>} endIsInSight
 */
async function hasALineOnItsSide(page, endIsInSight) {
  for (const size of [ON_ITS_SIDE, { width: 667, height: 200 }]) {
    for (const text of [HALF_AS_LARGE_AGAIN, TWICE]) {
      await page.setViewportSize(size);
      await page.evaluate((fontSize) => {
        document.documentElement.style.fontSize = fontSize;
      }, text);
      const what = `${size.width} x ${size.height}, text at ${text}`;
      expect(await misfits(page), what).toEqual([]);
      await endIsInSight(page, 0.1);
      expect(await linesOf(page, ".scroll"), `lines of talk at ${what}`).toBeGreaterThanOrEqual(1);
      await expect(page.locator(".head")).toHaveJSProperty("clientHeight", 1);
      const field = page.getByRole("textbox", { name: "Message" });
      const scrolled = await field.evaluate((one) => one.scrollHeight - one.clientHeight);
      const isEmpty = (await field.inputValue()) === "";
      if (isEmpty) expect(scrolled, `of the field at ${what}`).toBeLessThanOrEqual(1);
      await canBePressed(page);
    }
  }
}

/**
 * The keyboard of a phone comes up, and one sees what one answers to.
 * @param {Page} page
 * @param {(page: Page) => Promise<void>} [endIsInSight]
 */
export async function endIsInSightOverAKeyboard(page, endIsInSight = isReadAndWritten) {
  await page.setViewportSize(PHONE);
  await settled(page);
  await page.setViewportSize(WITH_KEYBOARD);
  await settled(page);
  await endIsInSight(page);
}

/**
 * How many lines of text fit into it.
 * @param {Page} page @param {string} selector
 */
async function linesOf(page, selector) {
  return page.locator(selector).evaluate((one) => {
    const line = document.createElement("p");
    line.textContent = "x";
    one.append(line);
    const { height } = line.getBoundingClientRect();
    line.remove();
    return one.clientHeight / height;
  });
}

/**
 * What was said last and where one writes are on the screen, as far as anything was said.
 * @param {Page} page
 * @param {number} [part] of the last message
 */
export async function isReadAndWritten(page, part = 0.5) {
  await expect(page.getByRole("textbox", { name: "Message" })).toBeInViewport({ ratio: 0.9 });
  await expect(page.getByRole("button", { name: "Send" })).toBeInViewport({ ratio: 0.9 });
  const newest = page.locator(".message").last();
  if ((await newest.count()) > 0) await expect(newest).toBeInViewport({ ratio: part });
}

/**
 * Each button can be brought to where it can be pressed. Bringing one there scrolls, at which "Jump to
 * latest" comes or goes. "Undo" lies over some of them and goes by itself.
 * @param {Page} page
 */
async function canBePressed(page) {
  const covered = await page.evaluate(async () => {
    const WAYS = /** @type {const} */ (["nearest", "center", "end", "start"]);
    const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const found = [];
    for (const button of scope.querySelectorAll("button:enabled, a.button"))
      if (!(await isReached(button)) && isThere(button))
        found.push(`${button.className} ${button.textContent}`);
    return found;

    /** @param {Element} button */
    async function isReached(button) {
      for (const block of WAYS) {
        if (!isThere(button)) return true;
        button.scrollIntoView({ block, inline: "nearest", behavior: "instant" });
        await new Promise(requestAnimationFrame);
        const { left, top, width, height } = button.getBoundingClientRect();
        const touched = document.elementFromPoint(left + width / 2, top + height / 2);
        if (button.contains(touched) || touched?.closest(".undo")) return true;
      }
      return false;
    }

    /** @param {Element} button */
    function isThere(button) {
      const isFolded = (button.closest(".head")?.clientHeight ?? 2) <= 1;
      return button.isConnected && button.checkVisibility({ visibilityProperty: true }) && !isFolded;
    }
  });
  expect(covered, "what cannot be pressed").toEqual([]);
}
