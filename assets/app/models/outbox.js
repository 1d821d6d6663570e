// Messages of one seat that the house has not acknowledged yet.
//
// Used by a ChatSession. A message is numbered when it is first handed to a transport, and written down with
// its number before that, so that it is said once and in order whatever is lost (docs/protocol.md, "Once and
// in order"). What an earlier page left behind goes first, under the number that it had. It never touches the
// socket itself: `send` comes in.
//
// What is edited or deleted before it has a number changes here, and is never sent as it was. With a number
// it may have been taken, and the house must get the same again: it is changed there once the house has it.
// What is deleted and is not among all that was said is abandoned: should it come after all, it is deleted.
//
// Events: "change"; "adopted" when what another document left behind came in; "unchanged" (CustomEvent,
// detail: the entry and why) when it could not be changed in the house.
import {
  changeOf,
  isMisnumbered,
  isOpen,
  isPassing,
  isPassingOrAway,
  isQueued,
  isUnanswerable,
  isUnsaid,
  lowest,
} from "./outbox-entry.js";
import { Producer, producerOf } from "./producer.js";

const PAUSE_MS = 2_000;
const WITHOUT_WORDS = { text: "", edit: undefined };

export class Outbox extends EventTarget {
  /** What waits here, oldest first. @type {OutboxEntry[]} */
  entries = [];
  #store;
  #owners;
  #send;
  #sendChange;
  #unansweredMax;
  #after;
  #now;
  #makeId;
  #makeProducer;
  #producer;
  /** What this document numbered: since then it has heard everything. @type {Set<string>} */
  #ownProducers = new Set();
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
  /** Deleted entries that may still be restored, by their ids. @type {Set<string>} */
  #undoable = new Set();
  /** Entries whose change the house was asked for, by their ids. @type {Set<string>} */
  #changing = new Set();
  /** @type {(() => void) | undefined} */
  #cancelPause;

  /**
   * @param {object} parts
   * @param {OutboxStore} parts.store
   * @param {Pick<import("./owners.js").Owners, "self" | "watch" | "tell" | "onTold">} parts.owners
   * @param {(entry: SentEntry) => boolean} parts.send whether it was handed to an open transport
   * @param {ChangeMessage} parts.change what the house has
   * @param {() => number} parts.unansweredMax so many may be sent and not answered
   * @param {Timer} parts.after
   * @param {() => number} parts.now
   * @param {() => string} parts.makeId
   * @param {() => string} parts.makeProducer 64 random bits
   */
  constructor({ store, owners, send, change, unansweredMax, after, now, makeId, makeProducer }) {
    super();
    this.#store = store;
    this.#owners = owners;
    this.#send = send;
    this.#sendChange = change;
    this.#unansweredMax = unansweredMax;
    this.#after = after;
    this.#now = now;
    this.#makeId = makeId;
    this.#makeProducer = makeProducer;
    this.#producer = this.#newProducer();
    owners.onTold((owner) => void this.#takeUp(owner));
  }

  /** What waits to be said, as its person sees it. */
  get shown() {
    return this.entries.filter(isQueued);
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
    for (const entry of this.entries) void this.#follow(entry);
  }

  /**
   * What was said while the chat was not open is known now.
   * @param {boolean} isGapless whether that is all that was said since it was open before
   */
  catchUp(isGapless) {
    this.#hasCaughtUp = true;
    if (isGapless)
      for (const entry of this.entries.filter(({ isDeleted }) => isDeleted)) this.#abandon(entry);
    this.#next();
  }

  /**
   * The house has not taken it by now. It may still be on its way, so it is known here until the chat was
   * opened once more.
   * @param {OutboxEntry} entry
   */
  #abandon(entry) {
    const { id, number = "", isAbandoned } = entry;
    if (!this.#unknown.has(id) || this.#unanswered.has(id)) return;
    if (isAbandoned) return this.#drop(entry);
    if (!this.#ownProducers.has(producerOf(number))) return;
    this.#unknown.delete(id);
    Object.assign(entry, { isAbandoned: true }, this.#undoable.has(id) ? {} : WITHOUT_WORDS);
    void this.#write(entry);
    // The house waits for this number, and no other of its producer can be taken.
    if (producerOf(number) === this.#producer.name) this.#producer = this.#newProducer();
  }

  /** The line is gone, or the chat is not open on it. */
  close() {
    this.#opening = 0;
    this.#isReady = this.#hasCaughtUp = this.#isHeld = false;
    this.#unanswered.clear();
    this.#changing.clear();
    this.#renumber();
  }

  /** Another store answers: it has heard of nothing that was sent before. */
  restart() {
    this.#ownProducers.clear();
    this.#producer = this.#newProducer();
    for (const entry of this.entries) entry.seq = undefined;
    this.#undoable.clear();
  }

  #newProducer() {
    const producer = new Producer(this.#makeProducer());
    this.#ownProducers.add(producer.name);
    return producer;
  }

  /**
   * The house has the message with this number. Answers with the entry if it was here.
   * @param {string} number @param {number} seq
   */
  taken(number, seq) {
    const entry = this.#find(number);
    if (!entry) return undefined;
    this.#unanswered.delete(entry.id);
    entry.seq = seq;
    void this.#follow(entry);
    this.#changed();
    this.#settle();
    return entry;
  }

  /** @param {string} number @param {{code: string, detail?: string, retryAfter?: number}} refusal */
  refused(number, refusal) {
    const entry = this.#find(number);
    if (!entry) return;
    this.#unanswered.delete(entry.id);
    if (refusal.code === "already_taken") this.#giveUp(entry, refusal);
    else if (isPassing(refusal.code)) this.#pause((refusal.retryAfter ?? 0) * 1000 || PAUSE_MS);
    else if (isMisnumbered(refusal.code)) this.#misnumber(number, refusal.code);
    else this.#refuse(entry, number, refusal);
    this.#settle();
  }

  /** @param {string} id */
  retry(id) {
    const entry = this.entries.find((refused) => refused.id === id);
    if (entry) void this.#alter(entry, { state: "waiting" });
  }

  /**
   * What was refused is tried again. Whether the message is still this document's.
   * @param {OutboxEntry} entry @param {string} text
   */
  edit(entry, text) {
    if (entry.number !== undefined)
      return this.#alter(entry, { edit: text === entry.text ? undefined : text });
    return this.#alter(entry, { text, state: "waiting", code: undefined, detail: undefined });
  }

  /**
   * It can be restored until that is confirmed. Whether the message is still this document's.
   * @param {OutboxEntry} entry
   */
  delete(entry) {
    this.#undoable.add(entry.id);
    return this.#alter(entry, { isDeleted: true });
  }

  /** @param {OutboxEntry} entry */
  restore(entry) {
    this.#undoable.delete(entry.id);
    if (!this.entries.includes(entry)) this.#insert([entry]);
    void this.#alter(entry, { isDeleted: undefined, isAbandoned: undefined });
  }

  /** It stays deleted. @param {OutboxEntry} entry @param {boolean} isLeaving the page */
  confirm(entry, isLeaving) {
    this.#undoable.delete(entry.id);
    if (entry.isAbandoned) void this.#alter(entry, WITHOUT_WORDS);
    void this.#follow(entry, isLeaving);
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
    this.#insert(left);
    for (const entry of left) this.#loseIfDeleted(entry);
    if (!this.#hasCaughtUp) this.#noteUnknown();
    this.#changed();
    this.dispatchEvent(new Event("adopted"));
    this.#next();
  }

  /** @param {OutboxEntry[]} entries */
  #insert(entries) {
    this.entries = [...this.entries, ...entries].sort((one, other) => one.order - other.order);
    this.#lastOrder = Math.max(this.#lastOrder, this.entries.at(-1)?.order ?? 0);
  }

  /**
   * It is otherwise from now on. Whether it is still this document's: another one may have taken it over.
   * @param {OutboxEntry} entry @param {Partial<OutboxEntry>} how
   */
  async #alter(entry, how) {
    if (!this.entries.includes(entry)) return false;
    Object.assign(entry, how);
    this.#changed();
    const isOurs = await this.#write(entry);
    this.#loseIfDeleted(entry);
    void this.#follow(entry);
    this.#next();
    return isOurs;
  }

  /** What has no number was never taken: nothing is left to do. @param {OutboxEntry} entry */
  #loseIfDeleted(entry) {
    if (entry.isDeleted && entry.number === undefined) this.#drop(entry);
  }

  /**
   * The house has it: what was done with it since it was sent is done there.
   * @param {OutboxEntry} entry
   */
  async #follow(entry, isLeaving = false) {
    const { id, seq } = entry;
    const isBusy = this.#undoable.has(id) || this.#changing.has(id) || !this.entries.includes(entry);
    if (seq === undefined || isBusy) return;
    const change = changeOf(entry, seq);
    if (!change) return this.#drop(entry);
    this.#changing.add(id);
    const refusal = await this.#sendChange(change, isLeaving).then(
      () => undefined,
      (error) => error,
    );
    this.#changing.delete(id);
    if (!refusal) this.#drop(entry);
    else if (isPassingOrAway(refusal.code)) this.#after(PAUSE_MS, () => this.#isReady && this.#follow(entry));
    else this.#giveUp(entry, refusal);
  }

