// Any emoji to react with: found by its name, by keyboard, by pasting it.
import { test, expect } from "./journey.js";
import { losesTheEmoji } from "./scenes.js";

/** @typedef {import("@playwright/test").Page} Page */

const LIST = /\/assets\/emoji\/en\.[0-9a-f]+\.json$/;

/** @param {Page} page @param {string} text */
const rowOf = (page, text) => page.locator(".message").filter({ hasText: text });
/** @param {Page} page */
const menu = (page) => page.getByRole("dialog", { name: "Message actions" });
/** @param {Page} page */
const picker = (page) => page.getByRole("dialog", { name: "Choose an emoji" });
/** @param {Page} page */
const search = (page) => picker(page).getByRole("textbox", { name: "Search" });
/** @param {Page} page @param {string} name */
const cell = (page, name) => picker(page).getByRole("button", { name, exact: true });
/** @param {Page} page @param {string} text */
const opens = async (page, text) => {
  await rowOf(page, text).click({ button: "right" });
  await menu(page).getByRole("button", { name: "More emoji" }).click();
  await expect(picker(page)).toBeVisible();
};

test("an emoji is found by its name, given, and is one touch away the next time", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  await opens(anny.page, "It is a girl");
  await expect(cell(anny.page, "red heart")).toBeVisible();
  const before = await picker(anny.page).boundingBox();
  await search(anny.page).fill("magic");
  await expect(picker(anny.page).locator(".emojis button")).toHaveText(["🦄", "✨"]);
  expect(await picker(anny.page).boundingBox()).toEqual(before);
  await cell(anny.page, "unicorn").click();
  await expect(picker(anny.page)).toBeHidden();
  await expect(abhi.page.getByRole("img", { name: "🦄: Anny" })).toBeVisible();
  await anny.reloads();
  await rowOf(anny.page, "It is a girl").click({ button: "right" });
  const quick = menu(anny.page).getByRole("button", { name: "🦄" });
  await expect(quick).toHaveAttribute("aria-pressed", "true");
  await quick.click();
  await expect(abhi.page.locator(".reactions")).toHaveCount(0);
});

test("the list is fetched when it is first opened, and once", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  /** @type {string[]} */
  const asked = [];
  anny.page.on("request", (request) => LIST.test(request.url()) && asked.push(request.url()));
  await rowOf(anny.page, "It is a girl").click({ button: "right" });
  await expect(menu(anny.page)).toBeVisible();
  await anny.page.keyboard.press("Escape");
  expect(asked).toEqual([]);
  for (let visit = 0; visit < 2; visit += 1) {
    await opens(anny.page, "It is a girl");
    await expect(cell(anny.page, "red heart")).toBeVisible();
    await anny.page.keyboard.press("Escape");
    await expect(picker(anny.page)).toBeHidden();
  }
  expect(asked.length).toBe(1);
});

test("by keyboard: arrows lead through the list, and the focus goes back to the message", async ({
  pair,
}) => {
  const { anny } = await pair();
  const { page } = anny;
  await anny.says("It is a girl");
  await anny.isMarked("It is a girl", "Seen");
  await rowOf(page, "It is a girl").getByRole("button", { name: "Message actions" }).focus();
  await page.keyboard.press("Enter");
  await menu(page).getByRole("button", { name: "More emoji" }).focus();
  await page.keyboard.press("Enter");
  await search(page).focus();
  await expect(cell(page, "grinning face")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "grinning face")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(search(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(cell(page, "grinning face")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, "happy face")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(cell(page, "happy face")).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(search(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(cell(page, "happy face")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(picker(page).getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("img", { name: "😄: Anny" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Message actions" })).toBeFocused();
});

test("an emoji that is not in the list is pasted, and what fits nothing says so", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  await opens(anny.page, "It is a girl");
  await search(anny.page).fill("xyzzy");
  await anny.isTold("Nothing found");
  await search(anny.page).fill("🦩");
  await expect(picker(anny.page).locator(".emojis button")).toHaveText(["🦩"]);
  await search(anny.page).press("Enter");
  await expect(abhi.page.getByRole("img", { name: "🦩: Anny" })).toBeVisible();
});

test("a list that cannot be fetched says so, takes what is pasted, and comes when asked again", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  const comesBack = await losesTheEmoji(anny.page);
  await opens(anny.page, "It is a girl");
  await anny.isTold("Can’t reach the house right now");
  await search(anny.page).fill("🦩");
  await expect(cell(anny.page, "🦩")).toBeVisible();
  await search(anny.page).fill("");
  await comesBack();
  await anny.taps("Try again");
  await expect(cell(anny.page, "red heart")).toBeVisible();
});

test("the names are in the page's language", async ({ device, invites, house }) => {
  const anny = await (await device()).comesIn(invites.anny);
  await (await house.guest(invites.abhi)).says("Es ist ein Mädchen");
  await anny.speaks("Language", "Deutsch");
  const { page } = anny;
  await rowOf(page, "Es ist ein Mädchen").click({ button: "right" });
  await page.getByRole("button", { name: "Weitere Emojis" }).click();
  const list = page.getByRole("dialog", { name: "Emoji auswählen" });
  await expect(list.getByRole("heading", { name: "Herzen" })).toBeAttached();
  await list.getByRole("textbox").fill("einhorn");
  await expect(list.getByRole("button", { name: "Einhorn" })).toBeVisible();
});
