// Text twice as large, a keyboard over half of the screen, a phone on its side, other languages.
import { expect, test } from "../journey.js";
import { ON_ITS_SIDE, OVER_A_KEYBOARD } from "../screens.js";
import { Line } from "../line.js";
import { SETTINGS, STATES } from "../states.js";
import { makesANewLink } from "../ways.js";
import { misfits, settled } from "./fit.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("../states.js").Parts} Parts
 */

/** Twice the page's own 106.25 %. */
const TWICE = "212.5%";
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 800 };
const WITH_KEYBOARD = { width: 390, height: 420 };
const LANGUAGES = ["de", "es", "fr", "hi"];

const CHATS = [
  "chat-messages",
  "chat-refused",
  "chat-guessed",
  "chat-renewed",
  "chat-final-call",
  "chat-of-a-long-name",
];
const PAGES = [
  "start",
  "start-refused",
  "start-chats",
  "invites",
  "door-wrong-code",
  "door-ended-by-clock",
  "signed-out-mid-sentence",
];
const QUESTIONS = [
  "settings",
  "why",
  "end-question",
  "invite-large",
  "devices",
  "devices-question",
  "devices-leave",
  "replace-question",
  "replace-own-refused",
  "replace-card",
];
/** What is pressed, one after the other, from the chat up to a device that is out. */
const WAYS = [
  [".more", "li:nth-child(1) > button", ".devices li:last-child button"],
  [".more", "li:nth-child(2) > button", ".grave"],
  [".more", "li:nth-child(3) > button"],
  [".more", "li:nth-child(1) > button", ".devices button", ".grave"],
];

test.use({ settings: SETTINGS });

for (const name of [...PAGES, ...QUESTIONS]) {
  test(`${name} can be used with text twice as large`, async ({ device, house, pair, invites, watch }) => {
    const page = await opened(name, { device, house, pair, invites, watch });
    await isUsableWithLargeText(page, async () => {});
  });
}

for (const name of [...CHATS, "chat-new-below"]) {
  test(`${name} leaves room for words on its side, over a keyboard and with text twice as large`, async ({
    device,
    house,
    pair,
    invites,
    watch,
  }) => {
    const page = await opened(name, { device, house, pair, invites, watch });
    // Where somebody reads further up, what was said last is below.
    const endIsInSight = CHATS.includes(name) ? isReadAndWritten : async () => {};
    await page.setViewportSize(PHONE);
    await settled(page);
    await page.setViewportSize(WITH_KEYBOARD);
    await settled(page);
    await endIsInSight(page);

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
  });
}

test("at the width of a laptop head, messages and field begin at one edge", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("Are you there?");
  await anny.hears("Are you there?");
  await anny.page.setViewportSize(DESKTOP);
  const edges = await anny.page.evaluate(() =>
    [".back .drawing path", ".bubble", "textarea"].map((one) =>
      Math.round(document.querySelector(one)?.getBoundingClientRect().left ?? 0),
    ),
  );
  for (const edge of edges) expect(Math.abs(edge - (edges[1] ?? 0)), String(edges)).toBeLessThanOrEqual(2);
});

for (const language of ["en", ...LANGUAGES]) {
  test(`in ${language} it can be read whole on a narrow phone when somebody was last here`, async ({
    pair,
  }) => {
    const { anny } = await pair();
    await speaks(anny.page, language);
    await anny.page.setViewportSize({ width: 360, height: 640 });
    const line = await Line.of(anny.page);
    const longAgo = new Date(Date.now() - 5 * 86_400_000).toISOString();
    line.changes((frame) =>
      frame.type === "chat-presence" || frame.type === "chat-state" ? away(frame, longAgo) : frame,
    );
    await anny.page.reload();
    const presence = anny.page.locator(".presence[data-presence=away]");
    await expect(presence).toBeVisible();
    const isCut = await presence.evaluate((one) => one.scrollWidth > one.clientWidth);
    expect(isCut, (await presence.textContent()) ?? "").toBe(false);
  });
}

for (const name of ["chat-draft", "chat-offline", "chat-typing"]) {
  test(`in ${name} one sees what one answers to over the keyboard of a phone`, async ({
    device,
    house,
    pair,
    invites,
    watch,
  }) => {
    const page = await opened(name, { device, house, pair, invites, watch });
    await page.setViewportSize(PHONE);
    await settled(page);
    await page.setViewportSize(WITH_KEYBOARD);
    await settled(page);
    await isReadAndWritten(page);
  });
}

for (const language of LANGUAGES) {
  test(`in ${language} nothing sticks out or is cut off`, async ({ device, house, pair, invites, watch }) => {
    const parts = { device, house, pair, invites, watch };
    /** @type {[string, string?][]} what is opened, and what is pressed then */
    const shown = [
      ["start"],
      ["door"],
      ["chat-waits-for-the-other"],
      ["chat-waits-for-the-other", ".more"],
      ["chat-waits-for-the-other", ".end"],
      ["door-incomplete"],
    ];
    /** @type {string[]} */
    const faults = [];
    for (const [name, press] of shown) {
      const page = await opened(name, parts);
      await speaks(page, language);
      if (press) await page.locator(press).click();
      for (const size of [NARROW, PHONE, DESKTOP]) {
        await page.setViewportSize(size);
        const found = await misfits(page);
        faults.push(...found.map((fault) => `${name} ${press ?? ""} ${size.width}: ${fault}`));
      }
    }
    expect(faults).toEqual([]);
  });

  test(`in ${language} the invites and the marks of a message fit`, async ({ pair, device }) => {
    const { page } = await (await device()).startPage();
    await speaks(page, language);
    await page.locator("#one").fill("Anny");
    await page.locator("#other").fill("Abhi");
    await page.locator("form .main").click();
    await expect(page.locator(".invite")).toHaveCount(2);
    const { anny } = await pair();
    await anny.says("Are you there?");
    await speaks(anny.page, language);
    await anny.page.locator("button.mark").click();
    /** @type {string[]} */
    const faults = [];
    for (const size of [NARROW, PHONE, DESKTOP]) {
      for (const shown of [page, anny.page]) {
        await shown.setViewportSize(size);
        faults.push(...(await misfits(shown)).map((fault) => `${size.width}: ${fault}`));
      }
    }
    expect(faults).toEqual([]);
  });
}

