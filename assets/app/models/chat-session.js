// One seat's conversation: the chat, its outbox and the connection brought together.
//
// Used by the chat page. It opens the chat on every new socket with the last seq that it has, answers with
// receipts, asks for history, and says what waits in the outbox. Frames of other seats are not its
// business: the same device may hold both seats of a chat, in two tabs.
//
// Events: "change" (chat, outbox, news or `state`), "gone" when the seat is no more: `parting` says how this
// device lost it, or chat.ended how the chat ended.
import { Draft } from "./draft.js";
import { Notices } from "./notices.js";

const FIRST_MESSAGES = 50;
const FIRST_MESSAGES_MAX = 300;
const PAGE_MESSAGES = 100;
/** The house counts no further. */
const UNREAD_MAX = 100;
const PAGE_DEADLINE_MS = 10_000;
const TYPING_EVERY_MS = 3_000;
const RECEIPT_DELAY_MS = 100;
const REOPEN_MS = 2_000;

export class ChatSession extends EventTarget {
  #seat;
  #connection;
  #chat;
  #outbox;
  #store;
  #tabs;
  #seats;
  #after;
  #now;
  #askHouse;
  #delivered = 0;
  #seen = 0;
  #seenTold = 0;
  #typedAt = -TYPING_EVERY_MS;
  #isReceiptDue = false;
  /** Where a page that has nothing yet begins. */
  #firstAfter = 0;
  /** @type {(() => void) | undefined} */
  #cancelPage;
  /** The run of the store that this page knows. @type {string | undefined} */
  #incarnation;
  /** Aborted while nobody looks at the chat. */
  #resting = aborted();
  #wasOpen = false;
  #isOver = false;
  #isLeaving = false;
  /** How this device lost its seat in a chat that goes on. @type {"left" | "signed_out" | undefined} */
  parting;
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
   */
  constructor({ seat, connection, chat, outbox, store, tabs, seats, makeId, after, now, askHouse }) {
    super();
    this.#seat = seat;
    this.#connection = connection;
    this.#chat = chat;
    this.#outbox = outbox;
    this.#store = store;
    this.#tabs = tabs;
    this.#seats = seats;
    this.#after = after;
    this.#now = now;
    this.#askHouse = askHouse;
    this.#incarnation = seats.incarnation;
    this.notices = new Notices(store);
    this.draft = new Draft({ store, tabs, makeId });
  }

  get seat() {
    return this.#seat;
  }

  get chat() {
    return this.#chat;
  }

  get outbox() {
    return this.#outbox;
  }

  get store() {
    return this.#store;
  }

  /** Whether this browser still has this chat, and what waits in it, when the page was closed. */
  get isKept() {
    return this.#store.isKept && this.#seats.isKept;
  }

  get tabs() {
    return this.#tabs;
  }

  get isConnected() {
    return this.#connection.state === "open";
  }

  /** Whether it goes on over HTTP: more slowly, and without typing. */
  get isSlow() {
    return this.#connection.isSlow;
  }

  /** Why the chat is not shown yet, or what stands before the house, as the code of a refusal. */
  get trouble() {
    return this.#trouble || this.#connection.trouble;
  }

  get isLoadingOlder() {
    return this.#cancelPage !== undefined;
  }

