// Notices that a connection which says that it is open is dead: after a sleep of the machine, after a change
// of network, or after a silence.
//
// Used by a Connection, which says when something was heard.

const PROBE_DEADLINE_MS = 4_000;
const TICK_MS = 5_000;
/** A tick that comes this late, or before the last one, means that the machine slept or its clock was set. */
const JUMP_MS = 15_000;
const PING_AFTER_MS = 20_000;
const DEAD_AFTER_MS = 35_000;

export class Heartbeat {
  #after;
  #now;
  #line;
  #heardAt = 0;
  #tickedAt = 0;
  #cancelTick = () => {};
  #cancelProbe = () => {};
  #isProbing = false;

  /**
   * @param {object} parts
   * @param {Timer} parts.after
   * @param {() => number} parts.now
   * @param {{isOpen(): boolean, ping(): void, wake(): void, lost(): void}} parts.line
   */
  constructor({ after, now, line }) {
    this.#after = after;
    this.#now = now;
    this.#line = line;
  }

  start() {
    this.#tickedAt = this.#now();
    this.#tick();
  }

  stop() {
    this.#cancelTick();
    this.#cancelProbe();
  }

  heard() {
    this.#heardAt = this.#now();
    this.#cancelProbe();
  }

  /** There is another transport now: what was asked of the last one is not answered any more. */
  reset() {
    this.#cancelProbe();
  }

  /** Several signs may ask for it at once: the deadline of the first counts. */
  probe() {
    this.#line.ping();
    if (this.#isProbing) return;
    this.#isProbing = true;
    const cancel = this.#after(PROBE_DEADLINE_MS, () => this.#line.lost());
    this.#cancelProbe = () => {
      this.#isProbing = false;
      cancel();
    };
  }

  #tick() {
    const passed = this.#now() - this.#tickedAt;
    this.#tickedAt = this.#now();
    // By a clock that was set back nothing would be silent for long.
    this.#heardAt = Math.min(this.#heardAt, this.#tickedAt);
    this.#cancelTick = this.#after(TICK_MS, () => this.#tick());
    if (passed < 0 || passed > TICK_MS + JUMP_MS) return this.#line.wake();
    if (!this.#line.isOpen()) return;
    const silent = this.#tickedAt - this.#heardAt;
    if (silent > DEAD_AFTER_MS) this.#line.lost();
    else if (silent > PING_AFTER_MS) this.#line.ping();
  }
}
