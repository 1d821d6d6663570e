// The rows of a conversation, from top to bottom: a line for each day, the line before what is new, messages,
// notes of what happened, and what waits to be sent.
//
// Used by <parlour-messages>. The rows are kept from one redraw to the next: only those are made that come
// after the first difference. How a row looks is asked for the few that are laid out. What is deleted, hidden
// or vanished has no row.
import { kindOf } from "./message-kind.js";
import { placeOf } from "./message-log.js";
import { saidOfNote } from "./notes.js";
import { textOf } from "./outbox-entry.js";
import { receiptOf } from "./receipts.js";

/** `2026-11-21T18:42` of a time that is written as the protocol has it. */
const MINUTE_CHARS = 16;

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {"day" | "new" | "message" | "note"} kind
 * @property {string} at of its message
 * @property {number} seq of its message; 0 while it waits
 * @property {string} day
 * @property {ChatMessage} [message]
 * @property {OutboxEntry} [entry]
 * @property {boolean} [follows] a message of the same sender and minute: the time is said once
 * @property {boolean} [begins] the first of a run of messages of one sender
 */

/**
 * How a row looks now. The time and the mark of a message are below it, or below the one that follows it.
 * @typedef {object} Look
 * @property {Row} row
 * @property {string} sign changes when the row must be drawn again
 * @property {string} name of who said it
 * @property {boolean} isMine
 * @property {string} [sender] in a group, whose name is above it: a participant
 * @property {string} receipt of a message of one's own
 * @property {boolean} isFollowed
 * @property {boolean} [isVanishing] by itself, sooner or later
 * @property {Quote} [quote] of the message that it answers
 * @property {Mark[]} [reactions]
 * @property {import("./notes.js").Said} [note] what happened, if this version knows it: `other` is a name
 */

/** `message` is as it is now; nothing while it is not known. @typedef {object} Quote
 * @property {number} seq
 * @property {ChatMessage | undefined} message
 * @property {string} name of who said it
 */

/** @typedef {{emoji: string, names: string[]}} Mark an emoji, and who reacted with it */

export class Timeline {
  /** @type {Row[]} */
  rows = [];
  #session;
  #dayOf;
  /** The messages that have rows: how many, and the last of them. */
  #count = 0;
  /** @type {ChatMessage[] | undefined} */
  #messages;
  #lastSeq = 0;
  /** So many changes of messages are in the rows. */
  #changes = 0;
  #newSeq = 0;
  /** So many rows are of messages; what waits comes behind them. */
  #said = 0;
  /** Which message of one's own has the row of its id. @type {Map<string, number>} */
  #ownSeqs = new Map();

  /**
   * @param {Pick<import("./chat-session.js").ChatSession, "chat" | "outbox">} session
   * @param {(at: string) => string} dayOf a key for the day of a time
   */
  constructor(session, dayOf) {
    this.#session = session;
    this.#dayOf = dayOf;
  }

