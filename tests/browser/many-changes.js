// Many messages of a long chat change at once, and what a page shows of them is compared with what the house
// has. Used by long.spec.js.
import { expect } from "./journey.js";

/**
 * @typedef {Awaited<ReturnType<import("./house.js").House["guest"]>>} Guest
 * @typedef {{seq: number, from: string, text?: string, edits?: number, hidden?: boolean, note?: object,
 *   gone?: {stub?: boolean}, reactions?: object[]}} Message
 */

const PAGE = 100;
const AT_ONCE = 20;

/** Four kinds of changes, each of which only the one who said it, or the other, may make. */
const KINDS = /** @type {((one: Guest, other: Guest, seq: number) => Promise<unknown>)[]} */ ([
  (one, _, seq) =>
    one.does("PATCH", `messages/${seq}`, { base: 0, text: `Edited ${"at length ".repeat(seq % 40)}` }),
  (one, _, seq) => one.does("DELETE", `messages/${seq}?for=everybody`),
  (_, other, seq) => other.does("PUT", `messages/${seq}/reaction`, { emoji: "👍" }),
  (_, other, seq) => other.does("DELETE", `messages/${seq}?for=me`),
]);

/**
 * The newest messages as this person is shown them, the last one first.
 * @param {Guest} guest
 * @param {number} count
 */
export async function newest(guest, count) {
  /** @type {Message[]} */
  const found = [];
  while (found.length < count) {
    const before = found.at(-1)?.seq;
    const path = `messages?limit=${PAGE}${before ? `&before=${before}` : ""}`;
    const { messages } = await guest.does("GET", path);
    found.push(...messages.reverse());
  }
  return found.slice(0, count);
}

/**
 * Each of them is edited or deleted by who said it, or gets a reaction of the other or is hidden by them.
 * @param {Message[]} messages
 * @param {(participant: string) => Guest} guestOf
 */
export async function changeAll(messages, guestOf) {
  const left = messages.map(({ seq, from }, at) => () => {
    const [one, other] = [guestOf(from), guestOf(from === "1" ? "2" : "1")];
    return KINDS[at % KINDS.length]?.(one, other, seq);
  });
  await Promise.all(Array.from({ length: AT_ONCE }, goOn));

  async function goOn() {
    for (let change = left.pop(); change; change = left.pop()) await change();
  }
}

/**
 * What there is to see of a message; nothing where it is not shown.
 * @param {Message} message
 */
export function lookOf({ text = "", edits, hidden, gone, reactions = [] }) {
  if (hidden || (gone && !gone.stub)) return undefined;
  return [text, edits ? "edited" : "", reactions.length].join("|");
}

/**
 * How each message looks that is laid on the page now, by its seq.
 * @param {import("@playwright/test").Page} page
 */
export async function laidLooks(page) {
  const looks = await page.locator(".message[data-seq]").evaluateAll((rows) =>
    rows.map((row) => {
      const text = row.querySelector(".text")?.textContent ?? "";
      const isEdited = row.querySelector(".meta > span:first-child")?.textContent === "edited";
      const look = [text, isEdited ? "edited" : "", row.querySelectorAll(".reactions > span").length];
      return /** @type {[number, string]} */ ([Number(row.getAttribute("data-seq")), look.join("|")]);
    }),
  );
  return new Map(looks);
}

/**
 * The messages that are laid on the page, first the one that is nearest to the middle of the screen.
 * @param {import("@playwright/test").Page} page
 */
export async function laidFromTheMiddle(page) {
  return page.locator(".message[data-seq]").evaluateAll((rows) => {
    const off = (/** @type {Element} */ row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return Math.abs((top + bottom - innerHeight) / 2);
    };
    return rows
      .sort((one, other) => off(one) - off(other))
      .map((row) => Number(row.getAttribute("data-seq")));
  });
}

/**
 * From the first to the last of what is laid, the page has what the house has, and nothing else.
 * @param {Map<number, string>} laid
 * @param {Message[]} messages
 */
export function expectSame(laid, messages) {
  const seqs = [...laid.keys()];
  const [first, last] = [Math.min(...seqs), Math.max(...seqs)];
  const between = messages.filter(({ seq, note }) => !note && seq >= first && seq <= last).reverse();
  const expected = between.map((message) => [message.seq, lookOf(message)]).filter(([, look]) => look);
  expect([...laid]).toEqual(expected);
}
