// The page's way to the house over HTTP, where no socket comes through: requests of the page become requests
// of the API, and their answers call what the frames of a socket would have called.
//
// Used by a Connection, so that nobody else knows which way was taken. It asks for news of the chat that is
// open every two seconds while that is on the screen, and for all chats every ten seconds while their list
// is; else when the Connection pings. Typing goes nowhere, and this device does not count as being here.

const NEWS_MS = 2_000;
const LIST_MS = 10_000;

/** Refusals after which there is no way on: the line is as good as closed. */
const LOST = new Set(["unreachable", "login", "between"]);
/** Refusals after which there is no chat here, whatever was asked. */
const GONE = new Set(["ended", "no_such_seat", "not_in"]);

/** @typedef {import("./api.js").Api} Api */
/** @typedef {Pick<Api, "news" | "page" | "say" | "change" | "tellReceipts" | "keep" | "end">} HttpApi */
/** @typedef {{of: string, seat?: string, id?: string, seq?: number}} Asked */
/**
 * The chat that is open: where its next news begin, and its state when it was last told.
 * @typedef {{seat: string, from: Beginning, state: SeatState | undefined}} OpenChat
 */

/** @implements {Transport} */
export class HttpTransport {
  isSlow = true;
  isOpen = false;
  /** Two requests may overtake each other. */
  unansweredMax = 1;
  #api;
  #after;
  #isShown;
  /** @type {Receivers | undefined} */
  #to;
  /** @type {string[]} */
  #withholds = [];
  /** @type {OpenChat | undefined} */
  #chat;
  #isAsking = false;
  #cancel;

