// What crosses a socket, as docs/protocol.md says it. The only file that knows frames: a frame of the house
// becomes one call of a typed method, and a request of the page becomes one frame.
//
// Used by a Connection. Frames of other seats, and of types that this page does not know, call nothing.

/** As in `WebSocket`, which is not there in node. */
const CONNECTING = 0;
const OPEN = 1;

/** @type {Record<string, (to: Receivers, frame: any) => void>} */
const CALLS = {
  welcome: ({ connection }, frame) => connection.welcomed(frame),
  bye: ({ connection }) => connection.left(),
  refused: ({ connection, session }, frame) =>
    frame.of === "hello" ? connection.denied(refusal(frame)) : session.refused(refusal(frame)),
  "chat-state": ({ session }, frame) => session.opened(frame),
  "chat-message": ({ session }, { seq, from, at, id, text }) => session.arrived({ seq, from, at, id, text }),
  "chat-said": ({ session }, { id, seq, at }) => session.said(id, seq, at),
  "chat-page": ({ session }, { messages }) => session.paged(messages),
  "chat-resync": ({ session }) => session.reopen(),
  "chat-invited": ({ session }, frame) => session.invited(frame),
  "chat-guess": ({ session }, { participant, tries }) => session.guessed(participant, tries),
  "chat-ended": ({ session }, { at, by, messages }) => session.end({ at, by, messages }),
  "chat-receipt": ({ session }, frame) => session.chat.setReceipt(frame),
  "chat-presence": ({ session }, frame) => session.chat.setPresence(frame),
  "chat-typing": ({ session }, { participant }) => session.chat.startTyping(participant),
  "chat-due": ({ session }, { at }) => session.chat.setFinalCall(at),
  "chat-kept": ({ session }, { due }) => session.chat.keep(due),
};

/** @param {any} frame @returns {Refused} */
function refusal({ of, id, code, detail, retry_after: retryAfter, at, by, messages }) {
  return { of, id, code, detail, retryAfter, ending: { at, by, messages } };
}

/** @param {unknown} data @param {string} seat @param {Receivers} to */
function receive(data, seat, to) {
  const frame = parse(data);
  if (frame?.seat === undefined || frame.seat === seat) CALLS[frame?.type]?.(to, frame);
}

/** @param {unknown} data */
function parse(data) {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** One seat's way to the house by a socket. @implements {Transport} */
export class SocketTransport {
  isSlow = false;
  #socket;
  #seat;

  /** @param {SocketLike} socket @param {string} seat */
  constructor(socket, seat) {
    this.#socket = socket;
    this.#seat = seat;
  }

  get isOpen() {
    return this.#socket.readyState === OPEN;
  }

  /** @param {Pick<Line, "opened" | "lost">} line */
  watch(line) {
    this.#socket.onopen = () => line.opened();
    this.#socket.onclose = () => line.lost();
  }

  /** @param {Line} connection @param {SessionReceiver} session */
  start(connection, session) {
    this.watch(connection);
    this.#socket.onmessage = ({ data }) => {
      connection.heard();
      receive(data, this.#seat, { connection, session });
    };
    if (this.isOpen) connection.opened();
  }

  /** Nothing that the house still has to say is heard. */
  close() {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    // Browsers complain of a socket that is closed before it is open.
    if (socket.readyState === CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }

  /** @param {Greeting} greeting */
  hello({ device, incarnation, withholds }) {
    const also = withholds.length > 0 ? { withholds } : {};
    this.#send({ type: "hello", device, seen_incarnation: incarnation, ...also });
  }

  ping() {
    this.#send({ type: "ping" });
  }

  /** @param {number} after the last seq that the page has */
  openChat(after) {
    this.#ask("chat-open", { after });
  }

  /** @param {string} id @param {string} text */
  say(id, text) {
    this.#ask("chat-say", { id, text });
  }

  /** @param {number} before a seq @param {number} limit */
  page(before, limit) {
    this.#ask("chat-page", { before, limit });
  }

  /** @param {number} seq */
  delivered(seq) {
    this.#ask("chat-delivered", { seq });
  }

  /** @param {number} seq */
  seen(seq) {
    this.#ask("chat-seen", { seq });
  }

  typing() {
    this.#ask("chat-typing", {});
  }

  /** @param {string} type @param {object} fields */
  #ask(type, fields) {
    this.#send({ type, seat: this.#seat, ...fields });
  }

  /** @param {object} frame */
  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }
}
