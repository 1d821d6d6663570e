// Asks for the messages before those that are held, a page at a time, and for single ones that are quoted.
//
// Used by a ChatSession. After a refusal, or without an answer, nothing is asked for a while. A quoted
// message is asked for once on each line.

const PAGE_MESSAGES = 100;
const HISTORY_DEADLINE_MS = 10_000;

export class HistoryLoader {
  #seat;
  #chat;
  #ask;
  #after;
  #changed;
  /** @type {(() => void) | undefined} */
  #cancel;
  /** What is quoted, asked for and not answered, by seq. @type {Set<number>} */
  #quoted = new Set();

  /**
   * @param {object} parts
   * @param {string} parts.seat
   * @param {import("./chat.js").Chat} parts.chat
   * @param {(request: (house: Transport) => void) => boolean} parts.ask
   * @param {Timer} parts.after
   * @param {() => void} parts.changed called when `isLoading` changed
   */
  constructor({ seat, chat, ask, after, changed }) {
    this.#seat = seat;
    this.#chat = chat;
    this.#ask = ask;
    this.#after = after;
    this.#changed = changed;
  }

  get isLoading() {
    return this.#cancel !== undefined;
  }

  load() {
    const { first, hasOlder } = this.#chat;
    if (this.isLoading || !hasOlder) return;
    if (!this.#ask((house) => house.page(this.#seat, first, PAGE_MESSAGES))) return;
    this.pause(HISTORY_DEADLINE_MS);
    this.#changed();
  }

  /** Nothing is asked until then. @param {number} ms */
  pause(ms) {
    this.#cancel?.();
    this.#cancel = this.#after(ms, () => {
      this.#cancel = undefined;
      this.#changed();
    });
  }

  /** @param {number} seq of a message that another one answers */
  loadQuoted(seq) {
    if (this.#quoted.has(seq)) return;
    if (this.#ask((house) => house.page(this.#seat, seq + 1, 1))) this.#quoted.add(seq);
  }

  /**
   * A page came. Answers with the message if that is quoted: it may also be the whole page before it.
   * @param {ChatMessage[]} page
   */
  took(page) {
    const [first] = page;
    if (page.length === 1 && first && this.#quoted.delete(first.seq)) return first;
    this.#stopWaiting();
    return undefined;
  }

  /** The line is gone. */
  lost() {
    this.#quoted.clear();
    this.#stopWaiting();
  }

  #stopWaiting() {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
