// What several states of the page begin with. Used by states.js.
import { expect } from "./journey.js";
import { Line } from "./line.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("@playwright/test").Route} Route
 * @typedef {import("./device.js").Device} Device
 * @typedef {import("./house.js").Invite} Invite
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("./states.js").Parts} Parts
 */

const DAY_MS = 86_400_000;
/** A4 between its margins: paper is never as narrow as a phone. */
const PAPER = { width: 700, height: 1030 };
/** A5 between its margins. */
export const SMALL_PAPER = { width: 468, height: 703 };

/**
 * The page, once these words stand on it.
 * @param {{page: Page}} where
 * @param {string} words
 */
export async function showing({ page }, words) {
  await expect(page.getByText(words).filter({ visible: true }).first()).toBeVisible();
  return page;
}

/**
 * Two invites that were just made.
 * @param {Parts["device"]} device
 */
export async function invited(device, one = "Anny", other = "Abhi") {
  const start = await (await device()).startPage();
  const invites = await start.makes(one, other);
  return { start, invites, page: start.page };
}

/** @param {Page} page */
export async function onPaper(page) {
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print" });
  return page;
}

/**
 * @param {Parts["device"]} device
 * @param {Invite} invite
 */
export async function atTheLink(device, invite) {
  const person = await (await device()).opens(invite);
  await person.isGreeted(invite.name);
  return person;
}

/**
 * In the chat, with the tab's socket in our hands.
 * @param {Parts["device"]} device
 * @param {Invite} invite
 */
export async function onALine(device, invite) {
  const anny = await (await device()).comesIn(invite);
  return { anny, line: await lineOf(anny) };
}

/** @param {Person} person */
export async function lineOf(person) {
  const line = await Line.of(person.page);
  await person.page.reload();
  await person.isAtTheTable();
  await expect.poll(() => line.other).toBeTruthy();
  return line;
}

/** @param {number} number */
export function said(number) {
  return `Message number ${number}, which is not short`;
}

/**
 * @param {{says: (text: string) => Promise<unknown>}} speaker
 * @param {number} count
 */
export async function speaks(speaker, count) {
  for (let number = 1; number <= count; number += 1) await speaker.says(said(number));
}

/**
 * The same messages, as if twelve had been said on each of the last days.
 * @param {number} head
 * @returns {(frame: import("./line.js").Frame) => import("./line.js").Frame}
 */
export function daysBack(head) {
  const at = (/** @type {{seq: number, at: string}} */ message) => {
    const days = Math.floor((head - message.seq) / 12);
    const minutes = (head - message.seq) % 12;
    return new Date(Date.parse(message.at) - days * DAY_MS - minutes * 20_000).toISOString();
  };
  const moved = (/** @type {any} */ message) => ({ ...message, at: at(message) });
  return (frame) => {
    if (frame.type === "chat-message") return moved(frame);
    return frame.type === "chat-page" ? { ...frame, messages: frame.messages.map(moved) } : frame;
  };
}

/**
 * The house's "no".
 * @param {number} status
 * @param {Record<string, unknown>} problem
 * @returns {(route: Route) => Promise<void>}
 */
export function refuses(status, problem) {
  const json = { type: "about:blank", title: "No", status, detail: "No.", ...problem };
  return (route) => route.fulfill({ status, json, contentType: "application/problem+json" });
}

/**
 * Nothing answers at these addresses.
 * @param {Device} browser
 * @param {import("./watch.js").Watch} watch
 * @param {RegExp} addresses
 */
export async function isAway(browser, watch, addresses) {
  watch.houseMayBeAway = true;
  await browser.context.route(addresses, (route) => route.abort("connectionrefused"));
}

/**
 * The list of emoji is not where the page looks for it, until the answer is called. What the service worker
 * asks for cannot be held up.
 * @param {Page} page
 */
export async function losesTheEmoji(page) {
  const link = page.locator('link[data-emoji="en"]');
  const address = (await link.getAttribute("href")) ?? "";
  const leads = (/** @type {string} */ to) =>
    link.evaluate((one, href) => one.setAttribute("href", href), to);
  await leads("assets/emoji/nowhere.json");
  return () => leads(address);
}
