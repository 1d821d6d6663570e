// Which rows of a long list are laid out, so that ten thousand messages scroll like ten.
//
// Used by <parlour-messages>. It knows the height of every row that was ever laid out and guesses the others;
// the room of rows that are not laid out is held open above and below. Where a row begins, and which row
// begins at a height, is found in a Fenwick tree: a change of one row costs the logarithm of their number.

const GUESS_PX = 68;
/** So much is laid out beyond what is seen, at each end. */
const BEYOND_PX = 900;

/** @typedef {{from: number, to: number}} Span from the first row to the one behind the last */

export class VirtualList {
  /** @type {Map<string, number>} */
  #heights = new Map();
  /** @type {string[]} */
  #keys = [];
  /** @type {Map<string, number>} */
  #places = new Map();
  /** Counted from 1: the height of as many rows, up to this one, as its lowest bit says. */
  #sums = [0];

  /** The height of all rows. */
  get height() {
    return this.#topAt(this.#keys.length);
  }

  /**
   * Other rows come from this place on; those before it stay.
   * @param {number} from
   * @param {string[]} keys from top to bottom
   */
  replaceFrom(from, keys) {
    for (const key of this.#keys.splice(from)) this.#places.delete(key);
    this.#sums.length = from + 1;
    for (const key of keys) this.#push(key);
  }

  /** @param {string} key */
  #push(key) {
    const count = this.#keys.push(key);
    this.#places.set(key, count - 1);
    let sum = this.#heightOf(key);
    for (let part = 1; part < (count & -count); part *= 2) sum += this.#sumAt(count - part);
    this.#sums.push(sum);
  }

  /**
   * Rows were laid out and are so high. Answers whether any is higher or lower than it was thought.
   * @param {Iterable<[string, number]>} measured
   */
  learn(measured) {
    let isOther = false;
    for (const [key, height] of measured) {
      if (Math.abs((this.#heights.get(key) ?? -1) - height) < 0.5) continue;
      this.#grow(key, height - this.#heightOf(key));
      this.#heights.set(key, height);
      isOther = true;
    }
    return isOther;
  }

  /** @param {string} key @param {number} by */
  #grow(key, by) {
    const place = this.#places.get(key);
    if (place === undefined) return;
    for (let at = place + 1; at < this.#sums.length; at += at & -at) this.#sums[at] = this.#sumAt(at) + by;
  }

  /** Where a row begins; nothing if it is not held. @param {string} key */
  topOf(key) {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#topAt(place);
  }

  /** The place of the last row that begins at this height or above it. @param {number} top */
  at(top) {
    const { length } = this.#keys;
    let [place, left] = [0, top];
    for (let step = 2 ** Math.floor(Math.log2(length || 1)); step >= 1; step /= 2) {
      const sum = this.#sumAt(place + step);
      if (place + step > length || sum > left) continue;
      place += step;
      left -= sum;
    }
    return Math.max(0, Math.min(place, length - 1));
  }

  /**
   * The rows to lay out for somebody who sees from `top` to `top + seen`.
   * @param {number} top
   * @param {number} seen
   * @returns {Span}
   */
  span(top, seen) {
    const from = this.at(top - BEYOND_PX);
    const to = Math.min(this.#keys.length, this.at(top + seen + BEYOND_PX) + 1);
    return { from, to };
  }

  /** The room to hold open for the rows that are not laid out. @param {Span} span */
  room({ from, to }) {
    return { above: this.#topAt(from), below: this.height - this.#topAt(to) };
  }

  /**
   * Whether these rows are enough for somebody who sees from `top` to `top + seen`.
   * @param {Span} span
   * @param {number} top
   * @param {number} seen
   */
  covers({ from, to }, top, seen) {
    const near = BEYOND_PX / 3;
    const isTop = from === 0 || this.#topAt(from) <= top - near;
    return isTop && (to === this.#keys.length || this.#topAt(to) >= top + seen + near);
  }

  /** Where the row at this place begins. @param {number} place */
  #topAt(place) {
    let top = 0;
    for (let at = Math.min(place, this.#keys.length); at > 0; at -= at & -at) top += this.#sumAt(at);
    return top;
  }

  /** @param {string} key */
  #heightOf(key) {
    return this.#heights.get(key) ?? GUESS_PX;
  }

  /** @param {number} at */
  #sumAt(at) {
    return this.#sums[at] ?? 0;
  }
}
