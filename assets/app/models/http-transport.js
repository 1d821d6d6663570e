// One seat's way to the house over HTTP, where no socket comes through: requests of the page become requests
// of the API, and their answers call what the frames of a socket would have called.
//
// Used by a Connection, so that nobody else knows which way was taken. It asks for news every two seconds
// while the chat is on the screen, else when the Connection pings. Typing goes nowhere, and this device does
// not count as being here.

const NEWS_MS = 2_000;
/** No chat gets so far: after it come the state of the chat and no messages. */
const BEYOND_SEQ = 2 ** 31 - 1;

/** Refusals after which there is no way on: the line is as good as closed. */
const LOST = new Set(["unreachable", "login", "between"]);
/** Refusals after which there is no chat here, whatever was asked. */
const GONE = new Set(["ended", "no_such_seat", "not_in"]);

/** @typedef {Pick<import("./api.js").Api, "news" | "page" | "say" | "tellReceipts">} HttpApi */

/** @implements {Transport} */
export class HttpTransport {
  isSlow = true;
  isOpen = false;
  #seat;
  #api;
  #after;
  #isShown;
  /** @type {Line | undefined} */
  #connection;
  /** @type {SessionReceiver | undefined} */
  #session;
  /** @type {string[]} */
  #withholds = [];
  #incarnation = "";
  /** The last seq that was told; nothing while the chat is not open. @type {number | undefined} */
  #last;
  /** The state of the chat when it was last told. @type {SeatState | undefined} */
  #state;
  #isAsking = false;
  #cancel;

  /**
   * @param {object} parts
   * @param {string} parts.seat
   * @param {HttpApi} parts.api
   * @param {Timer} parts.after
   * @param {() => boolean} parts.isShown whether the chat is on the screen
   */
  constructor({ seat, api, after, isShown }) {
    this.#seat = seat;
    this.#api = api;
    this.#after = after;
    this.#isShown = isShown;
    this.#cancel = after(0, () => {
      this.isOpen = true;
      this.#connection?.opened();
    });
  }

  /** @param {Line} connection @param {SessionReceiver} session */
  start(connection, session) {
    this.#connection = connection;
    this.#session = session;
  }

  close() {
    this.#cancel();
    this.isOpen = false;
    this.#connection = this.#session = undefined;
  }

  /** @param {Pick<Greeting, "withholds">} greeting */
  hello({ withholds }) {
    this.#withholds = withholds;
    const ask = () => this.#api.news(this.#seat, BEYOND_SEQ, withholds);
    return this.#request({ of: "hello" }, ask, ({ incarnation, state }) => {
      this.#incarnation = incarnation;
      const { seat, head, me, participants } = state;
      const seen = participants.find(({ participant }) => participant === me)?.seen ?? head;
      this.#connection?.welcomed({ incarnation, seats: [{ seat, head, unread: head - seen }] });
    });
  }

  /** One question at a time; the next one comes by itself while somebody looks. */
  async ping() {
    if (this.#isAsking || this.#last === undefined) return;
    this.#isAsking = true;
    this.#cancel();
    await this.#askNews(this.#last);
    this.#isAsking = false;
    if (this.isOpen && this.#isShown()) this.#cancel = this.#after(NEWS_MS, () => void this.ping());
  }

  /** @param {number} after */
  openChat(after) {
    this.#last = after;
    this.#state = undefined;
    return this.ping();
  }

  /** @param {string} id @param {string} text */
  say(id, text) {
    const ask = () => this.#api.say(this.#seat, id, text);
    return this.#request({ of: "chat-say", id }, ask, ({ seq, at }) => {
      this.#connection?.cleared();
      this.#session?.said(id, seq, at);
    });
  }

  /** @param {number} before @param {number} limit */
  page(before, limit) {
    const ask = () => this.#api.page(this.#seat, before, limit);
    return this.#request({ of: "chat-page" }, ask, ({ messages }) => this.#session?.paged(messages));
  }

  /** @param {number} seq */
  delivered(seq) {
    return this.#tellReceipts({ delivered: seq });
  }

  /** @param {number} seq */
  seen(seq) {
    return this.#tellReceipts(this.#withholds.includes("seen") ? { read: seq } : { seen: seq });
  }

  typing() {}

  /** @param {{delivered?: number, read?: number, seen?: number}} reach */
  #tellReceipts(reach) {
    return this.#request(
      { of: "receipts" },
      () => this.#api.tellReceipts(this.#seat, reach),
      () => {},
    );
  }

  /**
   * Everything after this seq, however much.
   * @param {number} after
   * @returns {Promise<void>}
   */
  #askNews(after) {
    const ask = () => this.#api.news(this.#seat, after, this.#withholds);
    return this.#request({ of: "chat-open" }, ask, async (news) => {
      if (this.#last !== after) return;
      // Another store answers: its seqs are others, and the Connection begins again.
      if (news.incarnation !== this.#incarnation) return this.#connection?.lost();
      this.#take(news);
      if (news.more && this.#last > after) await this.#askNews(this.#last);
    });
  }

  /** @param {NewsAnswer} news */
  #take({ state, messages }) {
    const known = this.#state;
    this.#state = state;
    if (!known) this.#session?.opened(state);
    for (const message of messages) this.#session?.arrived(message);
    this.#last = messages.at(-1)?.seq ?? this.#last;
    if (known && this.#session) tellChanges(this.#session, known, state);
  }

  /**
   * What the house answers is told only while this way is open.
   * @template T
   * @param {{of: string, id?: string}} what is asked
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => void | Promise<void>} tell
   */
  async #request(what, ask, tell) {
    try {
      const answer = await ask();
      if (!this.isOpen) return;
      this.#connection?.heard();
      await tell(answer);
    } catch (refusal) {
      this.#refuse(what, /** @type {import("./refusal.js").Refusal} */ (refusal));
    }
  }

  /** @param {{of: string, id?: string}} what was asked @param {import("./refusal.js").Refusal} refusal */
  #refuse({ of, id }, refusal) {
    const { code, message, retryAfter, ending } = refusal;
    if (code === undefined) throw refusal;
    const refused = { of, id, code, detail: message, retryAfter, ending };
    if (LOST.has(code)) this.#connection?.denied(refused);
    else if (GONE.has(code)) this.#session?.refused(refused);
    else if (of === "hello") this.#connection?.denied(refused);
    // The house is there, and is asked again soon.
    else if (of === "chat-open") this.#connection?.heard();
    else this.#session?.refused(refused);
  }
}

/**
 * What became different, as the frames of a socket would have told it.
 * @param {SessionReceiver} session
 * @param {SeatState} before
 * @param {SeatState} now
 */
function tellChanges(session, before, now) {
  for (const person of now.participants) {
    const known = before.participants.find(({ participant }) => participant === person.participant);
    if (known) tellPerson(session, known, person);
  }
  const { final_call: finalCall, due } = now;
  if (finalCall && finalCall !== before.final_call) session.chat.setFinalCall(finalCall);
  if (due !== before.due || (before.final_call && !finalCall)) session.chat.keep(due);
}

/** @param {SessionReceiver} session @param {Participant} known @param {Participant} person */
function tellPerson(session, known, person) {
  const isOther = (/** @type {(keyof Participant)[]} */ ...fields) =>
    fields.some((field) => person[field] !== known[field]);
  if (isOther("delivered", "seen")) session.chat.setReceipt(person);
  if (isOther("here", "last_here", "came_in")) session.chat.setPresence(person);
  if (isOther("tries")) session.guessed(person.participant, person.tries);
}
