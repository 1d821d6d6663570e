// When a new message makes itself noticed: only while nobody looks at its chat in any tab of this browser,
// only once however many tabs have it, only as the person asked for it, and never in a chat that is muted.
//
// Used by the chat page. How to ring and to notify comes in. Tabs that hear the same message agree in a
// moment which of them makes it noticed: none where one is looked at, else the one with the lowest rank. Each
// gives way as soon as it hears of a lower rank, so that no answer has to come in time. A tab that shows
// another chat knows only that there is a message: it goes behind those that know what it says.

/** Who said it, and what. @typedef {{name: string, text: string}} AlertMessage */

/** So long a tab waits for the others. */
const AGREE_MS = 400;

export class Alerts {
  #preferences;
  #isMuted;
  #isWatched;
  #playSound;
  #notify;
  #tabs;
  #after;
  #random;
  /** What is about to be noticed, by seq. @type {Map<number, {rank: number, cancel: () => void}>} */
  #due = new Map();
  /** The newest message that this tab made noticed. */
  #last = 0;
  /** The newest message that another tab was about to make noticed before this one had heard it. */
  #claimed = 0;

  /**
   * @param {object} parts
   * @param {import("./preferences.js").Preferences} parts.preferences
   * @param {() => boolean} parts.isMuted
   * @param {() => boolean} parts.isWatched whether a person has the page before them
   * @param {() => void} parts.playSound
   * @param {(seq: number, message: AlertMessage | undefined) => void} parts.notify without a message it says
   *   that there is one
   * @param {import("./tabs.js").Tabs} parts.tabs
   * @param {Timer} parts.after
   * @param {() => number} parts.random from 0 to 1
   */
  constructor({ preferences, isMuted, isWatched, playSound, notify, tabs, after, random }) {
    this.#preferences = preferences;
    this.#isMuted = isMuted;
    this.#isWatched = isWatched;
    this.#playSound = playSound;
    this.#notify = notify;
    this.#tabs = tabs;
    this.#after = after;
    this.#random = random;
    tabs.on("alert", ({ seq, rank }) => this.#answer(seq, rank));
    tabs.on("alert-done", ({ seq, rank }) => this.#leave(seq, rank));
  }

  /** @param {number} seq @param {AlertMessage} [message] where it is known */
  heard(seq, message) {
    if (
      this.#isMuted() ||
      this.#isWatched() ||
      seq <= Math.max(this.#claimed, this.#last) ||
      this.#due.has(seq)
    )
      return;
    if (!this.#tabs.isShared) return this.#alert(seq, message);
    const rank = this.#random() + (message ? 0 : 1);
    const cancel = this.#after(AGREE_MS, () => {
      this.#due.delete(seq);
      this.#last = Math.max(this.#last, seq);
      this.#alert(seq, message);
    });
    this.#due.set(seq, { rank, cancel });
    this.#tabs.post({ kind: "alert", seq, rank });
  }

  /** Another tab is about to make a message noticed. @param {number} seq @param {number} rank */
  #answer(seq, rank) {
    const mine = this.#due.get(seq)?.rank;
    const isFirst = mine !== undefined && mine < rank;
    if (this.#isWatched() || seq <= this.#last || isFirst) this.#tabs.post({ kind: "alert-done", seq, rank });
    else if (mine === undefined) this.#claimed = Math.max(this.#claimed, seq);
    else this.#leave(seq, mine);
  }

  /** All tabs hear it: it is for the one with this rank. @param {number} seq @param {number} rank */
  #leave(seq, rank) {
    if (this.#due.get(seq)?.rank !== rank) return;
    this.#due.get(seq)?.cancel();
    this.#due.delete(seq);
  }

  /** The message was deleted: nobody is told of it any more. @param {number} seq */
  forget(seq) {
    this.#due.get(seq)?.cancel();
    this.#due.delete(seq);
  }

  /** As if there was a message, whether or not somebody looks. @param {AlertMessage} message */
  rehearse(message) {
    this.#alert(0, message);
  }

  /** The chat is gone. */
  close() {
    for (const { cancel } of this.#due.values()) cancel();
    this.#tabs.close();
  }

  /** @param {number} seq @param {AlertMessage} [message] */
  #alert(seq, message) {
    if (this.#preferences.wants("sound")) this.#playSound();
    if (this.#preferences.wants("screen"))
      this.#notify(seq, this.#preferences.wants("content") ? message : undefined);
  }
}
