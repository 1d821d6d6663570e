// One socket to the house, opened again for as long as the page wants it.
//
// Used by a Talk. It greets, keeps the line alive, notices that a socket which says OPEN is dead (after
// sleep, after a change of network), and comes back with growing, jittered pauses. It knows no chat and
// keeps no frame: what could not be sent is the sender's business. Clock, timers, randomness and the socket
// come in.
//
// Events: "state" when `state` changed, "frame" (CustomEvent, detail: the frame), "denied" when the house
// does not know this device.

const BACK_OFF_MS = 500;
const BACK_OFF_MAX_MS = 30_000;
const CONNECT_DEADLINE_MS = 10_000;
const PROBE_DEADLINE_MS = 4_000;
const TICK_MS = 5_000;
/** A tick that comes this late, or before the last one, means that the machine slept or its clock was set. */
const JUMP_MS = 15_000;
const PING_AFTER_MS = 20_000;
const DEAD_AFTER_MS = 35_000;
/** A connection that held this long was a good one: the next pause is short again. */
const GOOD_MS = 10_000;

/** As `WebSocket.CONNECTING`, which is not there in node. */
const CONNECTING = 0;

/** @typedef {"closed" | "connecting" | "open" | "waiting"} ConnectionState */

export class Connection extends EventTarget {
  /** @type {ConnectionState} */
  state = "closed";
  #hello;
  #openSocket;
  #after;
  #now;
  #random;
  /** @type {SocketLike | undefined} */
  #socket;
  #attempts = 0;
  #heardAt = 0;
  #tickedAt = 0;
  #openedAt = 0;
  /** @type {() => void} */
  #cancelNext = () => {};
  /** @type {() => void} */
  #cancelTick = () => {};
  /** @type {() => void} */
  #cancelProbe = () => {};
  #isProbed = false;

  /**
   * @param {object} parts
   * @param {() => Frame} parts.hello the first frame, made anew for each socket
   * @param {() => SocketLike} parts.openSocket
   * @param {Timer} parts.after
   * @param {() => number} parts.now milliseconds
   * @param {() => number} parts.random from 0 to 1
   */
  constructor({ hello, openSocket, after, now, random }) {
    super();
    this.#hello = hello;
    this.#openSocket = openSocket;
    this.#after = after;
    this.#now = now;
    this.#random = random;
  }

  open() {
    if (this.state !== "closed") return;
    this.#attempts = 0;
    this.#tickedAt = this.#now();
    this.#tick();
    this.#connect();
  }

  close() {
    this.#cancelTick();
    this.#cancelNext();
    this.#release();
    this.#become("closed");
  }

  /** Something suggests that the line came back or was lost: find out now. */
  wake() {
    if (this.state === "open") this.#probe();
    if (this.state !== "waiting") return;
    this.#attempts = 0;
    this.#connect();
  }

  /**
   * Says whether the frame was handed to an open socket; that it arrived is known only by its answer.
   * @param {Frame} frame
   */
  send(frame) {
    if (this.state !== "open" || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect() {
    this.#cancelNext();
    this.#release();
    this.#become("connecting");
    const socket = this.#openSocket();
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.#hello()));
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = () => this.#lose();
    this.#cancelNext = this.#after(CONNECT_DEADLINE_MS, () => this.#lose());
  }

  /** @param {unknown} data */
  #hear(data) {
    this.#heardAt = this.#now();
    this.#cancelProbe();
    const frame = parse(data);
    if (!frame) return;
    if (frame.type === "welcome") this.#welcome();
    if (frame.type === "refused" && frame.of === "hello") return this.#deny(frame);
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    if (frame.type === "bye") this.#leave();
  }

  #welcome() {
    this.#cancelNext();
    this.#openedAt = this.#now();
    this.#become("open");
  }

  /** @param {Frame} frame */
  #deny(frame) {
    if (frame.code !== "not_in") return this.#lose((frame.retry_after ?? 0) * 1000);
    this.close();
    this.dispatchEvent(new Event("denied"));
  }

  /** The house said goodbye and comes back in a moment. */
  #leave() {
    this.#attempts = 0;
    this.#lose();
  }

  #lose(leastMs = 0) {
    if (this.state === "closed" || this.state === "waiting") return;
    if (this.state === "open" && this.#now() - this.#openedAt > GOOD_MS) this.#attempts = 0;
    this.#cancelNext();
    this.#release();
    const pause = Math.max(leastMs, this.#pause());
    this.#attempts += 1;
    this.#cancelNext = this.#after(pause, () => this.#connect());
    this.#become("waiting");
  }

  #pause() {
    const full = Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** this.#attempts);
    return full * (0.5 + this.#random() / 2);
  }

  /** Signs come in swarms: the deadline of the first one's question counts. */
  #probe() {
    this.send({ type: "ping" });
    if (this.#isProbed) return;
    this.#isProbed = true;
    const cancel = this.#after(PROBE_DEADLINE_MS, () => this.#lose());
    this.#cancelProbe = () => {
      this.#isProbed = false;
      cancel();
    };
  }

  #tick() {
    const passed = this.#now() - this.#tickedAt;
    this.#tickedAt = this.#now();
    // By a clock that was set back nothing would be silent for long.
    this.#heardAt = Math.min(this.#heardAt, this.#tickedAt);
    this.#cancelTick = this.#after(TICK_MS, () => this.#tick());
    if (passed < 0 || passed > TICK_MS + JUMP_MS) return this.wake();
    if (this.state !== "open") return;
    const silent = this.#tickedAt - this.#heardAt;
    if (silent > DEAD_AFTER_MS) this.#lose();
    else if (silent > PING_AFTER_MS) this.send({ type: "ping" });
  }

  /** Nothing that the old socket still has to say is heard. */
  #release() {
    this.#cancelProbe();
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    // Browsers complain of a socket that is closed before it is open.
    if (socket.readyState === CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }

  /** @param {ConnectionState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** @param {unknown} data @returns {Frame | undefined} */
function parse(data) {
  try {
    const frame = JSON.parse(String(data));
    return typeof frame?.type === "string" ? frame : undefined;
  } catch {
    return undefined;
  }
}
