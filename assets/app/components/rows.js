// The rows of a conversation: day lines, the line before what is new, messages and what waits to be sent.
//
// Used by <parlour-messages>. Computes what is to be seen, each row with a key and a signature, and builds
// a row's element when it is asked to; it keeps nothing.
import { drawing, el, name, unseen } from "../helpers/dom.js";
import { day, dayKey, time } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";

const TOGETHER_MS = 60_000;

/** @typedef {{key: string, sign: string, build: () => HTMLElement}} Row */
/**
 * @typedef {{mine: boolean, from: string, at: string, text: string, follows: boolean, receipt: string}}
 * Said
 */

/** @type {Record<string, string>} */
const MARKS = {
  WAITING: "M12 7v5l3 2M12 4a8 8 0 1 0 .01 0",
  SENT: "M5 13l4 4L19 7",
  DELIVERED: "M2 13l4 4L16 7M10 15l2 2L22 7",
  SEEN: "M2 13l4 4L16 7M10 15l2 2L22 7",
  REFUSED: "M12 6v8M12 17v1",
};

/**
 * @param {import("../models/talk.js").Talk} talk
 * @returns {Row[]}
 */
export function rowsOf(talk) {
  const { chat, outbox } = talk;
  /** @type {Row[]} */
  const rows = [];
  let before = { from: "", at: "", day: "" };
  let isFreshShown = false;
  for (const message of chat.messages) {
    const today = dayKey(message.at);
    if (today !== before.day) rows.push(dayRow(today, message.at));
    /** @type {boolean} */
    const isFresh = !isFreshShown && isFirstFresh(chat, message);
    if (isFresh) rows.push(freshRow());
    isFreshShown ||= isFresh;
    const follows = today === before.day && !isFresh && isTogether(before, message);
    rows.push(messageRow(chat, message, follows));
    before = { from: message.from, at: message.at, day: today };
  }
  return [...rows, ...outbox.entries.map((entry) => entryRow(talk, entry))];
}

/** @param {import("../models/chat.js").Chat} chat @param {ChatMessage} message */
function isFirstFresh(chat, message) {
  const { freshFrom, openedHead } = chat;
  return freshFrom > 0 && message.seq >= freshFrom && message.seq <= openedHead && message.from !== chat.me;
}

/** @param {{from: string, at: string}} before @param {ChatMessage} message */
function isTogether(before, message) {
  return before.from === message.from && Date.parse(message.at) - Date.parse(before.at) < TOGETHER_MS;
}

/** @param {string} key @param {string} at @returns {Row} */
function dayRow(key, at) {
  const said = day(at);
  return { key: `day ${key}`, sign: said, build: () => el("li", { class: "day" }, el("span", {}, said)) };
}

/** @returns {Row} */
function freshRow() {
  return {
    key: "fresh",
    sign: "",
    build: () => el("li", { class: "fresh" }, el("span", {}, word("chat.fresh"))),
  };
}

/**
 * @param {import("../models/chat.js").Chat} chat
 * @param {ChatMessage} message
 * @param {boolean} follows
 * @returns {Row}
 */
function messageRow(chat, message, follows) {
  const mine = message.from === chat.me;
  const receipt = mine ? chat.receiptOf(message) : "";
  const from = chat.participants.get(message.from)?.name ?? "";
  const build = () => {
    const row = bubble({ mine, from, at: message.at, text: message.text, follows, receipt });
    row.dataset.seq = String(message.seq);
    return row;
  };
  return { key: message.id, sign: `${message.seq} ${receipt} ${follows} ${from}`, build };
}

/** @param {import("../models/talk.js").Talk} talk @param {OutboxEntry} entry @returns {Row} */
function entryRow(talk, entry) {
  const receipt = entry.state === "refused" ? "REFUSED" : "WAITING";
  const build = () => {
    const row = bubble({ mine: true, from: "", at: entry.at, text: entry.text, follows: false, receipt });
    if (receipt === "REFUSED") row.append(refusedPart(talk, entry));
    return row;
  };
  return { key: entry.id, sign: receipt, build };
}

/** @param {Said} said */
function bubble({ mine, from, at, text, follows, receipt }) {
  const who = mine
    ? word("chat.you_said")
    : el("span", {}, ...phrase("chat.they_said", { name: name(from) }));
  const speaker = el("span", { class: "unseen" }, who);
  const body = el("p", { class: "text", dir: "auto" }, text);
  const meta = el(
    "p",
    { class: "meta" },
    el("time", { datetime: at }, time(at)),
    receipt ? mark(receipt) : undefined,
  );
  const kind = `message ${mine ? "mine" : "theirs"}${follows ? " follows" : ""}`;
  return el("li", { class: kind, "data-receipt": receipt || undefined }, speaker, body, meta);
}

/** @param {string} receipt */
export function mark(receipt) {
  const said = word(`receipt.${receipt}`);
  return el(
    "span",
    { class: "mark", "data-mark": receipt, title: said },
    drawing(MARKS[receipt] ?? ""),
    unseen(said),
  );
}

/** @param {import("../models/talk.js").Talk} talk @param {OutboxEntry} entry */
function refusedPart(talk, entry) {
  const retry = () => talk.outbox.retry(entry.id);
  const discard = () => talk.outbox.discard(entry.id);
  const buttons = [
    el("button", { class: "small", type: "button", onclick: retry }, word("message.retry")),
    el("button", { class: "small", type: "button", onclick: discard }, word("message.discard")),
  ];
  return el(
    "div",
    { class: "refused" },
    el("p", {}, entry.detail ?? ""),
    el("div", { class: "row" }, ...buttons),
  );
}
