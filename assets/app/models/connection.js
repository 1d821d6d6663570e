// One socket to the house, opened again for as long as the page wants it.
//
// Used by a ChatSession. It greets, keeps the line alive, notices that a socket which says OPEN is dead (after
// sleep, after a change of network), and comes back with growing, jittered pauses. Where a socket does not
// come through it tries what does the same over HTTP (a Courier), and goes back to a socket as soon as one
// opens. It knows no chat and keeps no frame: what could not be sent is the sender's business. Clock, timers,
// randomness, the socket and the courier come in.
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

/** While it goes on over HTTP: how soon another socket is tried. */
const LOOK_MS = 2_000;
const LOOK_MAX_MS = 60_000;

/** As in `WebSocket`, which is not there in node. */
const CONNECTING = 0;
const OPEN = 1;

/** Refusals that no waiting mends: the person must know. */
const TROUBLES = new Set(["login", "between"]);

/** @typedef {"closed" | "connecting" | "open" | "waiting"} ConnectionState */

export class Connection extends EventTarget {
  /** @type {ConnectionState} */
  state = "closed";
  /** What stands between the page and the house, as the code of a refusal. */
  trouble = "";
  #hello;
  #openSocket;
  #openCourier;
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
  /** Whether the next try goes over HTTP: the last socket did not come through. */
  #isCourierNext = false;
  /** @type {() => void} */
  #cancelLook = () => {};

  /**
   * @param {object} parts
   * @param {() => Frame} parts.hello the first frame, made anew for each socket
   * @param {() => SocketLike} parts.openSocket
   * @param {() => SocketLike} parts.openCourier
   * @param {Timer} parts.after
   * @param {() => number} parts.now milliseconds
   * @param {() => number} parts.random from 0 to 1
   */
  constructor({ hello, openSocket, openCourier, after, now, random }) {
    super();
    this.#hello = hello;
    this.#openSocket = openSocket;
    this.#openCourier = openCourier;
    this.#after = after;
    this.#now = now;
    this.#random = random;
  }

  /** Whether it goes on over HTTP. */
  get isSlow() {
    return this.state === "open" && this.#socket?.isSlow === true;
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
    this.#take(this.#isCourierNext ? this.#openCourier() : this.#openSocket());
  }

  /** @param {SocketLike} socket */
  #take(socket) {
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.#hello()));
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = () => this.#lose();
    this.#cancelNext = this.#after(CONNECT_DEADLINE_MS, () => this.#lose());
    if (socket.readyState === OPEN) socket.onopen({});
  }

  /** It goes on over HTTP: whether a socket comes through by now. @param {number} ms */
  #look(ms) {
    this.#cancelLook = this.#after(ms, () => {
      const socket = this.#openSocket();
      const giveUp = () => {
        this.#cancelLook();
        drop(socket);
        this.#look(Math.min(LOOK_MAX_MS, ms * 2));
      };
      const cancelDeadline = this.#after(CONNECT_DEADLINE_MS, giveUp);
      this.#cancelLook = () => (cancelDeadline(), drop(socket));
      socket.onclose = giveUp;
      socket.onopen = () => (cancelDeadline(), this.#change(socket));
    });
  }

  /** @param {SocketLike} socket that came through */
  #change(socket) {
    this.#cancelLook = () => {};
    this.#isCourierNext = false;
    this.#release();
    this.#become("connecting");
    this.#take(socket);
  }

  /** @param {unknown} data */
  #hear(data) {
    this.#heardAt = this.#now();
    this.#cancelProbe();
    const frame = parse(data);
    if (!frame) return;
    if (frame.type === "welcome") this.#welcome();
    if (frame.type === "chat-said") this.trouble = "";
    if (frame.type === "refused" && frame.of === "hello") return this.#deny(frame);
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    if (frame.type === "bye") this.#leave();
  }

  #welcome() {
    this.#cancelNext();
    this.#openedAt = this.#now();
    // Questions may come through where nothing else does: only what was taken shows that all is well.
    if (!this.#socket?.isSlow) this.trouble = "";
    this.#become("open");
    if (this.#socket?.isSlow) this.#look(LOOK_MS);
  }

  /** @param {Frame} frame */
  #deny(frame) {
    if (TROUBLES.has(frame.code)) this.trouble = frame.code;
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
    if (this.state === "connecting") this.#isCourierNext = !this.#isCourierNext;
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

  #release() {
    this.#cancelProbe();
    this.#cancelLook();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) drop(socket);
  }

  /** @param {ConnectionState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** Nothing that it still has to say is heard. @param {SocketLike} socket */
function drop(socket) {
  socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
  // Browsers complain of a socket that is closed before it is open.
  if (socket.readyState === CONNECTING) socket.onopen = () => socket.close();
  else socket.close();
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
