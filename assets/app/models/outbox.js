// Messages of one seat that the house has not acknowledged yet.
//
// Used by a ChatSession. A message is numbered when it is first handed to a transport, and written down with
// its number before that, so that it is said once and in order whatever is lost (docs/protocol.md, "Once and
// in order"). What an earlier page left behind goes first, under the number that it had. It never touches the
// socket itself: `send` comes in.
//
// Events: "change", and "adopted" when what another document left behind came in.
import { Producer, producerOf } from "./producer.js";

/** Refusals that mean "later", not "never"; of some it is unknown whether the message arrived. */
const PASSING = new Set(["slow_down", "busy", "failed", "too_slow", "reconnect"]);
/** Refusals of the number: the message was certainly not taken under it. */
const MISNUMBERED = new Set(["out_of_order", "id_taken"]);
/** Refusals of what the message is: the same message is refused again. */
const LASTING = new Set(["malformed", "empty_message", "message_too_long", "too_large"]);
/** Refusals of what the message answers: it may be sent as no answer. */
const UNANSWERABLE = new Set(["no_such_message", "gone"]);
const PAUSE_MS = 2_000;

/** Whether trying again can help. @param {OutboxEntry} entry */
export function mayBeTaken({ code = "" }) {
  return !LASTING.has(code);
}

export class Outbox extends EventTarget {
  /** What waits here, oldest first. @type {OutboxEntry[]} */
  entries = [];
  #store;
  #owners;
  #send;
  #unansweredMax;
  #after;
  #now;
  #makeId;
  #makeProducer;
  #producer;
  #lastOrder = 0;
  /** Which opening this is; 0 while the chat is not open. */
  #opening = 0;
  #openings = 0;
  /** What was left behind has come in, and what another document took over has gone. */
  #isReady = false;
  /** All that was said is known here. */
  #hasCaughtUp = false;
  /** The entries of which only that tells whether they were taken, by their ids. @type {Set<string>} */
  #unknown = new Set();
  #isSending = false;
  #isOver = false;
  /** The entries that were sent and not answered, by their ids. @type {Set<string>} */
  #unanswered = new Set();
  /** Something was refused: nothing is sent until all the rest is answered. */
  #isHeld = false;
  /** The first number that is not used any more. @type {string | undefined} */
  #misnumbered;
  /** @type {(() => void) | undefined} */
  #cancelPause;