  /** From now on it is connected. What it knows already is shown meanwhile. */
  open() {
    if (this.#isOver || !this.#resting.signal.aborted) return;
    if (this.#wasOpen) this.#chat.revisit();
    this.#wasOpen = true;
    this.#resting = new AbortController();
    const { signal } = this.#resting;
    const changed = () => this.dispatchEvent(new Event("change"));
    this.#chat.addEventListener("change", changed, { signal });
    this.#outbox.addEventListener("change", changed, { signal });
    this.notices.addEventListener("change", changed, { signal });
    this.#store.addEventListener("change", changed, { signal });
    this.#connection.addEventListener("state", () => this.#turn(), { signal });
    this.#connection.addEventListener("denied", () => void this.#askWhy(signal), { signal });
    const hear = (/** @type {Event} */ event) => this.#hear(/** @type {CustomEvent} */ (event).detail);
    this.#connection.addEventListener("frame", hear, { signal });
    this.#outbox.load();
    this.#take(this.#chat.messages);
    this.#connection.open();
  }

  /** The chat is not looked at: no connection, and everything stays as it is until it is opened again. */
  rest() {
    this.#store.flush();
    this.#connection.close();
    this.#outbox.close();
    this.#pageCame();
    this.#resting.abort();
  }

  /** What this device tells, and is told, has changed. */
  renew() {
    this.#chat.doubt();
    if (this.#resting.signal.aborted) return;
    this.#connection.close();
    this.#connection.open();
  }

  wake() {
    this.#connection.wake();
  }

  /** @param {string} text */
  say(text) {
    return this.#outbox.say(text, this.draft.take());
  }

  /** Somebody touches the keyboard. */
  type() {
    if (this.#now() - this.#typedAt < TYPING_EVERY_MS) return;
    if (this.#send({ type: "chat-typing" })) this.#typedAt = this.#now();
  }

  /** The page showed everything up to this seq to a person. @param {number} seq */
  see(seq) {
    if (seq <= this.#seen) return;
    this.#seen = seq;
    this.#chat.see(seq);
    this.#tellReceipts();
  }

  /** Asks for what stands before the first message that is held. */
  loadOlder() {
    if (this.#cancelPage || !this.#chat.hasOlder) return;
    const asked = this.#send({ type: "chat-page", before: this.#chat.first, limit: PAGE_MESSAGES });
    if (!asked) return;
    this.#waitForPage(PAGE_DEADLINE_MS);
    this.dispatchEvent(new Event("change"));
  }

  /** The chat was ended by this page. @param {ChatEnding} ending */
  end(ending) {
    this.#lose(ending);
  }

  /**
   * This device goes because its person wants it: its seat is no loss then, whoever tells of it first. Throws
   * what the request throws.
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
    this.#part();
  }

  #turn() {
    if (this.#connection.state !== "open") {
      this.#outbox.close();
      this.#pageCame();
    }
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Frame} frame */
  #hear(frame) {
    if (frame.type === "welcome") return this.#begin(frame);
    if (frame.seat !== this.#seat) return;
    this.notices.take(frame, this.#chat.me);
    const heard = this.#hears[frame.type];
    if (heard) heard(frame);
    else this.#chat.take(frame);
  }

  /** @type {Record<string, (frame: Frame) => void>} */
  #hears = {
    "chat-state": (frame) => this.#opened(frame),
    "chat-message": (frame) => this.#arrived(frame),
    "chat-said": (frame) => this.#said(frame),
    "chat-page": (frame) => {
      this.#pageCame();
      this.#take(frame.messages);
      this.#chat.take(frame);
    },
    "chat-resync": () => this.#reopen(),
    "chat-ended": (frame) => this.#lose(/** @type {any} */ (frame)),
    refused: (frame) => this.#refused(frame),
  };

  /** @param {Frame} welcome */
  #begin(welcome) {
    const known = this.#incarnation;
    if (known !== undefined && known !== welcome.incarnation) this.#forgetHistory();
    this.#incarnation = this.#seats.incarnation = welcome.incarnation;
    /** @type {SeatRow | undefined} */
    const row = welcome.seats.find((/** @type {SeatRow} */ held) => held.seat === this.#seat);
    this.#firstAfter = firstAfter(row);
    this.#open();
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
    if (refusal.code === "ended") return this.#lose(refusal.ending);
    if (refusal.code === "no_such_seat" || refusal.code === "not_in") return this.#part();
    this.#after(REOPEN_MS, () => {
      if (!signal.aborted) this.#connection.open();
    });
  }

  /** Another store answers now: seqs that were known mean nothing in it. */
  #forgetHistory() {
    this.#chat.clear();
    this.#delivered = this.#seen = this.#seenTold = 0;
  }

  #reopen() {
    this.#outbox.close();
    this.#open();
  }

  #open() {
    this.#send({ type: "chat-open", after: this.#chat.last || this.#firstAfter });
  }

  /** @param {Frame} frame */
  #opened(frame) {
    this.#trouble = "";
    this.#chat.take(frame);
    const others = this.#chat.others.map((person) => person.name);
    this.#store.keep("others", others.join(", "));
    /** @type {Participant | undefined} */
    const told = frame.participants.find((/** @type {Participant} */ one) => one.participant === frame.me);
    this.#seenTold = told?.seen ?? 0;
    this.#delivered = told?.delivered ?? 0;
    this.#outbox.open();
    this.#tellReceipts();
  }

  /** What the house shows of one's own waits no more. @param {ChatMessage[]} messages */
  #take(messages) {
    for (const { id, from } of messages) if (from === this.#chat.me) this.#outbox.taken(id);
  }

  /** @param {Frame} frame */
  #arrived(frame) {
    this.#take([/** @type {any} */ (frame)]);
    this.#chat.take(frame);
    this.#tellReceipts();
  }