  /** Answers from which place on there are other rows. */
  update() {
    const { chat, outbox } = this.#session;
    const { messages, changes } = chat;
    const isGrown = messages === this.#messages && (messages[this.#count - 1]?.seq ?? 0) === this.#lastSeq;
    if (!isGrown) this.#cut(0);
    else for (const seq of changes.slice(this.#changes)) this.#change(seq);
    this.#changes = changes.length;
    this.#moveNewLine(chat.firstNew?.seq ?? 0);
    const from = this.#said;
    this.rows.length = from;
    for (const message of messages.slice(this.#count)) this.#push(message);
    this.#said = this.rows.length;
    this.#messages = messages;
    this.#count = messages.length;
    this.#lastSeq = messages.at(-1)?.seq ?? 0;
    for (const entry of outbox.shown) this.rows.push(waiting(entry));
    return from;
  }

  /** The rows of messages from this seq on are made once more. @param {number} seq */
  #cut(seq) {
    this.#count = placeOf(this.#session.chat.messages, seq, this.#count);
    this.#said = placeOf(this.rows, seq, this.#said);
  }

  /** A message that is shown as before keeps its row. @param {number} seq */
  #change(seq) {
    const place = placeOf(this.rows, seq + 1, this.#said) - 1;
    const row = this.rows[place];
    const message = this.#session.chat.find(seq);
    if (row?.seq === seq && message && kindOf(message) === row.kind) this.rows[place] = { ...row, message };
    else this.#cut(seq);
  }

  /** @param {number} seq of the message below it; 0 for none */
  #moveNewLine(seq) {
    if (seq === this.#newSeq) return;
    const first = Math.min(seq || Infinity, this.#newSeq || Infinity);
    this.#newSeq = seq;
    if (this.#said > 0 && first <= this.#lastSeq) this.#cut(first);
  }

  /** @param {ChatMessage} message */
  #push(message) {
    const { seq, at, from, id } = message;
    const kind = kindOf(message);
    if (!kind) return;
    const day = this.#dayOf(at);
    const row = { at, seq, day };
    // A clock that was wrong for a while may bring one day twice.
    if (day !== this.rows.at(-1)?.day) this.rows.push({ ...row, key: `day ${seq}`, kind: "day" });
    if (seq === this.#newSeq) this.rows.push({ ...row, key: "new", kind: "new" });
    const key = id && from === this.#session.chat.me ? this.#ownKey(id, seq) : `message ${seq}`;
    const before = this.rows.at(-1);
    const isNext = kind === "message" && follows(before, message);
    const begins = before?.kind !== "message" || before.message?.from !== from;
    this.rows.push({ ...row, key, kind, message, follows: isNext, begins });
  }

  /**
   * The id, so that what waited keeps its row. Who sends chooses it: another device of the same person may
   * have chosen it too, and only one message has the row.
   * @param {string} id @param {number} seq
   */
  #ownKey(id, seq) {
    const first = this.#ownSeqs.get(id) ?? seq;
    this.#ownSeqs.set(id, first);
    return first === seq ? id : `message ${seq}`;
  }

  /**
   * @param {import("./virtual-list.js").Span} span
   * @param {string} today a key for the day
   */
  looks({ from, to }, today) {
    const { reach } = this.#session.chat;
    return this.rows.slice(from, to).map((row, at) => {
      if (row.kind === "message") return this.#look(row, this.rows[from + at + 1], reach);
      if (row.message) return this.#noteLook(row, row.message);
      const plain = { name: "", isMine: false, receipt: "", isFollowed: false };
      return { row, sign: row.kind === "day" ? today : "", ...plain };
    });
  }

  /**
   * @param {Row} row
   * @param {Row | undefined} next
   * @param {import("./receipts.js").Reach} reach how far all of the others have got
   * @returns {Look}
   */
  #look(row, next, reach) {
    const { me } = this.#session.chat;
    const { reactions, from = me } = row.message ?? {};
    const { reply_to: answered } = row.entry ?? row.message ?? {};
    const name = this.#nameOf(from);
    const receipt = this.#receipt(row, reach);
    const isVanishing = this.#isVanishing(row);
    const isFollowed = this.#isFollowed(row, next, reach);
    const quote = answered ? this.#quote(answered) : undefined;
    const marks = reactions && this.#marks(reactions);
    const sender = this.#sender(row);
    const names = [name, sender, quote?.name, ...(marks ?? []).flatMap((mark) => mark.names)].join();
    const states = [stateOf(row.message), stateOf(quote?.message), waitingText(row)].join();
    const sign = `${row.seq} ${receipt} ${row.follows} ${isFollowed} ${isVanishing} ${names} ${states}`;
    const how = { receipt, isFollowed, isVanishing, quote, reactions: marks };
    return { row, sign, name, isMine: from === me, sender, ...how };
  }

  /** In a group, whose name is above the message. @param {Row} row */
  #sender({ message, begins }) {
    const { group, me } = this.#session.chat;
    return group && begins && message?.from !== me ? message?.from : undefined;
  }

  /**
   * Whether the time and the mark are below the next message.
   * @param {Row} row
   * @param {Row | undefined} next
   * @param {import("./receipts.js").Reach} reach
   */
  #isFollowed(row, next, reach) {
    return (
      next?.follows === true &&
      !row.message?.edits &&
      this.#receipt(next, reach) === this.#receipt(row, reach) &&
      this.#isVanishing(next) === this.#isVanishing(row)
    );
  }

  /** What waits to be sent vanishes as what is said now does. @param {Row} row */
  #isVanishing({ message, entry }) {
    if (entry) return entry.state === "waiting" && this.#session.chat.vanishAfter !== "never";
    return message?.vanishes !== undefined && !message.gone;
  }

  /** @param {Row} row @param {ChatMessage} message @returns {Look} */
  #noteLook(row, message) {
    const { me } = this.#session.chat;
    const [name, said] = [this.#nameOf(message.from), saidOfNote(message, me)];
    const note = said && { ...said, other: this.#nameOf(said.other) };
    return {
      row,
      sign: `${name}\n${note?.other}`,
      name,
      isMine: message.from === me,
      receipt: "",
      isFollowed: false,
      note,
    };
  }

  /** @param {number} seq @returns {Quote} */
  #quote(seq) {
    const message = this.#session.chat.find(seq);
    return { seq, message, name: this.#nameOf(message?.from) };
  }

  /** @param {Reaction[]} reactions */
  #marks(reactions) {
    /** @type {Map<string, string[]>} */
    const names = new Map();
    for (const { emoji, from } of reactions)
      names.set(emoji, [...(names.get(emoji) ?? []), this.#nameOf(from)]);
    return [...names].map(([emoji, of]) => ({ emoji, names: of }));
  }

  /** @param {string} [participant] */
  #nameOf(participant = "") {
    return this.#session.chat.participants.get(participant)?.name ?? "";
  }

  /** @param {Row} row @param {import("./receipts.js").Reach} reach */
  #receipt({ seq, message, entry }, reach) {
    if (entry) return entry.state === "refused" ? "REFUSED" : "WAITING";
    const isMine = message?.from === this.#session.chat.me && !message.gone;
    return isMine ? receiptOf(seq, reach) : "";
  }
}

/**
 * Messages of one sender and minute belong together.
 * @param {Row | undefined} before
 * @param {ChatMessage} message
 */
function follows(before, { from, at }) {
  const isSameMinute = before?.at.slice(0, MINUTE_CHARS) === at.slice(0, MINUTE_CHARS);
  return isSameMinute && before?.kind === "message" && before.message?.from === from;
}

/** @param {Row} row */
function waitingText({ entry }) {
  return entry ? textOf(entry) : "";
}

/** What changes whenever it must be drawn otherwise. @param {ChatMessage | undefined} message */
function stateOf(message) {
  return message ? `${message.changed}${message.edits}${kindOf(message)}${message.gone?.at}` : "";
}

/** What is sent keeps its row when the house has it. @param {OutboxEntry} entry @returns {Row} */
function waiting(entry) {
  return {
    key: entry.number ?? entry.id,
    kind: "message",
    at: entry.at,
    seq: 0,
    day: "",
    entry,
    follows: false,
  };
}
