// One seat's conversation: the chat, its outbox and the connection brought together.
//
// Used by the chat page. It opens the chat on every new connection with the last seq that it has, answers
// with receipts, asks for history, and says what waits in the outbox. `wire.js` and HttpTransport call it
// with what the house tells of this seat.
//
// Events: "change" (chat, outbox, notices or connection), "gone" when the seat is no more: `departure` says
// how this device lost it, or chat.ended how the chat ended.
import { Draft } from "./draft.js";
import { HistoryLoader } from "./history-loader.js";
import { Notices } from "./notices.js";
import { ReceiptSender } from "./receipt-sender.js";

const FIRST_MESSAGES = 50;
const FIRST_MESSAGES_MAX = 300;
/** The house counts no further. */
const UNREAD_MAX = 100;
const TYPING_EVERY_MS = 3_000;
const REOPEN_MS = 2_000;

export class ChatSession extends EventTarget {
  seat;
  #connection;
  chat;
  outbox;
  store;
  tabs;
  #seats;
  #after;
  #now;
  #askHouse;
  #setHouseTime;
  #receipts;
  #history;
  #typedAt = -TYPING_EVERY_MS;
  /** Where a page that has nothing yet begins. */
  #firstAfter = 0;
  /** The run of the store that this page knows. @type {string | undefined} */
  #incarnation;
  /** Aborted while nobody looks at the chat. */
  #resting = aborted();
  #wasOpen = false;
  #isOver = false;
  #isLeaving = false;
  /** How this device lost its seat in a chat that goes on. @type {"left" | "signed_out" | undefined} */
  departure;
  /** What was typed here before that, and may not have been sent. @type {string[]} */
  unsent = [];
  #trouble = "";

  /**
   * @param {object} parts
   * @param {string} parts.seat
   * @param {import("./connection.js").Connection} parts.connection
   * @param {import("./chat.js").Chat} parts.chat
   * @param {import("./outbox.js").Outbox} parts.outbox
   * @param {import("./local-store.js").LocalStore} parts.store
   * @param {import("./tabs.js").Tabs} parts.tabs
   * @param {import("./seats.js").Seats} parts.seats
   * @param {() => string} parts.makeId
   * @param {Timer} parts.after
   * @param {() => number} parts.now
   * @param {() => Promise<unknown>} parts.askHouse for the seat; throws why there is none
   * @param {(at: string | undefined) => void} parts.setHouseTime
   */
  constructor({ seat, connection, chat, outbox, store, tabs, seats, makeId, after, now, ...house }) {
    super();
    this.seat = seat;
    this.#connection = connection;
    this.chat = chat;
    this.outbox = outbox;
    this.store = store;
    this.tabs = tabs;
    this.#seats = seats;
    this.#after = after;
    this.#now = now;
    this.#askHouse = house.askHouse;
    this.#setHouseTime = house.setHouseTime;
    this.#incarnation = seats.incarnation;
    this.notices = new Notices(store);
    this.draft = new Draft({ store, tabs, makeId });
    const ask = (/** @type {(house: Transport) => void} */ request) => connection.ask(request);
    this.#receipts = new ReceiptSender({ chat, ask, after });
    this.#history = new HistoryLoader({ chat, ask, after, changed: this.#changed });
  }

  /** Whether this browser still has this chat, and what waits in it, when the page was closed. */
  get isKept() {
    return this.store.isKept && this.#seats.isKept;
  }

  get isConnected() {
    return this.#connection.isOpen();
  }

  /** Whether it goes on over HTTP: more slowly, and without typing. */
  get isSlow() {
    return this.#connection.isSlow;
  }

  /** Why the chat is not shown yet, or what is in the way of the house, as the code of a refusal. */
  get trouble() {
    return this.#trouble || this.#connection.trouble;
  }

  get isLoadingOlder() {
    return this.#history.isLoading;
  }

