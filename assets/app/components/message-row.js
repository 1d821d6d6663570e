// The elements of a conversation's rows: day lines, the line before what is new, notes of what happened,
// messages and what waits to be sent. Stateless: a Timeline says how each row looks.
import { el, icon, name, send, visuallyHidden } from "../helpers/dom.js";
import { day, list, time, vanishing } from "../helpers/format.js";
import { button } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { mayBeTaken, textOf } from "../models/outbox-entry.js";
import { drawnText, isEmoji, partsOf } from "../models/text.js";
import { quoteElement } from "./quote.js";
import { markButton, namedMark } from "./receipt-mark.js";
import { HOURGLASS } from "./timer-line.js";

/** So many colours there are for the names of people. */
const HUES = 8;
const DOTS = "M5 12h.01M12 12h.01M19 12h.01";

/** @typedef {import("../models/timeline.js").Look} Look */
/** @typedef {Pick<import("../models/outbox.js").Outbox, "retry">} Outbox */

/** @param {Look} look @param {Outbox} outbox */
export function rowElement(look, outbox) {
  const { kind, at } = look.row;
  if (kind === "day") return el("li", { class: "day" }, el("span", {}, day(at)));
  if (kind === "new") return el("li", { class: "new-divider" }, el("span", {}, word("chat.fresh")));
  if (kind === "note") return noteElement(look);
  return messageElement(look, outbox);
}

/** @param {Look} look */
function noteElement({ row: { seq }, name: by, note }) {
  const values = note && { name: name(by), other: name(note.other), time: word(`span.${note.span}`) };
  const words = values ? phrase(`note.${note.key}`, values) : [word("chat.unsupported")];
  return el("li", { class: "event", "data-seq": seq }, ...words);
}

/** @param {Look} look @param {Outbox} outbox */
function messageElement(look, outbox) {
  const { row, name: from, isMine, receipt } = look;
  const who = isMine
    ? word("chat.you_said")
    : el("span", {}, ...phrase("chat.they_said", { name: name(from) }));
  const isGone = row.message?.gone !== undefined;
  const bubble = isGone ? stub(look) : saidBubble(look);
  if (row.entry && receipt === "REFUSED") bubble.append(refusedPart(row.entry, outbox));
  const sort = sortOf(look);
  const seq = row.seq || undefined;
  const attributes = { class: sort, "data-receipt": receipt || undefined, "data-seq": seq };
  const menu = isGone ? undefined : menuButton(row);
  return el("li", attributes, isGone && isMine ? undefined : visuallyHidden(who), menu, bubble);
}

/** @param {import("../models/timeline.js").Row} row */
function menuButton(row) {
  const act = button("act", () => send(act, "message-menu", row), icon(DOTS));
  act.setAttribute("aria-label", word("menu.title"));
  return act;
}

/** @param {Look} look */
function sortOf({ row, isMine }) {
  return `message ${isMine ? "mine" : "theirs"}${row.follows ? " follows" : ""}`;
}

/** @param {Look} look */
function stub(look) {
  const what = word(look.isMine ? "message.gone_mine" : "message.gone");
  return el("div", { class: "bubble gone" }, senderPart(look), el("p", {}, what), meta(look));
}

/** @param {Look} look */
function saidBubble(look) {
  const { row, quote, reactions } = look;
  const text = row.entry ? textOf(row.entry) : (row.message?.text ?? word("chat.unsupported"));
  const kind = isEmoji(text) ? "text emoji" : "text";
  const body = el("p", { class: kind, dir: "auto" }, ...partsOf(drawnText(text)).flatMap(textPart));
  const parts = [quote && quoteElement(quote), body, reactions && reactionsPart(reactions)];
  return el("div", { class: "bubble" }, senderPart(look), ...parts, meta(look));
}

/** In a group. A screen reader says it with each message already. @param {Look} look */
function senderPart({ sender, name: called }) {
  const hue = Number(sender) % HUES;
  return sender && el("p", { class: `sender hue-${hue}`, "aria-hidden": "true" }, name(called));
}

/** @param {import("../models/timeline.js").Mark[]} reactions */
function reactionsPart(reactions) {
  const marks = reactions.map(({ emoji, names }) => {
    const who = word("chat.they_said", { name: emoji }) + list(names);
    const count = names.length > 1 ? ` ${names.length}` : "";
    return el("span", { role: "img", "aria-label": who, title: who }, emoji + count);
  });
  return el("p", { class: "reactions" }, ...marks);
}

/** @param {import("../models/text.js").Part} part @returns {(Node | string)[]} */
function textPart({ text, href, host }) {
  if (!href) return [text];
  const elsewhere = { target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" };
  const safe = href.startsWith("mailto:") ? {} : elsewhere;
  const link = el("a", { href, dir: "ltr", translate: "no", ...safe }, text);
  return host ? [link, el("bdi", { class: "host", dir: "ltr" }, ` (${host})`)] : [link];
}

/** @param {Look} look */
function meta({ row: { at, message }, receipt, isFollowed, isVanishing }) {
  const edited = message?.edits ? el("span", {}, word("message.edited")) : undefined;
  const sign = isVanishing ? vanishingSign(message?.vanishes) : undefined;
  const clock = el("time", { datetime: at }, time(at));
  const mark = receipt
    ? isFollowed
      ? namedMark(receipt)
      : markButton(receipt, message?.seq ?? 0)
    : undefined;
  return el("p", { class: isFollowed ? "meta visually-hidden" : "meta" }, edited, sign, clock, mark);
}

/** @param {string | undefined} at not known while the message waits */
function vanishingSign(at) {
  const said = at ? vanishing(at) : undefined;
  return el(
    "span",
    { class: "vanishing", role: said && "img", "aria-label": said, title: said },
    icon(HOURGLASS),
  );
}

/** @param {OutboxEntry} entry @param {Outbox} outbox */
function refusedPart(entry, outbox) {
  const retry = button("small", () => outbox.retry(entry.id), word("message.retry"));
  const discard = button("small", () => send(discard, "discard", entry), word("message.discard"));
  const why = el("p", { role: "alert" }, refusalWords({ code: entry.code, message: entry.detail }));
  return el(
    "div",
    { class: "refused" },
    why,
    el("div", { class: "row" }, mayBeTaken(entry) ? retry : undefined, discard),
  );
}
