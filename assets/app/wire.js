// What crosses a socket, as docs/protocol.md says it. The only file that knows frames: a frame of the house
// becomes one call of a typed method, and a request of the page becomes one frame.
//
// Used by a Connection, for all chats of the page. What is said of a seat is for the session of that seat,
// and what is said of a chat for every session in it. Frames of sessions that this document does not have,
// and of types that this page does not know, call nothing.

/** As in `WebSocket`, which is not there in node. */
const CONNECTING = 0;
const OPEN = 1;
/** The house lets so many messages of a producer wait for their answers. */
const UNANSWERED_MAX = 64;

/** @type {Record<string, (to: Receivers, frame: any) => void>} */
const CALLS = {
  welcome: ({ connection }, frame) => connection.welcomed(frame),
  bye: ({ connection }) => connection.left(),
  refused: ({ connection, session }, frame) =>
    frame.of === "hello" ? connection.denied(refusal(frame)) : session?.refused(refusal(frame)),
  "seat-news": ({ chatList }, { seat, head, unread, last_at }) =>
    chatList.setNews({ seat, head, unread, last_at }),
  "seat-gone": ({ chatList }, { seat }) => chatList.drop(seat),
  "chat-state": ({ session }, frame) => session?.opened(frame),
  "chat-message": ({ session }, frame) => session?.arrived(frame),
  "chat-changed": ({ session }, { number, message }) => session?.showsChange(number, message),
  "chat-said": ({ session }, { id, seq, at }) => session?.said(id, seq, at),
  "chat-done": ({ session }, { of, seq }) => session?.changeDone(of, seq),
  "chat-page": ({ session }, { messages }) => session?.paged(messages),
  "chat-resync": ({ session }, { afresh }) => session?.reopen(afresh),
  "chat-invited": ({ session }, frame) => session?.invited(frame),
  "chat-guess": ({ session }, { participant, tries }) => session?.guessed(participant, tries),
  "chat-ended": ({ session }, { at, by, messages }) => session?.end({ at, by, messages }),
  "chat-receipt": ({ session }, frame) => session?.chat.setReceipt(frame),
  "chat-presence": ({ session }, frame) => session?.chat.setPresence(frame),
  "chat-typing": ({ session }, { participant }) => session?.chat.startTyping(participant),
  "chat-person": ({ session }, frame) => session?.chat.setPerson(frame),
  "chat-group": ({ session }, frame) => session?.chat.setGroup(frame),
  "chat-due": ({ session }, { at }) => session?.chat.setFinalCall(at),
  "chat-kept": ({ session }, { due }) => session?.kept(due),
};

/** @param {any} frame @returns {Refused} */
function refusal({ of, id, seq, code, detail, retry_after: retryAfter, at, by, messages, me }) {
  return { of, id, seq, code, detail, retryAfter, ending: { at, by, messages, me } };
}

/** @param {unknown} data @param {Receivers} to */
function receive(data, to) {
  const frame = parse(data);
  const call = CALLS[frame?.type];
  const sessions = to.sessions.of(frame ?? {});
  if (sessions.length === 0) call?.(to, frame);
  for (const session of sessions) call?.({ ...to, session }, frame);
}

/** @param {unknown} data */
function parse(data) {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** The page's way to the house by a socket. @implements {Transport} */
export class SocketTransport {
  isSlow = false;
  unansweredMax = UNANSWERED_MAX;
  #socket;

  /** @param {SocketLike} socket */
  constructor(socket) {
    this.#socket = socket;
  }

  get isOpen() {
    return this.#socket.readyState === OPEN;
  }

  /** @param {Pick<Line, "opened" | "lost">} line */
  watch(line) {
    this.#socket.onopen = () => line.opened();
    this.#socket.onclose = () => line.lost();
  }

  /** @param {Receivers} to */
  start(to) {
    const { connection } = to;
    this.watch(connection);
    this.#socket.onmessage = ({ data }) => {
      connection.heard();
      receive(data, to);
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
    this.#send({ type: "hello", device, seen_incarnation: incarnation, ...also, watch: true });
  }

  ping() {
    this.#send({ type: "ping" });
  }

  /** @param {string} seat @param {Beginning} from */
  openChat(seat, from) {
    this.#send({ type: "chat-open", seat, ...from });
  }

  /** @param {string} seat */
  closeChat(seat) {
    this.#send({ type: "chat-close", seat });
  }

  /** @param {string} seat @param {string} id @param {string} text @param {number} [replyTo] a seq */
  say(seat, id, text, replyTo) {
    this.#send({ type: "chat-say", seat, id, text, reply_to: replyTo });
  }

  /** @param {string} seat @param {MessageCommand} command */
  change(seat, { of, ...what }) {
    this.#send({ type: of, seat, ...what });
  }

  /** @param {string} seat @param {number} before a seq @param {number} limit */
  page(seat, before, limit) {
    this.#send({ type: "chat-page", seat, before, limit });
  }

  /** @param {string} seat @param {number} seq */
  delivered(seat, seq) {
    this.#send({ type: "chat-delivered", seat, seq });
  }

  /** @param {string} seat @param {number} seq */
  seen(seat, seq) {
    this.#send({ type: "chat-seen", seat, seq });
  }

  /** @param {string} seat */
  typing(seat) {
    this.#send({ type: "chat-typing", seat });
  }

  /** @param {string} seat */
  keep(seat) {
    this.#send({ type: "chat-keep", seat });
  }

  /** @param {string} seat */
  end(seat) {
    this.#send({ type: "chat-end", seat });
  }

  /** @param {object} frame */
  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }
}
