// When a new message makes itself noticed: only while nobody looks, and only as the person asked for it.
//
// Used by the chat page. How to ring and to notify comes in.

export class Alerts {
  #taste;
  #isWatched;
  #ring;
  #notify;

  /**
   * @param {object} parts
   * @param {import("./taste.js").Taste} parts.taste
   * @param {() => boolean} parts.isWatched whether a person has the page before them
   * @param {() => void} parts.ring
   * @param {(message: {name: string, text: string} | undefined) => void} parts.notify without a message it
   *   says only that there is one
   */
  constructor({ taste, isWatched, ring, notify }) {
    this.#taste = taste;
    this.#isWatched = isWatched;
    this.#ring = ring;
    this.#notify = notify;
  }

  /** @param {string} name of who said it @param {string} text */
  heard(name, text) {
    if (!this.#isWatched()) this.#alert({ name, text });
  }

  /** As if there was a message, whether or not somebody looks. @param {string} name @param {string} text */
  rehearse(name, text) {
    this.#alert({ name, text });
  }

  /** @param {{name: string, text: string}} message */
  #alert(message) {
    if (this.#taste.wants("sound")) this.#ring();
    if (this.#taste.wants("screen")) this.#notify(this.#taste.wants("content") ? message : undefined);
  }
}