  /**
   * @param {object} parts
   * @param {OutboxStore} parts.store
   * @param {Pick<import("./owners.js").Owners, "self" | "watch" | "tell" | "onTold">} parts.owners
   * @param {(entry: SentEntry) => boolean} parts.send whether it was handed to an open transport
   * @param {() => number} parts.unansweredMax so many may be sent and not answered
   * @param {Timer} parts.after
   * @param {() => number} parts.now
   * @param {() => string} parts.makeId
   * @param {() => string} parts.makeProducer 64 random bits
   */
  constructor({ store, owners, send, unansweredMax, after, now, makeId, makeProducer }) {
    super();
    this.#store = store;
    this.#owners = owners;
    this.#send = send;
    this.#unansweredMax = unansweredMax;
    this.#after = after;
    this.#now = now;
    this.#makeId = makeId;
    this.#makeProducer = makeProducer;
    this.#producer = new Producer(makeProducer());
    owners.onTold((owner) => void this.#takeUp(owner));
  }

  /** Takes up what earlier pages left behind. */
  load() {
    void this.#lookAround();
  }

  /**
   * @param {string} text
   * @param {string} [id] of the entry, if it has one already
   * @param {number} [replyTo] the seq of the message that it answers
   */
  async say(text, id = this.#makeId(), replyTo = undefined) {
    if (this.entries.some((entry) => entry.id === id)) return;
    this.#lastOrder = Math.max(this.#now(), this.#lastOrder + 1);
    const at = new Date(this.#now()).toISOString();
    /** @type {OutboxEntry} */
    const entry = { id, owner: this.#owners.self, text, order: this.#lastOrder, at, state: "waiting" };
    if (replyTo) entry.reply_to = replyTo;
    this.entries.push(entry);
    this.#changed();
    this.#next();
    // What goes at once is written down with its number.
    if (entry.number === undefined) await this.#keep(entry);
  }

  /** The chat is open: what was unanswered is unknown, and is sent again unless it turns out to be said. */
  async open() {
    this.close();
    this.#noteUnknown();
    this.#openings += 1;
    const opening = (this.#opening = this.#openings);
    await this.#lookAround();
    if (this.#opening !== opening) return;
    this.#isReady = true;
    this.#next();
  }

  /** What was said while the chat was not open is known now. */
  catchUp() {
    this.#hasCaughtUp = true;
    this.#next();
  }

  /** The line is gone, or the chat is not open on it. */
  close() {
    this.#opening = 0;
    this.#isReady = this.#hasCaughtUp = this.#isHeld = false;
    this.#unanswered.clear();
    this.#renumber();
  }

  /** Another store answers: it has heard of nothing that was sent before. */
  restart() {
    this.#producer = new Producer(this.#makeProducer());
  }

  /**
   * The house has the message with this number. Answers with the entry if it was here.
   * @param {string} number
   */
  taken(number) {
    const entry = this.#find(number);
    if (!entry) return undefined;
    this.#drop(entry);
    this.#settle();
    return entry;
  }

  /** @param {string} number @param {{code: string, detail?: string, retryAfter?: number}} refusal */
  refused(number, refusal) {
    const entry = this.#find(number);
    if (!entry) return;
    this.#unanswered.delete(entry.id);
    if (refusal.code === "already_taken") this.#drop(entry);
    else if (PASSING.has(refusal.code)) this.#pause((refusal.retryAfter ?? 0) * 1000 || PAUSE_MS);
    else if (MISNUMBERED.has(refusal.code)) this.#misnumber(number, refusal.code);
    else this.#refuse(entry, number, refusal);
    this.#settle();
  }

  /** @param {string} id */
  retry(id) {
    const entry = this.entries.find((refused) => refused.id === id);
    if (!entry) return;
    entry.state = "waiting";
    void this.#keep(entry);
    this.#changed();
    this.#next();
  }

  /** @param {string} id */
  discard(id) {
    const entry = this.entries.find((refused) => refused.id === id);
    if (entry) this.#drop(entry);
  }

  /** The chat is gone, and what was meant for it. */
  async wipe() {
    this.#isOver = true;
    this.close();
    this.#cancelPause?.();
    this.entries = [];
    this.#changed();
    await this.#store.wipe();
  }

  /** Another document may have left something behind, or have taken over what is here. */
  async #lookAround() {
    const { lost, owners } = await this.#store.look(this.#owners.self);
    for (const id of lost) this.#lose(id);
    await Promise.all(owners.map((owner) => this.#takeUp(owner)));
  }

  /** What that document leaves behind. @param {string} owner */
  #takeUp(owner) {
    return this.#owners.watch(owner, () => this.#adopt(owner));
  }

  /** @param {string} owner a document that is gone */
  async #adopt(owner) {
    const found = await this.#store.adopt(owner, this.#owners.self);
    const known = new Set(this.entries.map(({ id }) => id));
    const left = found.filter(({ id }) => !known.has(id));
    if (this.#isOver || left.length === 0) return;
    this.entries = [...this.entries, ...left].sort((one, other) => one.order - other.order);
    this.#lastOrder = Math.max(this.#lastOrder, this.entries.at(-1)?.order ?? 0);
    if (!this.#hasCaughtUp) this.#noteUnknown();
    this.#changed();
    this.dispatchEvent(new Event("adopted"));
    this.#next();
  }

  #noteUnknown() {
    const numbered = this.entries.filter(({ id, number }) => number && !this.#unanswered.has(id));
    this.#unknown = new Set(numbered.map(({ id }) => id));
  }

  /**
   * What is behind a refused message is refused as well, because one before it is missing: that says nothing
   * about its number.
   * @param {string} number
   * @param {string} code
   */
  #misnumber(number, code) {
    if (!this.#isHeld || code === "id_taken") this.#noteMisnumbered(number);
    this.#isHeld = true;
  }

  /** @param {OutboxEntry} entry @param {string} number @param {{code: string, detail?: string}} refusal */
  #refuse(entry, number, { code, detail }) {
    Object.assign(entry, { state: "refused", code, detail, number: undefined });
    if (UNANSWERABLE.has(code)) delete entry.reply_to;
    this.#noteMisnumbered(number);
    this.#isHeld = true;
    void this.#keep(entry);
    this.#changed();
  }

  /** @param {string} number */
  #noteMisnumbered(number) {
    if (this.#misnumbered === undefined || number < this.#misnumbered) this.#misnumbered = number;
  }

  /**
   * What was not taken, and everything behind it, can never be taken under its number: the number before it
   * will not come. It gets one of another producer, so that what may still be on its way can do no harm.
   */
  #renumber() {
    const first = this.#misnumbered;
    this.#misnumbered = undefined;
    if (first === undefined) return;
    const producer = producerOf(first);
    for (const entry of this.entries)
      if (entry.number && producerOf(entry.number) === producer && entry.number >= first)
        entry.number = undefined;
    if (producer === this.#producer.name) this.restart();
  }

  /** @param {number} ms */
  #pause(ms) {
    this.#isHeld = true;
    this.#cancelPause?.();
    this.#cancelPause = this.#after(ms, () => {
      this.#cancelPause = undefined;
      this.#next();
    });
  }

  /** An answer came. */
  #settle() {
    if (this.#unanswered.size === 0) {
      this.#isHeld = false;
      this.#renumber();
    }
    this.#next();
  }

  #next() {
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll() {
    this.#isSending = true;
    for (let entry = this.#due(); entry; entry = this.#due()) {
      const opening = this.#opening;
      const isOurs = await this.#number(entry);
      if (!isOurs || opening !== this.#opening || !this.#isDue(entry)) continue;
      if (!this.#send(entry)) break;
      this.#unanswered.add(entry.id);
    }
    this.#isSending = false;
  }

  /** @param {OutboxEntry} entry @returns {entry is SentEntry} */
  #isDue(entry) {
    return entry.number !== undefined && this.#due() === entry;
  }

  /** What is sent next: what was numbered before this page, one at a time, then what this page numbered. */
  #due() {
    if (!this.#isReady || this.#isHeld || this.#cancelPause) return undefined;
    const waiting = this.entries.filter(({ state }) => state === "waiting");
    if (!this.#hasCaughtUp && waiting.some(({ id }) => this.#unknown.has(id))) return undefined;
    const left = waiting.find(({ number }) => number && producerOf(number) !== this.#producer.name);
    if (this.#unanswered.size >= (left ? 1 : this.#unansweredMax())) return undefined;
    const unsent = waiting.filter(({ id }) => !this.#unanswered.has(id));
    const first = lowest(unsent, producerOf(left?.number ?? this.#producer.name));
    return first ?? unsent.find(({ number }) => number === undefined);
  }

  /** Whether it is still this document's. @param {OutboxEntry} entry */
  async #number(entry) {
    if (entry.number !== undefined) return true;
    entry.number = this.#producer.next();
    return this.#keep(entry);
  }

  /** @param {string} number */
  #find(number) {
    return this.entries.find((entry) => entry.number === number);
  }

  /** @param {OutboxEntry} entry */
  #drop(entry) {
    void this.#store.remove(entry);
    this.#lose(entry.id);
  }

  /** @param {string} id */
  #lose(id) {
    this.#unanswered.delete(id);
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.#changed();
  }

  /**
   * Whether it is still this document's. What was acknowledged while it was being written must not stay.
   * @param {OutboxEntry} entry
   */
  async #keep(entry) {
    this.#owners.tell();
    const isOurs = await this.#store.put({ ...entry });
    const isHere = this.entries.includes(entry);
    if (!isOurs) this.#lose(entry.id);
    else if (!isHere) await this.#store.remove(entry);
    return isOurs && isHere;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** The one of this producer that comes first. @param {OutboxEntry[]} entries @param {string} producer */
function lowest(entries, producer) {
  const numbered = entries.filter(({ number = "" }) => producerOf(number) === producer);
  return numbered.sort((one, other) => ((one.number ?? "") < (other.number ?? "") ? -1 : 1))[0];
}
