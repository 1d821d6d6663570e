// The messages of one chat that this page holds, in the order of their seq, each once.
//
// Used by Chat. It may hold all that was ever said: nothing that a redraw asks walks through all of it. Only
// a page of history does, once. A message that changed is another object in its place.
import { ended, endOf, isSaid } from "./message-kind.js";

export class MessageLog {
  /** From old to new; others only read it. @type {ChatMessage[]} */
  all = [];
  /** The seqs of those that changed in their place, one a change; others only read it. @type {number[]} */
  changes = [];
  /** So many messages from the first one on follow each other without a gap. */
  #unbroken = 0;
  /** What each participant said last. @type {Map<string, ChatMessage>} */
  #newest = new Map();
  /** What is quoted, and is older than all that is held. @type {Map<number, ChatMessage>} */
  #quoted = new Map();
  #unsaid;

  /** @param {(seq: number) => void} [unsaid] called when what could be read can be read no more */
  constructor(unsaid = () => {}) {
    this.#unsaid = unsaid;
  }

  /** The seq before which nothing is held; 0 if nothing is. */
  get first() {
    return this.all[0]?.seq ?? 0;
  }

  /** The last seq up to which nothing is missing; 0 if nothing is held. */
  get last() {
    return this.all[this.#unbroken - 1]?.seq ?? 0;
  }

  /** @param {string} participant */
  newestOf(participant) {
    return this.#newest.get(participant);
  }

  /** @param {ChatMessage[]} messages */
  replace(messages) {
    this.all = messages;
    this.#unbroken = 0;
    this.#newest = new Map(messages.filter(isSaid).map((message) => [message.from, message]));
    this.#findGap();
  }

  clear() {
    this.#quoted.clear();
    this.replace([]);
  }

  /** @param {number} seq */
  find(seq) {
    const held = this.all[placeOf(this.all, seq)];
    return held?.seq === seq ? held : this.#quoted.get(seq);
  }

  /** @param {ChatMessage} message of which only a quote is shown so far */
  quote(message) {
    if (!this.find(message.seq)) this.#quoted.set(message.seq, message);
  }

  /** How the message is now, if it is held and this is news of it. @param {ChatMessage} message */
  change(message) {
    const held = this.find(message.seq);
    if (held && (message.changed ?? 0) > (held.changed ?? 0)) this.put(message);
  }

  /** Those of these whose time has come are gone. @param {number[]} seqs @param {number} now */
  expire(seqs, now) {
    for (const seq of seqs) {
      const held = this.find(seq);
      if (held && endOf(held) <= now) this.put(ended(held));
    }
  }

  /** In the place of the message that is held. @param {ChatMessage} message */
  put(message) {
    const { seq } = message;
    const held = this.find(seq);
    const place = placeOf(this.all, seq);
    if (this.#seqAt(place) !== seq) this.#quoted.set(seq, message);
    else {
      this.all[place] = message;
      this.changes.push(seq);
    }
    if (held && isSaid(held) && !isSaid(message)) this.#unsaid(seq);
  }

  /** Whether the message was not held before, and is now. @param {ChatMessage} message */
  insert(message) {
    const { seq, from } = message;
    // What is older than all that is held comes with its page of history, or a gap would stay behind it.
    if (seq < this.first - 1) return false;
    let place = this.all.length;
    while (place > 0 && this.#seqAt(place - 1) > seq) place -= 1;
    if (place > 0 && this.#seqAt(place - 1) === seq) {
      this.change(message);
      return false;
    }
    this.all.splice(place, 0, message);
    if (isSaid(message) && seq > (this.#newest.get(from)?.seq ?? 0)) this.#newest.set(from, message);
    if (place === 0) this.#unbroken = 0;
    this.#findGap();
    return true;
  }

  /** A page of history, if it ends where what is held begins. @param {ChatMessage[]} page */
  prepend(page) {
    if (page.at(-1)?.seq === this.first - 1) this.replace([...page, ...this.all]);
  }

  /** How many messages others said after this seq. @param {number} seq @param {string} me */
  countUnread(seq, me) {
    let count = 0;
    for (let place = this.all.length - 1; this.#seqAt(place) > seq; place -= 1)
      if (isOfOthers(this.all[place], me)) count += 1;
    return count;
  }

  /** @param {number} place */
  #seqAt(place) {
    return this.all[place]?.seq ?? 0;
  }

  #findGap() {
    const { all } = this;
    while (this.#unbroken < all.length && this.#seqAt(this.#unbroken) === this.first + this.#unbroken)
      this.#unbroken += 1;
  }
}

/** Whether somebody else said it. @param {ChatMessage | undefined} message @param {string} me */
export function isOfOthers(message, me) {
  return message !== undefined && message.from !== me && isSaid(message);
}

/**
 * Where what has this seq or a later one begins, among the first of these.
 * @param {{seq: number}[]} ordered
 * @param {number} seq
 * @param {number} [count]
 */
export function placeOf(ordered, seq, count = ordered.length) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
