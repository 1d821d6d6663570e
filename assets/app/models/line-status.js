// Whether the person should know that the line is gone or slow: a short loss of it is nobody's business.
//
// Used by <parlour-chat>.

const PATIENCE_MS = 3_000;

export class LineStatus {
  isOffline = false;
  isSlow = false;
  #after;
  #changed;
  /** @type {(() => void) | undefined} */
  #cancelOffline;
  /** @type {(() => void) | undefined} */
  #cancelSlow;

  /** @param {Timer} after @param {() => void} changed called when the person should know */
  constructor(after, changed) {
    this.#after = after;
    this.#changed = changed;
  }

  /** The line is gone, and not yet for long. */
  get isWaiting() {
    return this.#cancelOffline !== undefined;
  }

  /** @param {{isConnected: boolean, isSlow: boolean}} session */
  update({ isConnected, isSlow }) {
    if (isConnected) this.#cameBack();
    else if (!this.isOffline) this.#cancelOffline ??= this.#after(PATIENCE_MS, () => this.#lost());
    if (isSlow) this.#cancelSlow ??= this.#after(PATIENCE_MS, () => this.#slowed());
    else if (isConnected) this.#spedUp();
  }

  close() {
    this.#cancelOffline?.();
    this.#cancelSlow?.();
  }

  #cameBack() {
    this.#cancelOffline?.();
    this.#cancelOffline = undefined;
    this.isOffline = false;
  }

  #lost() {
    this.#cancelOffline = undefined;
    this.isOffline = true;
    this.#changed();
  }

  #slowed() {
    this.isSlow = true;
    this.#changed();
  }

  #spedUp() {
    this.#cancelSlow?.();
    this.#cancelSlow = undefined;
    this.isSlow = false;
  }
}