  /** @param {Frame} frame */
  #said(frame) {
    const entry = this.#outbox.taken(frame.id);
    if (!entry) return;
    const message = { type: "chat-message", seq: frame.seq, at: frame.at, id: frame.id };
    this.#chat.take({ ...message, from: this.#chat.me, text: entry.text });
  }

  /** @param {Frame} frame */
  #refused(frame) {
    if (frame.code === "ended") return this.#lose(/** @type {any} */ (frame));
    if (frame.code === "no_such_seat" || frame.code === "not_in") return this.#part();
    if (frame.of === "chat-say") this.#outbox.refused(frame.id, /** @type {any} */ (frame));
    if (frame.of === "chat-page") this.#waitForPage((frame.retry_after ?? 0) * 1000 || REOPEN_MS);
    if (frame.of === "chat-open") this.#reopenLater(frame);
  }

  /** @param {Frame} refusal */
  #reopenLater(refusal) {
    this.#trouble = refusal.code;
    this.dispatchEvent(new Event("change"));
    this.#after((refusal.retry_after ?? 0) * 1000 || REOPEN_MS, () => this.#reopen());
  }

  /** Until then no other is asked for. @param {number} ms */
  #waitForPage(ms) {
    this.#cancelPage?.();
    this.#cancelPage = this.#after(ms, () => {
      this.#cancelPage = undefined;
      this.dispatchEvent(new Event("change"));
    });
  }

  #pageCame() {
    this.#cancelPage?.();
    this.#cancelPage = undefined;
  }

  /** Receipts of a burst of messages go out as one. */
  #tellReceipts() {
    if (this.#isReceiptDue) return;
    this.#isReceiptDue = true;
    this.#after(RECEIPT_DELAY_MS, () => {
      this.#isReceiptDue = false;
      this.#sendReceipts();
    });
  }

  #sendReceipts() {
    if (this.#chat.ended || !this.#chat.isKnown) return;
    if (this.#seen > this.#seenTold && this.#send({ type: "chat-seen", seq: this.#seen })) {
      this.#seenTold = this.#seen;
      this.#delivered = Math.max(this.#delivered, this.#seen);
    }
    const { last } = this.#chat;
    if (last > this.#delivered && this.#send({ type: "chat-delivered", seq: last })) this.#delivered = last;
  }

  /** The chat goes on without this device, which was in it or never was. */
  #part() {
    if (this.#isOver) return;
    const wasIn = this.#chat.isKnown || this.#seats.holds(this.#seat);
    if (wasIn) this.parting = this.#isLeaving ? "left" : "signed_out";
    const typed = [...this.#outbox.entries.map(({ text }) => text), this.draft.text];
    this.unsent = typed.filter((text) => text.trim() !== "");
    this.#lose({});
  }

  /** @param {ChatEnding} ending */
  #lose(ending) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#chat.end({ name: this.#store.note("others"), ...ending });
    this.#seats.forget(this.#seat);
    this.rest();
    this.#tabs.close();
    this.#outbox.wipe();
    this.dispatchEvent(new Event("gone"));
  }

  /** @param {Frame} frame */
  #send({ type, ...fields }) {
    return this.#connection.send({ type, seat: this.#seat, ...fields });
  }
}

function aborted() {
  const controller = new AbortController();
  controller.abort();
  return controller;
}

/** The last screens are enough to begin with, and all that is unread. @param {SeatRow | undefined} row */
function firstAfter(row) {
  const { unread, head } = row ?? { unread: 0, head: 0 };
  const wanted = unread < UNREAD_MAX ? Math.max(FIRST_MESSAGES, unread + 10) : FIRST_MESSAGES_MAX;
  return Math.max(0, head - wanted);
}
