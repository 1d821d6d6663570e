// The rows of a conversation: day lines, the line before what is new, messages and what waits to be sent.
//
// Used by <parlour-messages>. Computes what is to be seen, each row with a key and a signature, and builds
// a row's element when it is asked to; it keeps nothing but the days of messages.
//
// A mark that is pressed sends `message-why` (bubbling, detail: the receipt).
import { drawing, el, name, unseen } from "../helpers/dom.js";
import { day, dayKey, time } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { receiptOf } from "../models/chat.js";
import { mayBeTaken } from "../models/outbox.js";
import { drawnText, isEmoji, partsOf } from "../models/text.js";

/** `2026-11-21T18:42` of a time that is written as the protocol has it. */
const MINUTE_CHARS = 16;

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {"day" | "fresh" | "message"} kind
 * @property {string} at of its message
 * @property {string} [name] of who said it, if it was not said here
 * @property {string} sign changes when the row must be built again
 * @property {() => HTMLElement} build
 */
/**
 * One message as it is drawn. It follows one of the same sender and minute, or is followed by one that
 * tells the same time and mark.
 * @typedef {object} Said
 * @property {string} key
 * @property {number} seq 0 while it waits
 * @property {boolean} mine
 * @property {string} from the name
 * @property {string} at
 * @property {string} text
 * @property {string} receipt
 * @property {boolean} follows
 * @property {boolean} isFollowed
 * @property {OutboxEntry} [entry]
 */

/** @type {Record<string, string>} */
const MARKS = {
  WAITING: "M12 7v5l3 2M12 4a8 8 0 1 0 .01 0",
  SENT: "M5 13l4 4L19 7",
  DELIVERED: "M2 13l4 4L16 7M10 15l2 2L22 7",
  SEEN: "M2 11l4 4L16 5M10 13l2 2L22 5M4 21h16",
  REFUSED: "M12 6v8M12 17v1",
};

/** Days are asked for at every change, and do not change. @type {WeakMap<ChatMessage, string>} */
const days = new WeakMap();

/**
 * @param {import("../models/talk.js").Talk} talk
 * @returns {Row[]}
 */
export function rowsOf(talk) {
  const { chat } = talk;
  const freshSeq = firstFresh(chat);
  const { reach } = chat;
  /** @type {Row[]} */
  const rows = [];
  let today = "";
  /** @type {Said | undefined} */
  let before;
  for (const message of chat.messages) {
    const own = dayOf(message);
    if (own !== today) rows.push(dayRow(message));
    if (message.seq === freshSeq) rows.push(freshRow(message.at));
    const said = saidOf(chat, reach, message);
    const isApart = own !== today || message.seq === freshSeq;
    if (before && !isApart) join(before, said);
    rows.push(messageRow(talk, said));
    [before, today] = [said, own];
  }
  for (const entry of talk.outbox.entries) rows.push(messageRow(talk, waiting(entry)));
  return rows;
}

/** @param {ChatMessage} message */
function dayOf(message) {
  const known = days.get(message);
  if (known) return known;
  const found = dayKey(message.at);
  days.set(message, found);
  return found;
}

/**
 * The seq of the first message that was new when somebody last began to look; 0 if there was none.
 * @param {import("../models/chat.js").Chat} chat
 */
function firstFresh(chat) {
  const { freshFrom, freshTo, me, messages } = chat;
  // Where what is new begins before all that is loaded, a line would stand at the wrong place.
  if (freshFrom === 0 || chat.first > freshFrom) return 0;
  const isFresh = (/** @type {ChatMessage} */ one) => one.seq >= freshFrom && one.from !== me;
  return messages.find((one) => isFresh(one) && one.seq <= freshTo)?.seq ?? 0;
}

/**
 * @param {import("../models/chat.js").Chat} chat
 * @param {{delivered: number, seen: number}} reach how far all of the others have got
 * @param {ChatMessage} message
 * @returns {Said}
 */
function saidOf(chat, reach, { id, seq, from, at, text = word("chat.unsupported") }) {
  const mine = from === chat.me;
  const receipt = mine ? receiptOf(seq, reach) : "";
  const who = chat.participants.get(from)?.name ?? "";
  // Whoever speaks gives the id: those of two people may be the same.
  const key = mine ? id : `${from} ${id}`;
  return { key, seq, mine, from: who, at, text, receipt, follows: false, isFollowed: false };
}

/** @param {OutboxEntry} entry @returns {Said} */
function waiting(entry) {
  const receipt = entry.state === "refused" ? "REFUSED" : "WAITING";
  const { id, at, text } = entry;
  const alone = { follows: false, isFollowed: false };
  return { key: id, seq: 0, mine: true, from: "", at, text, receipt, ...alone, entry };
}

/**
 * Messages of one sender and minute stand together; the time is said once.
 * @param {Said} before
 * @param {Said} said
 */