  /** From now on it is connected. What it knows already is shown meanwhile. */
  open() {
    if (this.#isOver || !this.#resting.signal.aborted) return;
    if (this.#wasOpen) this.chat.revisit();
    this.#wasOpen = true;
    this.#resting = new AbortController();
    const { signal } = this.#resting;
    for (const part of [this.chat, this.outbox, this.notices, this.store])
      part.addEventListener("change", this.#changed, { signal });
    this.#connection.addEventListener("state", () => this.#onConnection(), { signal });
    this.#connection.addEventListener("denied", () => void this.#askWhy(signal), { signal });
    this.outbox.load();
    this.#takeOwn(this.chat.messages);
    this.#connection.open(this);
  }

  /** The chat is not looked at: no connection, and everything stays as it is until it is opened again. */
  rest() {
    this.store.flush();
    this.#connection.close();
    this.outbox.close();
    this.#history.done();
    this.#resting.abort();
  }

  /** What this device tells, and is told, has changed. */
  renew() {
    this.chat.doubt();
    if (this.#resting.signal.aborted) return;
    this.#connection.close();
    this.#connection.open(this);
  }

  wake() {
    this.#connection.wake();
  }

  /** @param {string} text */
  say(text) {
    return this.outbox.say(text, this.draft.take());
  }

  /** Somebody touches the keyboard. */
  type() {
    if (this.#now() - this.#typedAt < TYPING_EVERY_MS) return;
    if (this.#connection.ask((house) => house.typing())) this.#typedAt = this.#now();
  }

  /** The page showed everything up to this seq to a person. @param {number} seq */
  see(seq) {
    this.#receipts.see(seq);
  }

  loadOlder() {
    this.#history.load();
  }

  /**
   * This device goes because its person wants it: its seat is no loss then, whether the house or the answer
   * says so first. Throws what the request throws.
   * @param {() => Promise<void>} request
   */
  async leave(request) {
    this.#isLeaving = true;
    try {
      await request();
    } catch (refusal) {
      this.#isLeaving = false;
      throw refusal;
    }
    this.#loseSeat();
  }

  // What the house tells.

  /** @param {Welcome} welcome */
  welcomed({ incarnation, now, seats }) {
    this.#setHouseTime(now);
    const known = this.#incarnation;
    if (known !== undefined && known !== incarnation) this.#forgetHistory();
    this.#incarnation = this.#seats.incarnation = incarnation;
    this.#firstAfter = firstAfter(seats.find(({ seat }) => seat === this.seat));
    this.#openChat();
  }

  /** @param {Omit<Opening, "messages">} state */
  opened(state) {
    this.#trouble = "";
    this.notices.opened(state.participants);
    this.chat.setState(state);
    const others = this.chat.otherNames;
    this.store.keep("others", others.join(", "));
    this.outbox.open();
    this.#receipts.opened(state.participants.find(({ participant }) => participant === state.me));
  }

  /** @param {ChatMessage} message */
  arrived(message) {
    this.#takeOwn([message]);
    this.chat.insert(message);
    this.#receipts.send();
  }

  /** The house has this message of one's own. @param {string} id @param {number} seq @param {string} at */
  said(id, seq, at) {
    const entry = this.outbox.taken(id);
    if (entry) this.chat.insert({ seq, from: this.chat.me, at, id, text: entry.text });
  }

  /** @param {ChatMessage[]} messages a page of history */
  paged(messages) {
    this.#history.done();
    this.#takeOwn(messages);
    this.chat.prepend(messages);
  }

  /** @param {string} participant @param {number} tries */
  guessed(participant, tries) {
    this.notices.guessed(participant, tries);
    this.chat.setTries(participant, tries);
  }

  /** @param {Invited} invited */
  invited({ participant, by, due }) {
    this.notices.invited({ participant, by }, this.chat.me);
    this.chat.setTries(participant, 0);
    this.chat.keep(due);
  }

  /** @param {Refused} refusal */
  refused(refusal) {
    const { of, id = "", code, retryAfter = 0, ending } = refusal;
    if (code === "ended") return this.end(ending);
    if (code === "no_such_seat" || code === "not_in") return this.#loseSeat();
    const pause = retryAfter * 1000 || REOPEN_MS;
    if (of === "chat-say") this.outbox.refused(id, refusal);
    if (of === "chat-page") this.#history.pause(pause);
    if (of === "chat-open") this.#reopenLater(code, pause);
  }

  reopen() {
    this.outbox.close();
    this.#openChat();
  }

  /** The chat is gone. @param {ChatEnding} ending */
  end(ending) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.chat.end({ name: this.store.note("others"), ...ending });
    this.#seats.forget(this.seat);
    this.rest();
    this.tabs.close();
    this.outbox.wipe();
    this.dispatchEvent(new Event("gone"));
  }

  #changed = () => {
    this.dispatchEvent(new Event("change"));
  };

  #onConnection() {
    if (!this.isConnected) {
      this.outbox.close();
      this.#history.done();
    }
    this.#changed();
  }

  /**
   * The device opens nothing any more: the chat has ended, or the seat was taken.
   * @param {AbortSignal} signal
   */
  async #askWhy(signal) {
    const refusal = await this.#askHouse().then(
      () => ({ code: "" }),
      (error) => error,
    );
    if (signal.aborted) return;
    if (refusal.code === "ended") return this.end(refusal.ending);
    if (refusal.code === "no_such_seat" || refusal.code === "not_in") return this.#loseSeat();
    this.#after(REOPEN_MS, () => {
      if (!signal.aborted) this.#connection.open(this);
    });
  }

  /** Another store answers now: seqs that were known mean nothing in it. */
  #forgetHistory() {
    this.chat.clear();
    this.#receipts.clear();
  }

  #openChat() {
    const after = this.chat.last || this.#firstAfter;
    this.#connection.ask((house) => house.openChat(after));
  }

  /** @param {string} trouble @param {number} pauseMs */
  #reopenLater(trouble, pauseMs) {
    this.#trouble = trouble;
    this.#changed();
    this.#after(pauseMs, () => this.reopen());
  }

  /** What the house shows of one's own waits no more. @param {ChatMessage[]} messages */
  #takeOwn(messages) {
    for (const { id, from } of messages) if (from === this.chat.me) this.outbox.taken(id);
  }

  /** The chat goes on without this device, which was in it or never was. */
  #loseSeat() {
    if (this.#isOver) return;
    const wasIn = this.chat.isKnown || this.#seats.holds(this.seat);
    if (wasIn) this.departure = this.#isLeaving ? "left" : "signed_out";
    const typed = [...this.outbox.entries.map(({ text }) => text), this.draft.text];
    this.unsent = typed.filter((text) => text.trim() !== "");
    this.end({});
  }
}

function aborted() {
  const controller = new AbortController();
  controller.abort();
  return controller;
}

/**
 * The last screens are enough to begin with, and all that is unread.
 * @param {Welcome["seats"][number] | undefined} row
 */
function firstAfter(row) {
  const { unread, head } = row ?? { unread: 0, head: 0 };
  const wanted = unread < UNREAD_MAX ? Math.max(FIRST_MESSAGES, unread + 10) : FIRST_MESSAGES_MAX;
  return Math.max(0, head - wanted);
}
