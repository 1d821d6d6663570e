// Messages that this person has changed and the house has not yet: they are shown as they will be.
//
// Used by Chat. What the house tells of such a message meanwhile is kept beside it, for when the change is
// taken back or refused. A message that is edited and then deleted has two: either can go without the other.
import { isSaid } from "./message-kind.js";

/** @typedef {Pick<MessageCommand, "seq" | "of">} Done what was done, and with which message */
/** What of it will be otherwise. @typedef {Pick<ChatMessage, "text" | "gone" | "hidden">} Cover */
/** @typedef {{covers: Map<MessageCommand["of"], Cover>, told?: ChatMessage}} Covered */

export class Covers {
  /** By seq. @type {Map<number, Covered>} */
  #covered = new Map();

  /** @param {MessageCommand} command @param {Cover} cover */
  add({ seq, of }, cover) {
    const covered = this.#covered.get(seq) ?? { covers: new Map() };
    covered.covers.set(of, cover);
    this.#covered.set(seq, covered);
  }

  /** Answers with the message as the house told it last, if it did. @param {Done} command */
  remove({ seq, of }) {
    const covered = this.#covered.get(seq);
    if (!covered?.covers.delete(of)) return undefined;
    if (covered.covers.size === 0) this.#covered.delete(seq);
    return covered.told;
  }

  /** As the house told it last, if it is shown otherwise. @param {number} seq */
  toldOf(seq) {
    return this.#covered.get(seq)?.told;
  }

  clear() {
    this.#covered.clear();
  }

  /** The message as it is shown. @param {ChatMessage} told */
  admit(told) {
    const covered = this.#covered.get(told.seq);
    if (!covered) return told;
    for (const [of, cover] of covered.covers) if (isDone(told, cover)) covered.covers.delete(of);
    if (covered.covers.size === 0) this.#covered.delete(told.seq);
    if (!covered.told || (told.changed ?? 0) >= (covered.told.changed ?? 0)) covered.told = told;
    return [...covered.covers.values()].reduce(withCover, told);
  }
}

/** It is done, or there is nothing left to do it to. @param {ChatMessage} told @param {Cover} cover */
function isDone(told, { text }) {
  return !isSaid(told) || (text !== undefined && told.text === text);
}

/**
 * What is not there any more has no other text.
 * @param {ChatMessage} told @param {Cover} cover @returns {ChatMessage}
 */
function withCover(told, { text, gone, hidden }) {
  if (!isSaid(told)) return told;
  if (text !== undefined) return { ...told, text, edits: (told.edits ?? 0) + 1 };
  const { seq, from, at, id, changed } = told;
  return { seq, from, at, id, changed, gone, hidden };
}
