// Which rows of a long list are laid, so that ten thousand messages scroll like ten.
//
// Used by <parlour-messages>. It knows the height of every row that was ever laid and guesses the others;
// the room of rows that are not laid is held open above and below. It never touches the page.

const GUESS_PX = 68;
/** So much is laid beyond what is seen, at each end. */
const BEYOND_PX = 900;

/** @typedef {{from: number, to: number}} Span from the first row to the one behind the last */

export class VirtualList {
  /** @type {Map<string, number>} */
  #heights = new Map();
  /** Where each row begins; one more for the end of the last. */
  #tops = [0];
  /** @type {string[]} */
  #keys = [];
  /** @type {Map<string, number>} */
  #places = new Map();

  /** The height of all rows. */
  get height() {
    return this.#tops.at(-1) ?? 0;
  }

  /** @param {string[]} keys of all rows, from top to bottom */
  hold(keys) {
    this.#keys = keys;
    this.#places = new Map(keys.map((key, place) => [key, place]));
    this.#sum();
  }

  /**
   * Rows were laid and are so high. Answers whether that was news.
   * @param {Iterable<[string, number]>} measured
   */
  learn(measured) {
    let isNews = false;
    for (const [key, height] of measured) {
      if (Math.abs((this.#heights.get(key) ?? -1) - height) < 0.5) continue;
      this.#heights.set(key, height);
      isNews = true;
    }
    if (isNews) this.#sum();
    return isNews;
  }

  /** Where a row begins; nothing if it is not held. @param {string} key */
  topOf(key) {
    return this.#tops[this.#places.get(key) ?? -1];
  }

  /** The place of the row that stands at this height. @param {number} top */
  at(top) {
    let [low, high] = [0, Math.max(0, this.#keys.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= top) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * The rows to lay for somebody who sees from `top` to `top + seen`.
   * @param {number} top
   * @param {number} seen
   * @returns {Span}
   */
  span(top, seen) {
    const from = this.at(top - BEYOND_PX);
    const to = Math.min(this.#keys.length, this.at(top + seen + BEYOND_PX) + 1);
    return { from, to };
  }

  /** The room to hold open for the rows that are not laid. @param {Span} span */
  room({ from, to }) {
    return { above: this.#tops[from] ?? 0, below: this.height - (this.#tops[to] ?? 0) };
  }

  /**
   * Whether these rows are enough for somebody who sees from `top` to `top + seen`.
   * @param {Span} span
   * @param {number} top
   * @param {number} seen
   */
  covers({ from, to }, top, seen) {
    const near = BEYOND_PX / 3;
    const isTop = from === 0 || (this.#tops[from] ?? 0) <= top - near;
    return isTop && (to === this.#keys.length || (this.#tops[to] ?? 0) >= top + seen + near);
  }

  #sum() {
    const tops = new Array(this.#keys.length + 1);
    let top = 0;
    this.#keys.forEach((key, place) => {
      tops[place] = top;
      top += this.#heights.get(key) ?? GUESS_PX;
    });
    tops[this.#keys.length] = top;
    this.#tops = tops;
  }
}
