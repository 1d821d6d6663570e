// Ends messages when their time has come, by the house's clock, whether or not the house says so.
//
// Used by Chat. A browser's timers stop while the machine sleeps, and the longest of them is shorter than
// four weeks: so it looks once a minute while anything is due.
import { ended, endOf } from "./message-kind.js";

const CHECK_MS = 60_000;

export class Expiry {
  /** When each of them may be due, by its seq. @type {Map<number, number>} */
  #due = new Map();
  #after;
  #now;
  #expire;
  #next = Infinity;
  #cancel = () => {};

  /**
   * @param {object} parts
   * @param {Timer} parts.after
   * @param {() => number} parts.now as the house has it
   * @param {(seqs: number[]) => void} parts.expire the time of these may have come
   */
  constructor({ after, now, expire }) {
    this.#after = after;
    this.#now = now;
    this.#expire = expire;
  }

  clear() {
    this.#due.clear();
    this.#cancel();
    this.#next = Infinity;
  }

  /** The message as it is held now. @param {ChatMessage} message */
  admit(message) {
    const end = endOf(message);
    if (end <= this.#now()) return ended(message);
    if (end < Infinity) this.#due.set(message.seq, end);
    if (end < this.#next) this.#wait(end);
    return message;
  }

  /** @param {number} end */
  #wait(end) {
    this.#cancel();
    this.#next = end;
    const ms = Math.max(0, Math.min(CHECK_MS, end - this.#now()));
    this.#cancel = this.#after(ms, () => this.#look());
  }

  #look() {
    const due = [...this.#due].filter(([, end]) => end <= this.#now()).map(([seq]) => seq);
    for (const seq of due) this.#due.delete(seq);
    this.#next = Infinity;
    const next = [...this.#due.values()].reduce((one, other) => Math.min(one, other), Infinity);
    if (next < Infinity) this.#wait(next);
    if (due.length > 0) this.#expire(due);
  }
}
