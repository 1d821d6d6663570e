// By keyboard alone: everything can be done, and the focus is always to be seen and never lost.
import { expect, test } from "../journey.js";
import { STATES } from "../states.js";
import { isSignedOut } from "../access.js";
import { lookAtFocus } from "./focus.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("@playwright/test").Locator} Locator
 */

const STEPS_MAX = 40;

test("a chat is started, and a QR code opened and closed", async ({ device }) => {
  const { page } = await (await device()).startPage();
  await tabsTo(page.getByLabel("Your name"));
  await page.keyboard.type("Anny");
  await tabsTo(page.getByLabel("Their name"));
  await page.keyboard.type("Abhi");
  await tabsTo(page.getByLabel("Delete the chat if nobody uses it for"));
  await page.keyboard.press("ArrowDown");
  await tabsTo(button(page, "Create invites"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Two invites" })).toBeFocused();

  const qr = button(page, "Enlarge the QR code for Anny");
  await tabsTo(qr);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(button(page, "Close")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(qr).toBeFocused();
});

test("a link and a code lead in, and something is said", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.isGreeted("Anny");
  await expect(anny.page.getByLabel("Secret code")).toBeFocused();
  await anny.page.keyboard.type(invites.anny.code);
  await anny.page.keyboard.press("Enter");
  await anny.isIn("Abhi");
  await expect(writing(anny.page)).toBeFocused();
  await anny.page.keyboard.type("Are you there?");
  await anny.page.keyboard.press("Enter");
  await anny.isMarked("Are you there?", "Sent");
  await expect(writing(anny.page)).toBeFocused();
});

test("a message's mark is asked, and the focus comes back to it", async ({ device, invites }) => {
  const anny = await (await device()).comesIn(invites.anny);
  await anny.says("Are you there?");
  const mark = button(anny.page, "Why hasn’t it arrived?");
  await tabsTo(mark, "Shift+Tab");
  await anny.page.keyboard.press("Enter");
  await anny.isTold("Abhi hasn’t joined yet. The message waits for them here.");
  await expect(button(anny.page, "Close")).toBeFocused();
  await anny.page.keyboard.press("Escape");
  await expect(mark).toBeFocused();
});

test("a mark keeps the focus while its message is delivered and seen", async ({ device, invites }) => {
  const anny = await (await device()).comesIn(invites.anny);
  await anny.says("Are you there?");
  await tabsTo(button(anny.page, "Why hasn’t it arrived?"), "Shift+Tab");
  await (await device()).comesIn(invites.abhi);
  await anny.isMarked("Are you there?", "Seen");
  await expect(anny.page.locator("button.mark")).toBeFocused();
});

test("a mark that was asked gets the focus back, though its message was seen meanwhile", async ({
  device,
  invites,
}) => {
  const anny = await (await device()).comesIn(invites.anny);
  await anny.says("Are you there?");
  await tabsTo(button(anny.page, "Why hasn’t it arrived?"), "Shift+Tab");
  await anny.page.keyboard.press("Enter");
  await (await device()).comesIn(invites.abhi);
  await anny.isMarked("Are you there?", "Seen");
  await anny.page.keyboard.press("Escape");
  await expect(anny.page.locator("button.mark")).toBeFocused();
});

test.describe("with a long history", () => {
  test.use({ settings: ["--messages-per-second", "1000"] });

  test("it is scrolled by Page up and End", async ({ device, house, invites }) => {
    const abhi = await house.guest(invites.abhi);
    for (let number = 1; number <= 60; number += 1) await abhi.says(`message ${number}`);
    const anny = await (await device()).walksIn(invites.anny);
    await anny.isShown("message 60");
    await tabsTo(anny.page.getByRole("region", { name: "Messages" }), "Shift+Tab");
    await expect(async () => {
      await anny.page.keyboard.press("PageUp");
      await anny.isTold("This is the start of your chat");
      await expect(anny.page.getByText("message 1", { exact: true })).toBeInViewport({ timeout: 100 });
    }).toPass();
    await anny.page.keyboard.press("End");
    await anny.isShown("message 60");
  });

  for (const [when, isStill] of /** @type {[string, boolean][]} */ ([
    ["when the list stands", true],
    ["while the list still scrolls", false],
  ])) {
    test(`Jump to latest leads there ${when}, and the focus goes along`, async ({
      device,
      house,
      invites,
    }) => {
      const abhi = await house.guest(invites.abhi);
      for (let number = 1; number <= 60; number += 1) await abhi.says(`message ${number}`);
      const anny = await (await device()).walksIn(invites.anny);
      await anny.isShown("message 60");
      const list = anny.page.getByRole("region", { name: "Messages" });
      await tabsTo(list, "Shift+Tab");
      await anny.page.keyboard.press("PageUp");
      await expect(button(anny.page, "Jump to latest")).toBeVisible();
      if (isStill) await stands(list);
      await tabsTo(button(anny.page, "Jump to latest"));
      await anny.page.keyboard.press("Enter");
      await anny.isShown("message 60");
      await expect(list).toBeFocused();
    });
  }
});

test("a setting is changed, and the focus comes back to its button", async ({ device, invites }) => {
  const { page } = await (await device()).comesIn(invites.anny);
  const settings = button(page, "Menu");
  await tabsTo(settings, "Shift+Tab");
  await page.keyboard.press("Space");
  const typing = page.getByLabel("When I’m typing");
  await tabsTo(typing);
  await page.keyboard.press("Space");
  await expect(typing).not.toBeChecked();
  await page.keyboard.press("Escape");
  await expect(settings).toBeFocused();
  await page.reload();
  await tabsTo(settings);
  await page.keyboard.press("Enter");
  await expect(typing).not.toBeChecked();
});

test("a device is signed out, and the focus comes back to the three dots", async ({
  meets,
  device,
  invites,
}) => {
  const { anny } = await meets();
  const { page } = anny;
  const tablet = await (await device()).comesIn(invites.anny);
  await goesBy(page, "Your devices");
  const list = page.getByRole("dialog", { name: "Your devices" });
  await tabsTo(list.getByRole("listitem").nth(1).getByRole("button"));
  await page.keyboard.press("Enter");
  await expect(button(page, "Not now")).toBeFocused();
  await expect(page.getByRole("dialog")).toHaveAccessibleDescription(/It needs your link and your code/);
  await tabsTo(button(page, "Sign out"));
  await page.keyboard.press("Space");
  await isSignedOut(tablet);
  await expect(list).toHaveAccessibleDescription("The device is signed out.");
  await expect(list.getByRole("heading")).toBeFocused();
  await tabsTo(button(page, "Close"));
  await page.keyboard.press("Enter");
  await expect(button(page, "Menu")).toBeFocused();
});

test("a new link is made and copied, and the focus comes back to the three dots", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const { page } = anny;
  await goesBy(page, "New link for Abhi");
  await expect(button(page, "Cancel")).toBeFocused();
  await expect(page.getByRole("dialog")).toHaveAccessibleDescription(/stop working/);
  await tabsTo(page.getByRole("switch"), "Shift+Tab");
  await page.keyboard.press("Space");
  await tabsTo(button(page, "Make a new link"));
  await page.keyboard.press("Enter");
  await isSignedOut(abhi);
  await expect(page.getByRole("heading", { name: "The new link for Abhi" })).toBeFocused();
  await expect(page.getByRole("dialog")).toHaveAccessibleDescription(/only see this link and code once/);
  const qr = button(page, "Enlarge the QR code for Abhi");
  await tabsTo(qr);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(qr).toBeFocused();
  await tabsTo(button(page, "Copy link"));
  await page.keyboard.press("Enter");
  await anny.isTold("Copied");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(button(page, "Menu")).toBeFocused();
});

test("this device is signed out, and what was typed on it is copied", async ({ meets }) => {
  const { anny } = await meets();
  const { page } = anny;
  await anny.writes("half a sen");
  await goesBy(page, "Your devices");
  await tabsTo(page.getByRole("listitem").filter({ hasText: "This device" }).getByRole("button"));
  await page.keyboard.press("Enter");
  await tabsTo(button(page, "Sign out"));
  await page.keyboard.press("Enter");
  await isSignedOut(anny);
  await tabsTo(button(page, "Copy"));
  await page.keyboard.press("Enter");
  await anny.isTold("Copied");
  await tabsTo(page.getByRole("link", { name: "Go to the start page" }));
});

test("another look is chosen", async ({ device }) => {
  const { page } = await (await device()).startPage();
  await tabsTo(page.getByLabel("Theme"));
  await page.keyboard.press("End");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the chat is kept, and ended", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const { page } = anny;
  await tabsTo(button(page, "Keep longer"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await anny.isTold("Kept");
  await tabsTo(button(page, "End chat"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(button(page, "Keep talking")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button(page, "End chat")).toBeFocused();
  await page.keyboard.press("Enter");
  await tabsTo(button(page, "End it for both"));
  await page.keyboard.press("Enter");
  for (const person of [anny, abhi])
    await expect(person.page.getByRole("heading", { name: "This chat has ended" })).toBeFocused();
  await tabsTo(page.getByRole("link", { name: "Go to the start page" }));
});

test("in another room the focus is at its beginning, and not nowhere", async ({ device, invites }) => {
  const { page } = await (await device()).comesIn(invites.anny);
  await page.setViewportSize({ width: 880, height: 800 });
  await tabsTo(page.getByRole("link", { name: "Your chats" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Parlour" })).toBeVisible();
  await expect(page.locator(":focus")).toBeVisible();
  await tabsTo(page.getByRole("link", { name: "Abhi" }));
  await page.keyboard.press("Enter");
  await expect(writing(page)).toBeFocused();
});

test("trying again is not lost when it succeeds", async ({ device, invites, watch }) => {
  const browser = await device();
  await isAwayOnce(browser, watch, /invites\/greeting$/);
  const { page } = await browser.opens(invites.anny);
  await tabsTo(button(page, "Try again"));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Secret code")).toBeFocused();
});

test("the start page tried again is not lost when it succeeds", async ({ device, watch }) => {
  const browser = await device();
  await isAwayOnce(browser, watch, /\/api\/v1\/house$/);
  const { page } = await browser.startPage();
  await tabsTo(button(page, "Try again"));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Your name")).toBeVisible();
  await expect(page.locator(":focus")).toBeVisible();
});

test("a notice that is dismissed leaves the focus somewhere", async ({ meets, house, invites }) => {
  const { anny } = await meets();
  const { page } = anny;
  await house.guesses(invites.abhi);
  await tabsTo(button(page, "Got it"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await anny.isNoLongerTold("Someone entered a wrong code");
  await expect(page.locator(":focus")).toBeVisible();
});

test("a message that is discarded leaves the focus somewhere", async ({
  device,
  house,
  pair,
  meets,
  invites,
  watch,
}) => {
  const page = await stateOf("chat-refused").open({ device, house, pair, meets, invites, watch });
  await tabsTo(button(page, "Discard"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(button(page, "Discard")).toBeHidden();
  await expect(page.locator(":focus")).toBeVisible();
});

/**
 * The first time nothing answers at this address.
 * @param {import("../device.js").Device} browser
 * @param {import("../watch.js").Watch} watch
 * @param {RegExp} address
 */
async function isAwayOnce(browser, watch, address) {
  watch.houseMayBeAway = true;
  await browser.context.route(address, (route) => route.abort("connectionrefused"), { times: 1 });
}

/** @param {string} name */
function stateOf(name) {
  const found = STATES.find((state) => state.name === name);
  if (!found) throw new Error(`no state ${name}`);
  return found;
}

/** @param {Page} page @param {string} name */
function button(page, name) {
  return page.getByRole("button", { name });
}

/** @param {Page} page */
function writing(page) {
  return page.getByRole("textbox", { name: "Message" });
}

/**
 * One of the ways in the settings.
 * @param {Page} page @param {string} way
 */
async function goesBy(page, way) {
  await tabsTo(button(page, "Menu"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await tabsTo(button(page, way));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(1);
}

/**
 * Step by step, and wherever the focus is on its way it is seen.
 * @param {Locator} goal
 */
async function tabsTo(goal, key = "Tab") {
  await expect(goal).toBeVisible();
  const page = goal.page();
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    await page.keyboard.press(key);
    const stop = await lookAtFocus(page);
    if (stop) expect(stop.faults).toEqual([]);
    if (await goal.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${STEPS_MAX} times ${key} did not lead to ${goal}`);
}

/**
 * The list scrolls no more.
 * @param {Locator} list
 */
async function stands(list) {
  let before = -1;
  await expect(async () => {
    const top = await list.evaluate((scroller) => scroller.scrollTop);
    const isMoving = top !== before;
    before = top;
    expect(isMoving).toBe(false);
  }).toPass({ intervals: [100] });
}