  /** It is as it was said, and stays so. @param {OutboxEntry} entry @param {{code: string}} refusal */
  #giveUp(entry, refusal) {
    this.#drop(entry);
    if (!changeOf(entry, 0)) return;
    this.dispatchEvent(new CustomEvent("unchanged", { detail: { entry, refusal } }));
  }

  #noteUnknown() {
    const isUnknown = (/** @type {OutboxEntry} */ entry) =>
      entry.number !== undefined && isOpen(entry) && !this.#unanswered.has(entry.id);
    const numbered = this.entries.filter(isUnknown);
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
    if (isUnanswerable(code)) delete entry.reply_to;
    this.#noteMisnumbered(number);
    this.#isHeld = true;
    // What was edited meanwhile may be taken as it is now.
    if (entry.edit === undefined) Object.assign(entry, { state: "refused", code, detail });
    this.#unnumber(entry);
  }

  /** It was certainly not taken: it becomes what its person wants it to be. @param {OutboxEntry} entry */
  #unnumber(entry) {
    const { edit: text = entry.text } = entry;
    void this.#alter(entry, { number: undefined, edit: undefined, text });
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
    for (const entry of this.entries.filter(isUnsaid))
      if (entry.number && producerOf(entry.number) === producer && entry.number >= first)
        this.#unnumber(entry);
    if (producer === this.#producer.name) this.#producer = this.#newProducer();
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
    const waiting = this.entries.filter(isUnsaid);
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
    return this.entries.find((entry) => entry.number === number && entry.seq === undefined);
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

  /** Whether it is still here after it was written. @param {OutboxEntry} entry */
  async #keep(entry) {
    return (await this.#write(entry)) && this.entries.includes(entry);
  }

  /**
   * Whether it is still this document's. What was acknowledged while it was being written must not stay.
   * @param {OutboxEntry} entry
   */
  async #write(entry) {
    this.#owners.tell();
    // The house may be another one when this is read: then its seq means nothing.
    const isOurs = await this.#store.put({ ...entry, seq: undefined });
    if (!isOurs) this.#lose(entry.id);
    else if (!this.entries.includes(entry)) await this.#store.remove(entry);
    return isOurs;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
