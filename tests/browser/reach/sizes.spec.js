// What depends on the language or on one width: every language fits, and edges meet.
import { expect, test } from "../journey.js";
import { speaks } from "../language.js";
import { Line } from "../line.js";
import { SETTINGS, STATES } from "../states.js";
import { makesANewLink } from "../access.js";
import { misfits } from "./fit.js";
import { DESKTOP, NARROW, PHONE } from "./room.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("../states.js").Parts} Parts
 */

const LANGUAGES = ["de", "es", "fr", "hi"];
const SIZES = [NARROW, PHONE, DESKTOP];

/** What is opened, and what is pressed then. @type {[string, string?][]} */
const SHOWN = [
  ["start"],
  ["start", ".segment + .segment"],
  ["list-with-none-open"],
  ["link"],
  ["chat-waits-for-the-other"],
  ["chat-waits-for-the-other", ".more"],
  ["chat-waits-for-the-other", ".end"],
  ["link-incomplete"],
];
/** What is pressed in a chat, one after the other. */
const WAYS = [
  [".more", "li:nth-child(1) > button", ".devices li:last-child button"],
  [".more", "li:nth-child(2) > button", ".danger"],
  [".more", "li:nth-child(3) > button"],
];
/** Up to a device that is out. */
const WAY_OUT = [".more", "li:nth-child(1) > button", ".devices button", ".danger"];

test.use({ settings: SETTINGS });

test("at the width of a laptop head, notices, messages and field begin at one edge", async ({
  meets,
  house,
  invites,
}) => {
  const { anny, abhi } = await meets();
  await abhi.says("Are you there?");
  await anny.hears("Are you there?");
  await house.guesses(invites.anny);
  await anny.isTold("Someone entered a wrong code");
  await anny.page.setViewportSize(DESKTOP);
  const edges = await anny.page.evaluate(() =>
    [".back .icon path", ".bubble", "textarea", ".guess p"].map((one) =>
      Math.round(document.querySelector(one)?.getBoundingClientRect().left ?? 0),
    ),
  );
  for (const edge of edges) expect(Math.abs(edge - (edges[1] ?? 0)), String(edges)).toBeLessThanOrEqual(2);
});

test("in every language it can be read whole on a narrow phone when somebody was last here", async ({
  meets,
}) => {
  const { anny } = await meets();
  await anny.page.setViewportSize({ width: 360, height: 640 });
  const line = await Line.of(anny.page);
  const longAgo = new Date(Date.now() - 5 * 86_400_000).toISOString();
  line.changes((frame) =>
    frame.type === "chat-presence" || frame.type === "chat-state" ? away(frame, longAgo) : frame,
  );
  for (const language of ["en", ...LANGUAGES]) {
    await speaks(anny.page, language);
    const presence = anny.page.locator(".presence[data-presence=away]");
    await expect(presence).toBeVisible();
    const isCut = await presence.evaluate((one) => one.scrollWidth > one.clientWidth);
    expect(isCut, `${language}: ${await presence.textContent()}`).toBe(false);
  }
});

for (const [name, press] of SHOWN) {
  const shown = press ? `${name} with ${press} pressed` : name;
  test(`in every language nothing of ${shown} sticks out or is cut off`, async ({
    device,
    house,
    pair,
    meets,
    invites,
    watch,
  }) => {
    const page = await opened(name, { device, house, pair, meets, invites, watch });
    for (const language of LANGUAGES) {
      await speaks(page, language);
      if (press) await page.locator(press).click();
      await fits(page, language);
    }
  });
}

test("in every language the invites and the marks of a message fit", async ({ meets, device }) => {
  const { page } = await (await device()).startPage();
  const { anny } = await meets();
  await anny.says("Are you there?");
  // Invites are not left without a question.
  page.on("dialog", (dialog) => dialog.accept());
  for (const language of LANGUAGES) {
    await speaks(page, language);
    await page.locator("#one").fill("Anny");
    await page.locator("#other").fill("Abhi");
    await page.locator("form .main").click();
    await expect(page.locator(".invite")).toHaveCount(2);
    await fits(page, `${language}, invites`);
  }
  for (const language of LANGUAGES) {
    await speaks(anny.page, language);
    await anny.page.locator("button.mark").click();
    await fits(anny.page, `${language}, marks`);
  }
});

test("in every language the devices, the new links and what follows from them fit", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const tablet = await (await device()).comesIn(invites.anny);
  await makesANewLink(abhi, "Anny");
  await makesANewLink(tablet, "Anny", { isOwn: true });
  await expect(anny.page.locator(".guess p")).toHaveCount(2);
  // A new link is not left without a question.
  anny.page.on("dialog", (dialog) => dialog.accept());
  for (const language of LANGUAGES) {
    for (const way of WAYS) {
      await speaks(anny.page, language);
      await fitsAllAlong(way, anny.page, language);
    }
  }
});

test("in every language a device that is signed out is told so in words that fit", async ({
  device,
  invites,
}) => {
  for (const language of LANGUAGES) {
    const { page } = await (await device()).comesIn(invites.anny);
    await speaks(page, language);
    await fitsAllAlong(WAY_OUT, page, language);
  }
});

test("on paper the name keeps off the line that is cut along", async ({
  device,
  house,
  pair,
  meets,
  invites,
  watch,
}) => {
  const page = await opened("replace-print", { device, house, pair, meets, invites, watch });
  const name = await page.locator(".invite header h2").boundingBox();
  const codeSide = await page.locator(".code-side").boundingBox();
  expect((codeSide?.x ?? 0) - (name?.x ?? 0) - (name?.width ?? 0)).toBeGreaterThan(30);
});

test("the marks differ in their form, and not in their colour alone", async ({
  device,
  house,
  pair,
  meets,
  invites,
  watch,
}) => {
  const page = await opened("receipt-help", { device, house, pair, meets, invites, watch });
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
 * On every screen.
 * @param {Page} page @param {string} what
 */
async function fits(page, what) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    expect.soft(await misfits(page), `${what}, ${size.width} px wide`).toEqual([]);
  }
}

/**
 * @param {string[]} way
 * @param {Page} page @param {string} language
 */
async function fitsAllAlong(way, page, language) {
  for (const press of way) {
    await page.locator(press).filter({ visible: true }).first().click();
    await fits(page, `${language}, ${way.join()} up to ${press}`);
  }
}

/** @param {string} name @param {Parts} parts */
function opened(name, parts) {
  const state = STATES.find((one) => one.name === name);
  if (!state) throw new Error(`no state ${name}`);
  return state.open(parts);
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
