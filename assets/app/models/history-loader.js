// Asks for the messages before those that are held, a page at a time.
//
// Used by a ChatSession. After a refusal, or without an answer, nothing is asked for a while.

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

  /** The page came, or its line is gone. */
  done() {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
