// What a person did last and may take back for five seconds, or for a minute while the keyboard is at it:
// only after that it is really done.
//
// Used by a ChatSession for deletions. It knows no messages: what is to be done comes in. The next deletion
// means that the one before it stands.
//
// Events: "change" when there is something to take back, or nothing any more.

const UNDO_MS = 5_000;
/** A page that is left open is no decision. */
const HOLD_MAX_MS = 60_000;

/**
 * `isLeaving`: the page may be gone in a moment.
 * @typedef {{undo(): void, finish(isLeaving: boolean): void}} Undoable
 */

export class Undo extends EventTarget {
  #after;
  /** @type {Undoable | undefined} */
  #offered;
  #cancel = () => {};

  /** @param {Timer} after */
  constructor(after) {
    super();
    this.#after = after;
  }

  get isOffered() {
    return this.#offered !== undefined;
  }

  /** @param {Undoable} act */
  offer(act) {
    this.#take()?.finish(false);
    this.#offered = act;
    this.resume();
    this.#changed();
  }

  /** Somebody is about to decide, and needs more time: the keyboard is at it. */
  hold() {
    this.#finishAfter(HOLD_MAX_MS);
  }

  /** The time begins again. */
  resume() {
    this.#finishAfter(UNDO_MS);
  }

  /** @param {number} ms */
  #finishAfter(ms) {
    this.#cancel();
    if (this.#offered) this.#cancel = this.#after(ms, () => this.finish());
  }

  undo() {
    this.#take()?.undo();
    this.#changed();
  }

  /** It stands. */
  finish(isLeaving = false) {
    this.#take()?.finish(isLeaving);
    this.#changed();
  }

  /** There is nothing to do any more, if that is what is offered. @param {Undoable | undefined} [act] */
  forget(act = this.#offered) {
    if (act !== this.#offered) return;
    this.#take();
    this.#changed();
  }

  #take() {
    const offered = this.#offered;
    this.#offered = undefined;
    this.#cancel();
    return offered;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
