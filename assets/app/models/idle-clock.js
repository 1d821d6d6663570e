// When a chat is destroyed if nobody uses it: its idle clock.
//
// Used by Chat. Using the chat puts the end off; the final call is the house's warning before it.
import { durationMs } from "./duration.js";

export class IdleClock {
  /** The agreed time without use. */
  idle = "";
  /** When it is destroyed if nobody uses it. @type {string | undefined} */
  due;
  /** The house has warned: it is destroyed then. @type {string | undefined} */
  finalCall;

  /** @param {Pick<Opening, "due" | "final_call" | "idle">} state */
  set({ due, final_call: finalCall, idle }) {
    this.due = due;
    this.finalCall = finalCall;
    this.idle = idle;
  }

  /** @param {string} due */
  keep(due) {
    this.due = due;
    this.finalCall = undefined;
  }

  /** Somebody used the chat. @param {string} at */
  use(at) {
    const idleMs = durationMs(this.idle);
    const due = Date.parse(at) + idleMs;
    if (idleMs === 0 || Number.isNaN(due)) return;
    if (!this.due || due > Date.parse(this.due)) this.due = new Date(due).toISOString();
    if (this.finalCall && due > Date.parse(this.finalCall)) this.finalCall = undefined;
  }
}
