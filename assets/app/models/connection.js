// The page's one line to the house, for all of its chats, opened again for as long as the page wants it.
//
// Used by every ChatSession and by "your chats". It greets, keeps the line alive, and comes back with
// growing, jittered pauses. Where a socket does not come through it tries HTTP, and goes back to a socket as
// soon as one opens. It knows no chat: what could not be sent is the sender's business. Clock, timers,
// randomness and transports come in.
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
  #loadHttp;
  #openHttp;
  #after;
  #now;
  #random;
  #heartbeat;
  #search;
  #sessions;
  #chatList;
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
   * @param {() => void} parts.loadHttp a socket did not come through: HTTP may be needed
   * @param {() => Transport | undefined} parts.openHttp undefined while it is not loaded
   * @param {Timer} parts.after
   * @param {() => number} parts.now milliseconds
   * @param {() => number} parts.random from 0 to 1
   * @param {Receivers["sessions"]} parts.sessions
   * @param {Receivers["chatList"]} parts.chatList
   */
  constructor({ greeting, openSocket, loadHttp, openHttp, after, now, random, sessions, chatList }) {
    super();
    this.#greeting = greeting;
    this.#openSocket = openSocket;
    this.#loadHttp = loadHttp;
    this.#openHttp = openHttp;
    this.#after = after;
    this.#now = now;
    this.#random = random;
    this.#sessions = sessions;
    this.#chatList = chatList;
    this.#heartbeat = new Heartbeat({ after, now, line: this });
    this.#search = new SocketSearch({ openSocket, after, found: (socket) => this.#change(socket) });
  }

  /** Whether it goes on over HTTP. */
  get isSlow() {
    return this.isOpen() && this.#transport?.isSlow === true;
  }

  /** So many messages may be sent and not answered. */
  get unansweredMax() {
    return this.#transport?.unansweredMax ?? 0;
  }

  isOpen() {
    return this.state === "open";
  }

  open() {
    if (this.state !== "closed") return;
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

  /** What the page says of itself has changed. */
  renew() {
    if (this.state === "closed") return;
    this.close();
    this.open();
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
    const http = this.#isHttpNext ? this.#openHttp() : undefined;
    this.#start(http ?? this.#openSocket());
  }

  /** @param {Transport} transport */
  #start(transport) {
    this.#transport = transport;
    this.#cancelNext = this.#after(CONNECT_DEADLINE_MS, () => this.lost());
    transport.start({ connection: this, sessions: this.#sessions, chatList: this.#chatList });
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
    // Before anybody asks for a chat: what is known of it may not be true any more.
    this.#sessions.welcomed(welcome);
    if (welcome.seats) this.#chatList.welcomed(welcome.seats);
    if (this.#transport?.isSlow) this.#search.start();
    this.#become("open");
  }

  /** The house took something: nothing is in the way. */
  cleared() {
    this.trouble = "";
  }

  /** Something may stand between the page and the house. @param {string} code of the API's refusal */
  barred(code) {
    if (!TROUBLES.has(code) || this.isOpen()) return;
    this.trouble = code;
    this.dispatchEvent(new Event("state"));
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
    if (this.state === "connecting") this.#isHttpNext = !this.#transport?.isSlow;
    if (this.#isHttpNext) this.#loadHttp();
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
