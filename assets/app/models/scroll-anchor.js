// Where a list that scrolls stays while its rows change: at its end, at what is new, or at one message.
//
// Used by <parlour-messages>, which measures the list and moves it.

/** So close to the end counts as being there. */
export const NEAR_END_PX = 48;
/** A message to stay at is looked for among so many rows: those beside it are lines, or not laid out yet. */
const NEAR_ROWS = 100;

/**
 * How far the list is scrolled, how much of it is seen, how high it is, and where its rows begin in it.
 * @typedef {{top: number, seen: number, height: number, rowsTop: number}} Box
 */
/** @typedef {import("./virtual-list.js").VirtualList} VirtualList */

export class ScrollAnchor {
  isAtEnd = true;
  /** Whether the first look was at what is new, or at the end. */
  isPlaced = false;
  /** What was new when that was last looked at. */
  #new = "0 0";
  /** Whether a person who was at the end is led to what is new as soon as it is all there. */
  #isNewDue = false;
  /** The row that stays where it is, and how far its top is above the top of what is seen. */
  #row = { key: "", beyond: 0 };
  /** How the list was when it was last looked at: what differs then was a person, or the layout. */
  #known = { top: 0, seen: 0, height: 0 };

  /**
   * A person scrolled, unless the layout changed as well (the keyboard came up, the draft grew): then the
   * list did not move by their wish.
   * @param {Box} box
   */
  isScrolled({ top, seen, height }) {
    return top !== this.#known.top && seen === this.#known.seen && height === this.#known.height;
  }

  /** @param {Box} box */
  scroll(box) {
    this.#isNewDue = false;
    this.noticeEnd(box);
  }

  /** @param {Box} box */
  noticeEnd({ top, seen, height }) {
    this.isAtEnd = height - top - seen < NEAR_END_PX;
  }

  /** The person said something, or wants to be there. */
  goToEnd() {
    this.isAtEnd = true;
    this.#isNewDue = false;
  }

  /** @param {string} key of a row @param {number} beyond how far its top is above the top of what is seen */
  stayAt(key, beyond) {
    this.isAtEnd = this.#isNewDue = false;
    this.#row = { key, beyond };
  }

  /**
   * A person who comes back to the end begins with what is new. Until all of it is there, the list stays
   * where it is.
   * @param {{newFrom: number, newTo: number}} chat
   */
  noticeNew({ newFrom, newTo }) {
    const what = `${newFrom} ${newTo}`;
    if (what === this.#new) return;
    this.#new = what;
    if (!this.isPlaced || !this.isAtEnd) return;
    this.isAtEnd = false;
    this.#isNewDue = true;
  }

  /** Everything is there now. @param {boolean} hasNewLine */
  place(hasNewLine) {
    if (this.isPlaced && !this.#isNewDue) return;
    this.isPlaced = true;
    this.#isNewDue = false;
    this.isAtEnd = !hasNewLine;
    if (hasNewLine) this.#row = { key: "new", beyond: -NEAR_END_PX };
  }

  /** Where the list should be scrolled to. @param {VirtualList} list @param {Box} box */
  wantedTop(list, { top, seen, rowsTop }) {
    if (this.isAtEnd) return rowsTop + list.height - seen + NEAR_END_PX;
    const rowTop = list.topOf(this.#row.key);
    return rowTop === undefined ? top : Math.max(0, rowsTop + rowTop + this.#row.beyond);
  }

  /**
   * Stays at the message that is at the top now.
   * @param {Box} box
   * @param {VirtualList} list
   * @param {import("./timeline.js").Row[]} rows
   * @param {(key: string) => boolean} isLaid
   */
  know({ top, seen, height, rowsTop }, list, rows, isLaid) {
    this.#known = { top, seen, height };
    const key = keyAt(rows, list.at(Math.max(0, top - rowsTop)), isLaid);
    if (key) this.#row = { key, beyond: top - rowsTop - (list.topOf(key) ?? 0) };
  }
}

/**
 * A message whose height is known and will stay: one that is laid out, and not the first of all, which may
 * join the one that is put before it.
 * @param {import("./timeline.js").Row[]} rows
 * @param {number} at the place of the first row that is seen
 * @param {(key: string) => boolean} isLaid
 */
function keyAt(rows, at, isLaid) {
  const near = rows.slice(Math.max(1, at), at + NEAR_ROWS).filter(({ kind }) => kind === "message");
  return (near.find(({ key }) => isLaid(key)) ?? near[0] ?? rows[at])?.key;
}
