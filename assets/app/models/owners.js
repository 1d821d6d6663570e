// Whose a waiting message is: it belongs to the document that it was typed in, until that document is gone.
//
// Used by an Outbox. Where there are Web Locks each document holds one (helpers/document-lock.js), and the
// browser lets go of it. On plain HTTP there are none: there the tabs of the chat are asked, and one that
// does not answer in time is taken for gone. A tab that was only asleep finds that out before it sends
// (LocalStore).

const TAB_ANSWER_MS = 300;
/** A tab that is loaded again takes up itself what waited in it. */
const RELOAD_MS = 3_000;

export class Owners {
  self;
  #locks;
  #tabs;
  #after;
  /** What is asked about a document, until it is gone. @type {Map<string, Promise<void>>} */
  #watched = new Map();
  /** Who waits for a document's answer. @type {Map<string, () => void>} */
  #asked = new Map();
  #hasTold = false;

  /**
   * @param {object} parts
   * @param {string} parts.self this document
   * @param {DocumentLocks | undefined} parts.locks
   * @param {import("./tabs.js").Tabs} parts.tabs
   * @param {Timer} parts.after
   */
  constructor({ self, locks, tabs, after }) {
    this.self = self;
    this.#locks = locks;
    this.#tabs = tabs;
    this.#after = after;
    tabs.on("owner-asked", ({ owner }) => owner === self && tabs.post({ kind: "owner-lives", owner }));
    tabs.on("owner-lives", ({ owner }) => this.#asked.get(owner)?.());
  }

  /** Something waits here: the other tabs of the chat may have to take it up. */
  tell() {
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.#tabs.post({ kind: "owner-waits", owner: this.self });
  }

  /** @param {(owner: string) => void} then called when something waits in another tab of the chat */
  onTold(then) {
    this.#tabs.on("owner-waits", ({ owner }) => then(owner));
  }

  /**
   * Calls `gone` when that document is gone; resolves when that has happened, or when it is known to be
   * there.
   * @param {string} owner
   * @param {() => Promise<void>} gone
   */
  watch(owner, gone) {
    const watched = this.#watched.get(owner) ?? this.#watch(owner, gone);
    this.#watched.set(owner, watched);
    return watched;
  }

  /** @param {string} owner @param {() => Promise<void>} gone */
  async #watch(owner, gone) {
    const end = async () => {
      this.#watched.delete(owner);
      await gone();
    };
    if (await this.#isGone(owner)) return end();
    if (this.#locks) this.#locks.whenFree(owner, async () => void this.#after(RELOAD_MS, end));
    // It is asked again when the chat is opened again.
    else this.#watched.delete(owner);
  }

  /** @param {string} owner @returns {Promise<boolean>} */
  async #isGone(owner) {
    if (this.#locks) return this.#locks.isFree(owner);
    if (!this.#tabs.isShared) return true;
    return new Promise((resolve) => {
      const settle = (/** @type {boolean} */ isGone) => {
        cancel();
        this.#asked.delete(owner);
        resolve(isGone);
      };
      const cancel = this.#after(TAB_ANSWER_MS, () => settle(true));
      this.#asked.set(owner, () => settle(false));
      this.#tabs.post({ kind: "owner-asked", owner });
    });
  }
}