for (const language of LANGUAGES) {
  test(`in ${language} the devices, the new links and what follows from them fit`, async ({
    pair,
    device,
    invites,
  }) => {
    const { anny, abhi } = await pair();
    const tablet = await (await device()).comesIn(invites.anny);
    await speaks(anny.page, language);
    await makesANewLink(abhi, "Anny");
    await makesANewLink(tablet, "Anny", { isOwn: true });
    await expect(anny.page.locator(".guess p")).toHaveCount(2);
    // A new link is not left without a question.
    anny.page.on("dialog", (dialog) => dialog.accept());
    /** @type {string[]} */
    const faults = [];
    for (const presses of WAYS) {
      for (const press of presses) {
        await anny.page.locator(press).filter({ visible: true }).first().click();
        for (const size of [NARROW, PHONE, DESKTOP]) {
          await anny.page.setViewportSize(size);
          const found = await misfits(anny.page);
          faults.push(...found.map((fault) => `${presses.join()} up to ${press} ${size.width}: ${fault}`));
        }
      }
      await anny.page.reload();
    }
    expect(faults).toEqual([]);
  });
}

test("the marks differ in their form, and not in their colour alone", async ({
  device,
  house,
  pair,
  invites,
  watch,
}) => {
  const page = await opened("why", { device, house, pair, invites, watch });
  const drawings = page.locator("dialog[open] .legend .mark path");
  const forms = await drawings.evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
  expect(new Set(forms).size).toBe(forms.length);
});

test("without our colours the focus has an edge too", async ({ device }) => {
  const { page } = await (await device()).startPage();
  await page.emulateMedia({ forcedColors: "active" });
  await page.getByRole("button", { name: "Create invites" }).focus();
  await page.keyboard.press("Shift+Tab");
  const outline = await page.locator(":focus").evaluate((focused) => getComputedStyle(focused).outlineStyle);
  expect(outline).not.toBe("none");
});

/**
 * @param {Page} page
 * @param {(page: Page) => Promise<void>} endIsInSight what else is seen on each screen
 */
async function isUsableWithLargeText(page, endIsInSight) {
  await page.evaluate((size) => {
    document.documentElement.style.fontSize = size;
  }, TWICE);
  for (const size of [NARROW, PHONE, DESKTOP]) {
    await page.setViewportSize(size);
    expect(await misfits(page), `${size.width} px wide, text twice as large`).toEqual([]);
    await endIsInSight(page);
    await canBePressed(page);
  }
}

/** @param {string} name @param {Parts} parts */
function opened(name, parts) {
  const state = STATES.find((one) => one.name === name);
  if (!state) throw new Error(`no state ${name}`);
  return state.open(parts);
}

/**
 * As if this language had been chosen.
 * @param {Page} page @param {string} language
 */
async function speaks(page, language) {
  await page.evaluate((tag) => localStorage.setItem("parlour:/:taste:language", tag), language);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expect(page.locator("h1")).toHaveText(/\S/);
}

/**
 * As if the other had been here last at that time.
 * @param {import("../line.js").Frame} frame
 * @param {string} at
 */
function away(frame, at) {
  if (frame.type === "chat-presence") return { ...frame, here: false, last_here: at };
  const participants = frame.participants.map((/** @type {import("../line.js").Frame} */ one) => {
    return one.participant === frame.me ? one : { ...one, here: false, last_here: at };
  });
  return { ...frame, participants };
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
async function isReadAndWritten(page, part = 0.5) {
  await expect(page.getByRole("textbox", { name: "Message" })).toBeInViewport({ ratio: 0.9 });
  await expect(page.getByRole("button", { name: "Send" })).toBeInViewport({ ratio: 0.9 });
  const newest = page.locator(".message").last();
  if ((await newest.count()) > 0) await expect(newest).toBeInViewport({ ratio: part });
}

/**
 * Each button can be brought to where it can be pressed. Bringing one there scrolls, at which "Jump to
 * latest" comes or goes: the buttons are counted only when the page has answered.
 * @param {Page} page
 */
async function canBePressed(page) {
  const modal = page.locator("dialog[open]");
  const scope = (await modal.count()) > 0 ? modal.last() : page.locator("body");
  const buttons = scope.locator("button:visible, a.button:visible");
  for (let at = 0; at < (await buttons.count()); at += 1) {
    const button = buttons.nth(at);
    const isFolded = await button.evaluate((one) => (one.closest(".head")?.clientHeight ?? 2) <= 1);
    if (!isFolded && (await button.isEnabled())) await button.click({ trial: true });
    await settled(page);
  }
}
