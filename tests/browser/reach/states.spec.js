// Every state of the page, on narrow and wide screens, light and dark: nobody is kept out, all of it fits,
// and the Tab key leads through it.
//
// On the desktop project alone: a secure context shows more of the settings, and an emulated phone makes its
// screen wider for what sticks out instead of telling of it. What is said only on plain HTTP comes after.
import { PLAIN_HTTP_HOST } from "../screens.js";
import { SMALL_PAPER } from "../scenes.js";
import { ON_PAPER, SETTINGS, STATES } from "../states.js";
import { PRINTED_CARD } from "../access-states.js";
import { PRINTED_NEWCOMER } from "../group-states.js";
import { expect, test } from "../journey.js";
import { breaches } from "./axe.js";
import { edgeless } from "./edges.js";
import { misfits, settled } from "./fit.js";
import { isWalkedThrough } from "./focus.js";
import { moving } from "./motion.js";
import {
  DESKTOP,
  NARROW,
  PHONE,
  endIsInSightOverAKeyboard,
  hasRoomForWords,
  isReadAndWritten,
  isUsableWithLargeText,
} from "./room.js";

/** @typedef {import("@playwright/test").Page} Page */

const SCREENS = [NARROW, PHONE, DESKTOP];
/** Where the list is beside what is open, these too. */
const BESIDE = [
  { width: 900, height: 800 },
  { width: 1920, height: 1080 },
];
const WITH_LIST = "list-";
const LOOKS = /** @type {const} */ (["light", "dark"]);
/** States that say something else without HTTPS. */
const PLAIN = ["start", "settings"];
/** Chats in which what was said last is seen on every screen. */
const AT_THE_NEWEST = [
  "chat-messages",
  "chat-changed",
  "chat-refused",
  "chat-guessed",
  "chat-renewed",
  "chat-final-call",
  "chat-of-a-long-name",
  "list-with-a-chat",
];
/** Where somebody reads further up, what was said last is below. */
const FURTHER_UP = "chat-new-below";
/** States whose controls are walked through from the first to the last. */
const WALKED = [
  "start",
  "start-refused",
  "start-group",
  "start-chats",
  "list-with-none-open",
  "list-menu",
  "invites",
  "invite-large",
  "link",
  "link-wrong-code",
  "link-nowhere",
  "chat-waits-for-the-other",
  "chat-refused",
  "chat-guessed",
  "chat-replying",
  "message-menu",
  "timer-refused",
  "settings",
  "why",
  "end-question",
  "group-page",
  "group-person",
  "group-add",
  "group-leave",
  "group-end",
  "devices",
  "devices-question",
  "picker",
  "picker-unreachable",
  "replace-question",
  "replace-card",
  "chat-renewed",
  "ended-by-me",
  "signed-out-mid-sentence",
];
/** While one writes. */
const WRITING = ["chat-draft", "chat-editing", "chat-offline", "chat-typing"];

test.use({ settings: SETTINGS });

for (const { name, open } of STATES.filter((state) => !ON_PAPER.includes(state))) {
  test(`${name} can be read, reached and touched on every screen`, async ({
    device,
    house,
    pair,
    meets,
    invites,
    watch,
  }) => {
    const page = await open({ device, house, pair, meets, invites, watch });
    const sizes = name.startsWith(WITH_LIST) ? [...SCREENS, ...BESIDE] : SCREENS;
    expect(await faults(page, sizes)).toEqual([]);
    await expect(page.locator("h1")).toHaveCount(1);
    await expect(page.locator("main")).toHaveCount(1);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await isCalmAndHasEdges(page);
    await page.emulateMedia({ reducedMotion: null, forcedColors: null, colorScheme: null });
    await hasRoom(name, page);
    if (WALKED.includes(name)) await isWalkedThrough(page);
  });
}

test.describe("on plain HTTP", () => {
  test.use({ host: PLAIN_HTTP_HOST });

  for (const { name, open } of STATES.filter((state) => PLAIN.includes(state.name))) {
    test(`${name} can be read, reached and touched without HTTPS`, async ({
      device,
      house,
      pair,
      meets,
      invites,
      watch,
    }) => {
      const page = await open({ device, house, pair, meets, invites, watch });
      expect(await faults(page)).toEqual([]);
    });
  }
});

for (const { name, open } of ON_PAPER) {
  test(`nothing of ${name} is lost at the edges of the paper`, async ({
    device,
    house,
    pair,
    meets,
    invites,
    watch,
  }) => {
    const page = await open({ device, house, pair, meets, invites, watch });
    expect(await misfits(page)).toEqual([]);
    await page.setViewportSize(SMALL_PAPER);
    expect(await misfits(page), "on A5").toEqual([]);
    for (const code of await page.locator("p.code").all())
      expect(await linesIn(code), "lines of a code on A5").toBe(1);
  });
}

test("nothing of a group but the card is on paper", async ({
  device,
  house,
  pair,
  meets,
  invites,
  watch,
}) => {
  const page = await PRINTED_NEWCOMER.open({ device, house, pair, meets, invites, watch });
  await expect(page.getByRole("article", { name: "Dora" })).toBeVisible();
  await expect(page.locator("parlour-people-list")).toBeHidden();
});

test("what was said is on no paper with an invite", async ({
  device,
  house,
  pair,
  meets,
  invites,
  watch,
}) => {
  const page = await PRINTED_CARD.open({ device, house, pair, meets, invites, watch });
  await expect(page.getByText("What was said is on no paper")).toBeHidden();
  await expect(page.getByRole("article", { name: "Abhi" })).toBeVisible();
});

/**
 * Text can be twice as large, and a keyboard or a phone on its side leave room for what matters.
 * @param {string} name @param {Page} page
 */
async function hasRoom(name, page) {
  if (AT_THE_NEWEST.includes(name)) return hasRoomForWords(page, isReadAndWritten);
  if (name === FURTHER_UP) return hasRoomForWords(page, async () => {});
  if (WRITING.includes(name)) await endIsInSightOverAKeyboard(page);
  return isUsableWithLargeText(page);
}

/**
 * With reduced motion nothing moves, and with forced colours every control and message has a visible edge.
 * @param {Page} page
 */
async function isCalmAndHasEdges(page) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await moving(page), "what moves").toEqual([]);
  // Without motion a border has its new colour at once.
  await page.emulateMedia({ forcedColors: "active" });
  for (const colorScheme of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    expect(await edgeless(page), `what has no edge, ${colorScheme}`).toEqual([]);
  }
}

/** @param {import("@playwright/test").Locator} text */
async function linesIn(text) {
  return text.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  });
}

/**
 * Each fault once, and on which screens it is.
 * @param {Page} page
 */
async function faults(page, sizes = SCREENS) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of LOOKS) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === "light" ? "every rule" : "of colours";
      const here = [...(await misfits(page)), ...(await breaches(page, rules))];
      const screen = `${size.width} ${colorScheme}`;
      for (const fault of here) found.set(fault, [...(found.get(fault) ?? []), screen]);
    }
  }
  return [...found].map(([fault, screens]) => `${fault} (${screens.join(", ")})`);
}
