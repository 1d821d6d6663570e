// Messages that this person has changed and the house has not yet: they are shown as they will be.
//
// Used by Chat. What the house tells of such a message meanwhile is kept beside it, for when the change is
// taken back or refused.
import { isSaid } from "./message-kind.js";

/** What of it will be otherwise. @typedef {Pick<ChatMessage, "text" | "gone" | "hidden">} Cover */
/** @typedef {{cover: Cover, told: ChatMessage | undefined}} Covered */

export class Covers {
  /** By seq. @type {Map<number, Covered>} */
  #covered = new Map();

  /** @param {number} seq @param {Cover} cover */
  add(seq, cover) {
    this.#covered.set(seq, { cover, told: undefined });
  }

  /** Answers with the message as the house told it last, if it did. @param {number} seq */
  remove(seq) {
    const told = this.#covered.get(seq)?.told;
    this.#covered.delete(seq);
    return told;
  }

  clear() {
    this.#covered.clear();
  }

  /** The message as it is shown. @param {ChatMessage} told */
  admit(told) {
    const covered = this.#covered.get(told.seq);
    if (!covered) return told;
    if (isDone(told, covered.cover)) {
      this.#covered.delete(told.seq);
      return told;
    }
    if (!covered.told || (told.changed ?? 0) >= (covered.told.changed ?? 0)) covered.told = told;
    return withCover(told, covered.cover);
  }
}

/** It is done, or there is nothing left to do it to. @param {ChatMessage} told @param {Cover} cover */
function isDone(told, { text }) {
  return !isSaid(told) || (text !== undefined && told.text === text);
}

/** @param {ChatMessage} told @param {Cover} cover @returns {ChatMessage} */
function withCover(told, { text, gone, hidden }) {
  if (text !== undefined) return { ...told, text, edits: (told.edits ?? 0) + 1 };
  const { seq, from, at, id, changed } = told;
  return { seq, from, at, id, changed, gone, hidden };
}