  /**
   * @param {object} parts
   * @param {HttpApi} parts.api
   * @param {Timer} parts.after
   * @param {() => boolean} parts.isShown whether the page is on the screen
   */
  constructor({ api, after, isShown }) {
    this.#api = api;
    this.#after = after;
    this.#isShown = isShown;
    this.#cancel = after(0, () => {
      this.isOpen = true;
      this.#to?.connection.opened();
    });
  }

  /** @param {Receivers} to */
  start(to) {
    this.#to = to;
  }

  close() {
    this.#cancel();
    this.isOpen = false;
    this.#to = undefined;
  }

  /** @param {Pick<Greeting, "withholds">} greeting */
  async hello({ withholds }) {
    this.#withholds = withholds;
    await this.#request({ of: "hello" }, this.#askList, () => {
      const holdsNone = this.#to?.chatList.rows.length === 0;
      if (holdsNone) this.#to?.connection.denied({ of: "hello", code: "not_in", ending: {} });
      else this.#to?.connection.welcomed({});
    });
    this.#askLater();
  }

  #askList = async () => this.#to?.chatList.refresh();

  /** One question at a time; the next one comes by itself while somebody looks. */
  async ping() {
    if (this.#isAsking || !this.isOpen) return;
    this.#isAsking = true;
    this.#cancel();
    const chat = this.#chat;
    if (chat) await this.#askNews(chat);
    else await this.#request({ of: "seats" }, this.#askList, () => {});
    this.#isAsking = false;
    // Another chat was opened meanwhile.
    if (this.#chat && this.#chat !== chat) void this.ping();
    else this.#askLater();
  }

  #askLater() {
    this.#cancel();
    const isWatched = this.#chat !== undefined || this.#to?.chatList.isShown;
    if (!this.isOpen || !isWatched || !this.#isShown()) return;
    this.#cancel = this.#after(this.#chat ? NEWS_MS : LIST_MS, () => void this.ping());
  }

  /** @param {string} seat @param {Beginning} from */
  openChat(seat, from) {
    this.#chat = { seat, from, state: undefined };
    return this.ping();
  }

  closeChat() {
    this.#chat = undefined;
    this.#askLater();
  }

  /** @param {string} seat @param {string} id @param {string} text @param {number} [replyTo] */
  say(seat, id, text, replyTo) {
    const ask = () => this.#api.say(seat, id, text, replyTo);
    return this.#request({ of: "chat-say", seat, id }, ask, ({ seq, at }) => {
      this.#to?.connection.cleared();
      this.#tell(seat, (session) => session.said(id, seq, at));
    });
  }

  /** The change itself comes with the next news. @param {string} seat @param {MessageCommand} command */
  change(seat, command) {
    const { of, seq } = command;
    const ask = () => this.#api.change(seat, command);
    return this.#request({ of, seat, seq }, ask, () => {
      this.#tell(seat, (session) => session.changeDone(of, seq));
      void this.ping();
    });
  }

  /** @param {string} seat @param {number} before @param {number} limit */
  page(seat, before, limit) {
    const ask = () => this.#api.page(seat, before, limit);
    return this.#request({ of: "chat-page", seat }, ask, ({ messages }) =>
      this.#tell(seat, (session) => session.paged(messages)),
    );
  }

  /** @param {string} seat @param {number} seq */
  delivered(seat, seq) {
    return this.#tellReceipts(seat, { delivered: seq });
  }

  /** @param {string} seat @param {number} seq */
  seen(seat, seq) {
    return this.#tellReceipts(seat, this.#withholds.includes("seen") ? { read: seq } : { seen: seq });
  }

  typing() {}

  /** @param {string} seat */
  keep(seat) {
    const ask = () => this.#api.keep(seat);
    return this.#request({ of: "chat-keep", seat }, ask, ({ due }) =>
      this.#tell(seat, (session) => session.kept(due)),
    );
  }

  /** @param {string} seat */
  end(seat) {
    const ask = () => this.#api.end(seat);
    return this.#request({ of: "chat-end", seat }, ask, (ending) =>
      this.#tell(seat, (session) => session.end(ending)),
    );
  }

  /** @param {string} seat @param {{delivered?: number, read?: number, seen?: number}} reach */
  #tellReceipts(seat, reach) {
    return this.#request(
      { of: "receipts", seat },
      () => this.#api.tellReceipts(seat, reach),
      () => {},
    );
  }

  /**
   * Everything from there on, however much.
   * @param {OpenChat} chat
   * @returns {Promise<void>}
   */
  #askNews(chat) {
    const { seat, from } = chat;
    const ask = () => this.#api.news(seat, from, this.#withholds);
    return this.#request({ of: "chat-open", seat }, ask, async (news) => {
      if (this.#chat !== chat) return;
      // Another store answers: its seqs are others, and the chat is opened again.
      if (this.#to?.sessions.setIncarnation(news.incarnation))
        return this.#tell(seat, (session) => session.reopen());
      const isOther = news.afresh || (chat.state && isShownOtherwise(chat.state, news.state));
      if (isOther) return this.#tell(seat, (session) => session.reopen(true));
      if (this.#take(chat, news)) await this.#askNews(chat);
    });
  }

  /** Answers whether there is more to ask for at once. @param {OpenChat} chat @param {NewsAnswer} news */
  #take(chat, { state, messages, more, changes = [], changes_up_to: changed = state.changed ?? 0 }) {
    const { state: known, from } = chat;
    const { after = state.head, changed: reached = 0 } = /** @type {{after?: number, changed?: number}} */ (
      from
    );
    chat.state = state;
    const last = messages.at(-1)?.seq;
    chat.from = { after: last ?? after, changed };
    this.#tell(chat.seat, (session) => {
      if (!known) session.opened(state);
      for (const message of messages) session.arrived(message);
      for (const message of changes) session.showsChange(message.changed ?? 0, message);
      if (changed > reached) session.chat.reachChange(changed);
      if (known) tellChanges(session, known, state);
    });
    return (more && last !== undefined) || (changed > reached && changed < (state.changed ?? 0));
  }

  /** @param {string} seat @param {(session: SessionReceiver) => void} tell */
  #tell(seat, tell) {
    for (const session of this.#to?.sessions.of({ seat }) ?? []) tell(session);
  }

  /**
   * What the house answers is told only while this way is open.
   * @template T
   * @param {Asked} asked
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => void | Promise<void>} tell
   */
  async #request(asked, ask, tell) {
    try {
      const answer = await ask();
      if (!this.isOpen) return;
      this.#to?.connection.heard();
      await tell(answer);
    } catch (refusal) {
      this.#refuse(asked, /** @type {import("./refusal.js").Refusal} */ (refusal));
    }
  }

  /** @param {Asked} asked @param {import("./refusal.js").Refusal} refusal */
  #refuse({ of, seat = "", id, seq }, refusal) {
    const { code, message, retryAfter, ending } = refusal;
    if (code === undefined) throw refusal;
    const refused = { of, id, seq, code, detail: message, retryAfter, ending };
    const isOfLine = LOST.has(code) || of === "hello" || (of === "seats" && GONE.has(code));
    if (isOfLine) this.#to?.connection.denied(refused);
    // The house is there, and is asked again soon.
    else if (!GONE.has(code) && (of === "chat-open" || of === "seats")) this.#to?.connection.heard();
    else this.#tell(seat, (session) => session.refused(refused));
  }
}

/**
 * Whether who is shown to whom is another thing by now: a socket would be told to begin afresh.
 * @param {SeatState} before
 * @param {SeatState} now
 */
function isShownOtherwise(before, now) {
  const isThere = (/** @type {Participant} */ { participant }) =>
    now.participants.some((person) => person.participant === participant);
  return before.group?.roster !== now.group?.roster || !before.participants.every(isThere);
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
    tellPlace(session, known, person);
    if (known) tellPerson(session, known, person);
  }
  if (now.group) session.chat.setGroup(now.group);
  const { final_call: finalCall, due } = now;
  if (finalCall && finalCall !== before.final_call) session.chat.setFinalCall(finalCall);
  if (due !== before.due || (before.final_call && !finalCall)) session.kept(due);
}

/** @param {SessionReceiver} session @param {Participant | undefined} known @param {Participant} person */
function tellPlace(session, known, { participant, name, role, state, since }) {
  if (!role || !state) return;
  const isOther = role !== known?.role || state !== known.state || name !== known.name;
  if (isOther) session.chat.setPerson({ participant, name, role, state, since });
}

/** @param {SessionReceiver} session @param {Participant} known @param {Participant} person */
function tellPerson(session, known, person) {
  const isOther = (/** @type {(keyof Participant)[]} */ ...fields) =>
    fields.some((field) => person[field] !== known[field]);
  if (isOther("delivered", "seen")) session.chat.setReceipt(person);
  if (isOther("here", "last_here", "came_in")) session.chat.setPresence(person);
  if (isOther("tries")) session.guessed(person.participant, person.tries);
}
