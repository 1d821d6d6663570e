// Who is typing: each sign of it fades by itself.
//
// Used by Chat.

const FADES_MS = 6_000;

export class Typing {
  /** How to forget each of them. @type {Map<string, () => void>} */
  #cancels = new Map();
  #after;
  #faded;

  /** @param {Timer} after @param {() => void} faded */
  constructor(after, faded) {
    this.#after = after;
    this.#faded = faded;
  }

  /** @param {string} participant */
  has(participant) {
    return this.#cancels.has(participant);
  }

  /** @param {string} participant */
  start(participant) {
    this.stop(participant);
    const fade = () => {
      this.stop(participant);
      this.#faded();
    };
    this.#cancels.set(participant, this.#after(FADES_MS, fade));
  }

  /** @param {string} participant */
  stop(participant) {
    this.#cancels.get(participant)?.();
    this.#cancels.delete(participant);
  }

  clear() {
    for (const participant of this.#cancels.keys()) this.stop(participant);
  }
}
