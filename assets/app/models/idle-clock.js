// When a chat is destroyed if nobody uses it: its idle clock.
//
// Used by Chat. Using the chat puts the end off; the final call is the house's warning before it.

const HOUR_MS = 3_600_000;
/** @type {Record<string, number>} */
const HOURS = { h: 1, d: 24, w: 168, mo: 720 };
const SIX_MONTHS_HOURS = 182 * 24;

export class IdleClock {
  /** When it is destroyed if nobody uses it. @type {string | undefined} */
  due;
  /** The house has warned: it is destroyed then. @type {string | undefined} */
  finalCall;
  #idleMs = 0;

  /** @param {Pick<Opening, "due" | "final_call" | "idle">} state */
  set({ due, final_call: finalCall, idle }) {
    this.due = due;
    this.finalCall = finalCall;
    this.setIdle(idle);
  }

  /** Another time was agreed. @param {string} idle */
  setIdle(idle) {
    this.#idleMs = idleMs(idle);
  }

  /** @param {string} due */
  keep(due) {
    this.due = due;
    this.finalCall = undefined;
  }

  /** Somebody used the chat. @param {string} at */
  use(at) {
    const due = Date.parse(at) + this.#idleMs;
    if (this.#idleMs === 0 || Number.isNaN(due)) return;
    if (!this.due || due > Date.parse(this.due)) this.due = new Date(due).toISOString();
    if (this.finalCall && due > Date.parse(this.finalCall)) this.finalCall = undefined;
  }
}

/** @param {string} idle as the protocol writes it: `1d` */
function idleMs(idle) {
  if (idle === "6mo") return SIX_MONTHS_HOURS * HOUR_MS;
  const parts = /^(\d+)([a-z]+)$/.exec(idle);
  return Number(parts?.[1] ?? 0) * (HOURS[parts?.[2] ?? ""] ?? 0) * HOUR_MS;
}