function join(before, said) {
  const isSameMinute = before.at.slice(0, MINUTE_CHARS) === said.at.slice(0, MINUTE_CHARS);
  if (before.mine !== said.mine || before.from !== said.from || !isSameMinute) return;
  said.follows = true;
  before.isFollowed = before.receipt === said.receipt;
}

/**
 * The line before the first message of a day. A clock that was wrong for a while may bring one day twice.
 * @param {ChatMessage} message
 * @returns {Row}
 */
function dayRow({ seq, at }) {
  const build = () => el("li", { class: "day" }, el("span", {}, day(at)));
  return { key: `day ${seq}`, kind: "day", at, sign: dayKey(houseNow()), build };
}

/** @param {string} at @returns {Row} */
function freshRow(at) {
  const build = () => el("li", { class: "fresh" }, el("span", {}, word("chat.fresh")));
  return { key: "fresh", kind: "fresh", at, sign: "", build };
}

/** @param {import("../models/talk.js").Talk} talk @param {Said} said @returns {Row} */
function messageRow(talk, said) {
  const build = () => drawn(talk, said);
  return {
    key: said.key,
    kind: "message",
    at: said.at,
    name: said.from,
    get sign() {
      return `${said.seq} ${said.receipt} ${said.follows} ${said.isFollowed} ${said.from}`;
    },
    build,
  };
}

/** @param {import("../models/talk.js").Talk} talk @param {Said} said */
function drawn(talk, said) {
  const { seq, mine, from, text, receipt, follows, entry } = said;
  const who = mine
    ? word("chat.you_said")
    : el("span", {}, ...phrase("chat.they_said", { name: name(from) }));
  const kind = isEmoji(text) ? "text emoji" : "text";
  const body = el("p", { class: kind, dir: "auto" }, ...partsOf(drawnText(text)).flatMap(part));
  const bubble = el("div", { class: "bubble" }, body, meta(said));
  if (entry && receipt === "REFUSED") bubble.append(refusedPart(talk, entry));
  const sort = `message ${mine ? "mine" : "theirs"}${follows ? " follows" : ""}`;
  const row = el("li", { class: sort, "data-receipt": receipt || undefined }, unseen(who), bubble);
  if (seq > 0) row.dataset.seq = String(seq);
  return row;
}

/** @param {import("../models/text.js").Part} part @returns {(Node | string)[]} */
function part({ text, href, host }) {
  if (!href) return [text];
  const elsewhere = { target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" };
  const safe = href.startsWith("mailto:") ? {} : elsewhere;
  const link = el("a", { href, dir: "ltr", translate: "no", ...safe }, text);
  return host ? [link, el("bdi", { class: "host", dir: "ltr" }, ` (${host})`)] : [link];
}

/** @param {Said} said */
function meta({ at, receipt, isFollowed }) {
  const clock = el("time", { datetime: at }, time(at));
  const sign = receipt ? (isFollowed ? namedMark(receipt) : markButton(receipt)) : undefined;
  return el("p", { class: isFollowed ? "meta unseen" : "meta" }, clock, sign);
}

/** The drawing alone, beside words that say what it means. @param {string} receipt */
export function mark(receipt) {
  return el("span", { class: "mark", "data-mark": receipt }, drawing(MARKS[receipt] ?? ""));
}

/** @param {string} receipt */
function namedMark(receipt) {
  return el("span", { class: "mark", "data-mark": receipt }, ...markParts(receipt));
}

/** @param {string} receipt */
function markButton(receipt) {
  const button = el("button", { class: "mark", "data-mark": receipt, type: "button" });
  const question = receipt === "SEEN" ? "why.about" : "why.button";
  button.append(...markParts(receipt), unseen(` ${word(question)}`));
  const ask = () => button.dispatchEvent(new CustomEvent("message-why", { bubbles: true, detail: receipt }));
  button.addEventListener("click", ask);
  return button;
}

/** @param {string} receipt */
function markParts(receipt) {
  return [drawing(MARKS[receipt] ?? ""), unseen(word(`receipt.${receipt}`))];
}

/** @param {import("../models/talk.js").Talk} talk @param {OutboxEntry} entry */
function refusedPart(talk, entry) {
  const retry = () => talk.outbox.retry(entry.id);
  const discard = () => talk.outbox.discard(entry.id);
  const button = (/** @type {string} */ key, /** @type {() => void} */ onclick) =>
    el("button", { class: "small", type: "button", onclick }, word(key));
  const again = mayBeTaken(entry) ? button("message.retry", retry) : undefined;
  const why = refusalWords({ code: entry.code, message: entry.detail });
  return el(
    "div",
    { class: "refused" },
    el("p", { role: "alert" }, why),
    el("div", { class: "row" }, again, button("message.discard", discard)),
  );
}
