// Dialogs: the browser's "back" closes them, and the way out of them is always in sight.
import { expect, test } from "./journey.js";
import { speaks } from "./language.js";
import { makesANewLink, takesTheWay } from "./access.js";

/** @typedef {import("@playwright/test").Page} Page */

const KEPT_IS_SAID_MS = 3_000;

test("back closes the menu and stays in the chat, and the next back leaves it", async ({
  device,
  invites,
}) => {
  const browser = await device();
  await browser.hasEntered(invites.anny);
  const start = await browser.startPage();
  const anny = await start.goesTo("Abhi");
  await anny.opensTheSettings();
  await back(anny.page);
  await expect(dialog(anny.page)).toBeHidden();
  await anny.isAtTheTable();
  // Closed in another way it leaves nothing in the history either.
  await anny.opensTheSettings();
  await anny.closesTheSettings();
  await anny.opensTheSettings();
  await anny.page.keyboard.press("Escape");
  await expect(dialog(anny.page)).toBeHidden();
  await expect.poll(() => anny.page.evaluate(() => history.state)).toBeNull();
  await anny.page.goBack();
  await expect(anny.page.getByRole("heading", { name: "Parlour" })).toBeVisible();
});

test("back goes from one dialog to the chat, also where one led to the other", async ({ meets }) => {
  const { anny } = await meets();
  await takesTheWay(anny, "Your devices");
  await expect(dialog(anny.page)).toHaveAccessibleName("Your devices");
  await back(anny.page);
  await expect(dialog(anny.page)).toBeHidden();
  await anny.isAtTheTable();
});

test("back closes the large QR code first, and then asks about the link that nobody has", async ({
  meets,
}) => {
  const { anny } = await meets();
  const { page } = anny;
  const made = await makesANewLink(anny, "Abhi");
  await page.getByRole("button", { name: /QR code/ }).click();
  await expect(dialog(page)).toHaveCount(2);
  await back(page);
  await expect(dialog(page)).toHaveCount(1);
  await expect(page.getByText(made.code)).toBeVisible();
});

test("a page that was loaded again while a dialog was open needs no back of its own", async ({ meets }) => {
  const { anny } = await meets();
  await anny.opensTheSettings();
  await anny.page.reload();
  await anny.isAtTheTable();
  await expect.poll(() => anny.page.evaluate(() => history.state)).toBeNull();
});

test("a chat that ends under an open dialog needs no back of its own", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await anny.opensTheSettings();
  await abhi.ends();
  await anny.seesTheEnd();
  await expect.poll(() => anny.page.evaluate(() => history.state)).toBeNull();
});

for (const size of [
  { width: 1280, height: 740 },
  { width: 390, height: 740 },
  { width: 360, height: 560 },
]) {
  test(`the menu can be closed without scrolling at ${size.width} x ${size.height}`, async ({ meets }) => {
    const { anny } = await meets();
    await anny.page.setViewportSize(size);
    await anny.opensTheSettings();
    await expect(dialog(anny.page).getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 });
    await anny.closesTheSettings();
  });
}

for (const language of ["en", "de"]) {
  test(`nothing of the menu and of a new link's card is in sight below Close (${language})`, async ({
    meets,
  }) => {
    const { anny } = await meets();
    const { page } = anny;
    await page.setViewportSize({ width: 390, height: 844 });
    await speaks(page, language);
    await page.locator(".more").click();
    await endsWithItsFoot(page);
    await page.locator("dialog[open] parlour-access-list li:nth-child(2) button").click();
    await endsWithItsFoot(page);
    await page.locator("dialog[open] .danger").click();
    await expect(page.locator("dialog[open] .invite")).toBeVisible();
    await endsWithItsFoot(page);
  });
}

for (const language of ["en", "de"]) {
  test(`the question before the end begins at its top on a small phone (${language})`, async ({ meets }) => {
    const { anny } = await meets();
    const { page } = anny;
    await page.setViewportSize({ width: 320, height: 568 });
    await speaks(page, language);
    await page.locator(".more").click();
    await page.locator("dialog[open] .lifetime .danger").click();
    await expect(page.locator("#end-title")).toBeInViewport({ ratio: 1 });
    await expect(page.locator("dialog[open] .main")).toBeFocused();
    await endsWithItsFoot(page);
  });
}

test("keeping the chat longer moves nothing in its bar", async ({ meets }) => {
  const { anny } = await meets(({ context }) => context.clock.install());
  const { page } = anny;
  for (const width of [360, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    const bar = page.locator(".bars parlour-idle-clock");
    const before = [await bar.boundingBox(), await bar.locator("button").boundingBox()];
    await bar.getByRole("button", { name: "Keep longer" }).click();
    await expect(bar.getByRole("button", { name: "Kept" })).toBeVisible();
    expect([await bar.boundingBox(), await bar.locator("button").boundingBox()]).toEqual(before);
    await page.clock.runFor(KEPT_IS_SAID_MS);
    await expect(bar.getByRole("button", { name: "Keep longer" })).toBeVisible();
  }
});

test("the menu keeps the chat and ends it, where the bar and the button are folded away", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  const { page } = anny;
  await anny.opensTheSettings();
  await dialog(page).getByRole("button", { name: "Keep longer" }).click();
  await expect(dialog(page).getByRole("button", { name: "Kept" })).toBeVisible();
  await dialog(page).getByRole("button", { name: "End chat" }).click();
  await expect(dialog(page)).toHaveAccessibleName("End this chat?");
  await dialog(page).getByRole("button", { name: "End it for both" }).click();
  for (const person of [anny, abhi]) await person.seesTheEnd();
});

/**
 * What closes a dialog is in sight, and nothing else is below it, wherever it is scrolled to.
 * @param {Page} page
 */
async function endsWithItsFoot(page) {
  const open = page.locator("dialog[open]").last();
  for (const part of [0, 0.5, 1]) {
    expect(await open.evaluate(belowItsFoot, part), `scrolled to ${part}`).toEqual([]);
  }
}

/** Runs in the page. @param {Element} sheet @param {number} part of it that is scrolled away */
function belowItsFoot(sheet, part) {
  sheet.scrollTop = part * sheet.scrollHeight;
  const foot = sheet.querySelector(".foot");
  const main = foot?.querySelector(".main")?.getBoundingClientRect();
  const { left, right, bottom } = sheet.getBoundingClientRect();
  const end = Math.min(bottom, innerHeight);
  if (!foot || !main || main.bottom > end) return ["the way out is out of sight"];
  const found = new Set();
  for (let y = main.bottom + 1; y < end - 1; y += 1) {
    for (const x of [left + 30, (left + right) / 2, right - 30]) found.add(document.elementFromPoint(x, y));
  }
  const others = [...found].filter((seen) => seen !== sheet && !foot.contains(seen));
  return others.map((seen) => `${seen?.localName} ${seen?.className}`);
}

/** @param {Page} page */
function dialog(page) {
  return page.getByRole("dialog");
}

/** Within the document: nothing is loaded. @param {Page} page */
async function back(page) {
  await page.evaluate(() => history.back());
}
