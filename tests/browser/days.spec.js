// Which day it is: by the house's clock, also over midnight, also where a clock was wrong for a while.
import { Line } from "./line.js";
import { expect, test } from "./journey.js";

/** @typedef {import("@playwright/test").Page} Page */

const DAY_MS = 86_400_000;

test("on a device whose clock is a day ahead, what was said just now was said today", async ({
  device,
  house,
  invites,
}) => {
  const abhi = await house.guest(invites.abhi);
  await abhi.says("just now");
  const browser = await device();
  await browser.context.clock.install({ time: Date.now() + DAY_MS });
  const anny = await browser.walksIn(invites.anny);
  await anny.isShown("just now");
  await expect(days(anny.page)).toHaveText(["Today"]);
});

test("what was said today was said yesterday when midnight is past", async ({ device, house, invites }) => {
  const abhi = await house.guest(invites.abhi);
  await abhi.says("before midnight");
  const browser = await device();
  await browser.context.clock.install();
  const anny = await browser.walksIn(invites.anny);
  await expect(days(anny.page)).toHaveText(["Today"]);
  await browser.context.clock.fastForward(DAY_MS);
  await expect(days(anny.page)).toHaveText(["Yesterday"]);
});

test("a house whose clock was wrong for a while shows each message once, in its order", async ({
  device,
  house,
  invites,
}) => {
  const abhi = await house.guest(invites.abhi);
  for (const text of ["one", "two", "three"]) await abhi.says(text);
  const anny = await (await device()).walksIn(invites.anny);
  const line = await Line.of(anny.page);
  line.changes((frame) => (frame.type === "chat-message" && frame.seq !== 2 ? dayBefore(frame) : frame));
  await anny.page.reload();
  await anny.sees("one", "two", "three");
  await expect(days(anny.page)).toHaveText(["Yesterday", "Today", "Yesterday"]);
});

test("times are written as the language writes them", async ({ device, house, invites }) => {
  await (await house.guest(invites.abhi)).says("what time is it?");
  const anny = await (await device({ locale: "en-US" })).walksIn(invites.anny);
  await expect(anny.page.locator(".message time")).toHaveText(/^(1[0-2]|[1-9]):\d\d\s[AP]M$/);
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`the day that floats over messages is not of their colour when it is ${colorScheme}`, async ({
    device,
    house,
    invites,
  }) => {
    await (await house.guest(invites.abhi)).says("one");
    const { page } = await (await device({ colorScheme })).walksIn(invites.anny);
    await expect(page.locator(".bubble")).toBeVisible();
    const [day, bubble] = await page.evaluate(() =>
      [".floating-day", ".bubble"]
        .map((one) => getComputedStyle(document.querySelector(one) ?? document.body))
        .map((style) => style.backgroundColor),
    );
    expect(day).not.toBe(bubble);
  });
}

/** @param {Page} page */
function days(page) {
  return page.locator("li.day");
}

/** @param {import("./line.js").Frame} frame */
function dayBefore(frame) {
  return { ...frame, at: new Date(Date.parse(frame.at) - DAY_MS).toISOString() };
}
