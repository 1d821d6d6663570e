// One seat's line to the house, opened again for as long as the page wants it.
//
// Used by a ChatSession. It greets, keeps the line alive, and comes back with growing, jittered pauses. Where
// a socket does not come through it tries HTTP, and goes back to a socket as soon as one opens. It knows no
// chat: what could not be sent is the sender's business. Clock, timers, randomness and transports come in.
//
// Events: "state" when `state` changed, "denied" when the house does not know this device.
import { Heartbeat } from "./heartbeat.js";
import { SocketSearch } from "./socket-search.js";

const BACK_OFF_MS = 500;
const BACK_OFF_MAX_MS = 30_000;
const CONNECT_DEADLINE_MS = 10_000;
/** A connection that held this long was a good one: the next pause is short again. */
const GOOD_MS = 10_000;

/** Refusals that waiting does not mend: the person must know. */
const TROUBLES = new Set(["login", "between"]);

/** @typedef {"closed" | "connecting" | "open" | "waiting"} ConnectionState */

/** @implements {Line} */
export class Connection extends EventTarget {
  /** @type {ConnectionState} */
  state = "closed";
  /** What is between the page and the house, as the code of a refusal. */
  trouble = "";
  #greeting;
  #openSocket;
  #openHttp;
  #after;
  #now;
  #random;
  #heartbeat;
  #search;
  /** @type {SessionReceiver | undefined} */
  #session;
  /** @type {Transport | undefined} */
  #transport;
  #attempts = 0;
  #openedAt = 0;
  #cancelNext = () => {};
  /** Whether the next try goes over HTTP: the last socket did not come through. */
  #isHttpNext = false;

  /**
   * @param {object} parts
   * @param {() => Greeting} parts.greeting asked for at each connection
   * @param {() => import("../wire.js").SocketTransport} parts.openSocket
   * @param {() => Transport} parts.openHttp
   * @param {Timer} parts.after
   * @param {() => number} parts.now milliseconds
   * @param {() => number} parts.random from 0 to 1
   */
  constructor({ greeting, openSocket, openHttp, after, now, random }) {
    super();
    this.#greeting = greeting;
    this.#openSocket = openSocket;
    this.#openHttp = openHttp;
    this.#after = after;
    this.#now = now;
    this.#random = random;
    this.#heartbeat = new Heartbeat({ after, now, line: this });
    this.#search = new SocketSearch({ openSocket, after, found: (socket) => this.#change(socket) });
  }

  /** Whether it goes on over HTTP. */
  get isSlow() {
    return this.isOpen() && this.#transport?.isSlow === true;
  }

  isOpen() {
    return this.state === "open";
  }

  /** @param {SessionReceiver} session what the house tells it to */
  open(session) {
    if (this.state !== "closed") return;
    this.#session = session;
    this.#attempts = 0;
    this.#heartbeat.start();
    this.#connect();
  }

  close() {
    this.#heartbeat.stop();
    this.#cancelNext();
    this.#release();
    this.#become("closed");
  }

  /** Something suggests that the line came back or was lost: find out now. */
  wake() {
    if (this.isOpen()) this.#heartbeat.probe();
    if (this.state !== "waiting") return;
    this.#attempts = 0;
    this.#connect();
  }

  /**
   * Whether the request was handed to an open transport. Only the house's answer says that it arrived.
   * @param {(house: Transport) => void} request
   */
  ask(request) {
    if (!this.isOpen() || !this.#transport?.isOpen) return false;
    request(this.#transport);
    return true;
  }

  ping() {
    this.ask((house) => house.ping());
  }

  #connect() {
    this.#cancelNext();
    this.#release();
    this.#become("connecting");
    this.#start(this.#isHttpNext ? this.#openHttp() : this.#openSocket());
  }

  /** @param {Transport} transport */
  #start(transport) {
    this.#transport = transport;
    this.#cancelNext = this.#after(CONNECT_DEADLINE_MS, () => this.lost());
    if (this.#session) transport.start(this, this.#session);
  }

  /** @param {Transport} socket that came through while the line went over HTTP */
  #change(socket) {
    this.#isHttpNext = false;
    this.#release();
    this.#become("connecting");
    this.#start(socket);
  }

  opened() {
    this.#transport?.hello(this.#greeting());
  }

  heard() {
    this.#heartbeat.heard();
  }

  /** @param {Welcome} welcome */
  welcomed(welcome) {
    this.#cancelNext();
    this.#openedAt = this.#now();
    // Questions may come through where nothing else does: only what was taken shows that all is well.
    if (!this.#transport?.isSlow) this.trouble = "";
    this.#become("open");
    if (this.#transport?.isSlow) this.#search.start();
    this.#session?.welcomed(welcome);
  }

  /** The house took something: nothing is in the way. */
  cleared() {
    this.trouble = "";
  }

  /** @param {Refused} refusal of the greeting */
  denied({ code, retryAfter = 0 }) {
    if (TROUBLES.has(code)) this.trouble = code;
    if (code !== "not_in") return this.lost(retryAfter * 1000);
    this.close();
    this.dispatchEvent(new Event("denied"));
  }

  /** The house said goodbye and comes back in a moment. */
  left() {
    this.#attempts = 0;
    this.lost();
  }

  lost(leastMs = 0) {
    if (this.state === "closed" || this.state === "waiting") return;
    if (this.isOpen() && this.#now() - this.#openedAt > GOOD_MS) this.#attempts = 0;
    if (this.state === "connecting") this.#isHttpNext = !this.#isHttpNext;
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

  #release() {
    this.#heartbeat.reset();
    this.#search.stop();
    this.#transport?.close();
    this.#transport = undefined;
  }

  /** @param {ConnectionState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
