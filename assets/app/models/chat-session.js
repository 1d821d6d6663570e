// One seat's conversation: the chat, its outbox and the page's connection brought together.
//
// Used by the chat page. While the chat is shown it is open on every new connection, from the last seq that
// it has; it answers with receipts, asks for history, and says what waits in the outbox. `wire.js` and
// HttpTransport call it with what the house tells of this seat and its chat.
//
// Events: "change" (chat, outbox, notices or connection); "failed" (CustomEvent, detail: why) when something
// that the person did earlier could not be done; "gone" when the seat is no more: `departure` says how this
// device lost it, or chat.ended how the chat ended.
import { ChatCommands } from "./chat-commands.js";
import { Draft } from "./draft.js";
import { HistoryLoader } from "./history-loader.js";
import { MessageChanges } from "./message-changes.js";
import { Notices } from "./notices.js";
import { textOf } from "./outbox-entry.js";
import { ReceiptSender } from "./receipt-sender.js";
import { Undo } from "./undo.js";

/** The last screens are enough to begin with; the house adds all that is unread. */
const FIRST_MESSAGES = 50;
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
  #house;
  #receipts;
  #history;
  #commands;
  #typedAt = -TYPING_EVERY_MS;
  /** Aborted while nobody looks at the chat. */
  #resting = aborted();
  /** The house has told how the chat is, and tells what changes. */
  #isToldAll = false;
  /** It was opened with the newest messages: all of them are as they are now. */
  #isFresh = false;
  /** The last change of the chat when it was opened. */
  #changedAtOpening = 0;
  #wasOpen = false;
  #isOver = false;
  /** @type {"left" | "left_group" | undefined} */
  #leavesAs;
  /**
   * How this device lost its seat in a chat that goes on; `out_of_group` if it was signed out or its person
   * was removed.
   * @type {"left" | "left_group" | "signed_out" | "out_of_group" | undefined}
   */
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
   * @param {() => Promise<{due: string}>} parts.keep over HTTP
   * @param {() => Promise<ChatEnding>} parts.endChat over HTTP
   * @param {(command: MessageCommand) => Promise<unknown>} parts.change a message, over HTTP
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
    this.#house = house;
    this.notices = new Notices(store);
    this.draft = new Draft({ store, tabs, makeId });
    this.undo = new Undo(after);
    const ask = (/** @type {(house: Transport) => void} */ request) => connection.ask(request);
    this.#receipts = new ReceiptSender({ seat, chat, ask, after });
    this.#history = new HistoryLoader({ seat, chat, ask, after, changed: this.#changed });
    this.#commands = new ChatCommands(connection);
    const change = this.change.bind(this);
    const failed = (/** @type {unknown} */ detail) =>
      void this.dispatchEvent(new CustomEvent("failed", { detail }));
    const { undo, draft } = this;
    this.changes = new MessageChanges({ chat, outbox, undo, draft, store, change, failed });
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
    this.outbox.addEventListener("adopted", () => this.#takeOwn(this.chat.messages), { signal });
    this.outbox.load();
    this.#takeOwn(this.chat.messages);
    this.#connection.open();
    this.#openChat();
  }

  /** The chat is not looked at: everything stays as it is until it is opened again. */
  rest() {
    this.undo.finish(true);
    this.store.flush();
    // Nobody listens for the answers any more, and the line may be dead: it is asked over HTTP.
    this.#commands.lost();
    if (!this.#resting.signal.aborted) this.#connection.ask((house) => house.closeChat(this.seat));
    this.#resting.abort();
    this.#leaveChat();
  }

  /** Restarts the idle clock. Throws why that was not done. */
  keep() {
    const http = async () => this.kept((await this.#house.keep()).due);
    return this.#commands.run("chat-keep", { over: (way) => way.keep(this.seat), http });
  }

  /** Ends the chat for everybody. Throws why that was not done. */
  destroy() {
    const http = async () => this.end(await this.#house.endChat());
    return this.#commands.run("chat-end", { over: (way) => way.end(this.seat), http });
  }

  /**
   * Does something with a message. Throws why that was not done. As a page goes, browsers finish requests,
   * and not what waits on a socket.
   * @param {MessageCommand} command
   */
  async change(command, isLeaving = false) {
    if (isLeaving) return void (await this.#house.change(command));
    const over = (/** @type {Transport} */ way) => way.change(this.seat, command);
    const http = async () => void (await this.#house.change(command));
    return this.#commands.run(command.of, { over, http }, command.seq);
  }

  /** What answers a message goes out as its answer. @param {string} text */
  say(text) {
    const { about } = this.draft;
    const replyTo = about?.action === "reply" ? about.seq : undefined;
    return this.outbox.say(text, this.draft.take(), replyTo);
  }

  /**
   * What the draft answers or edits, as it is now; nothing while that is not known.
   * @returns {import("./message-actions.js").Subject | undefined}
   */
  get subject() {
    const { seq = 0, id } = this.draft.about ?? {};
    const message = this.chat.find(seq);
    if (message) return { message };
    const entry = this.outbox.shown.find((one) => one.id === id);
    return entry && { entry };
  }

  /** Somebody touches the keyboard. */
  type() {
    if (this.#now() - this.#typedAt < TYPING_EVERY_MS) return;
    if (this.#connection.ask((house) => house.typing(this.seat))) this.#typedAt = this.#now();
  }

  /** The page showed everything up to this seq to a person. @param {number} seq */
  see(seq) {
    this.#receipts.see(seq);
  }

  /** Asks for a message that another one answers. @param {number} seq */
  loadQuoted(seq) {
    this.#history.loadQuoted(seq);
  }

  loadOlder() {
    this.#history.load();
  }

  /**
   * This device goes because its person wants it: its seat is no loss then, whether the house or the answer
   * says so first. Throws what the request throws.
   * @param {() => Promise<void>} request
   * @param {"left" | "left_group"} [as] `left_group`: the person goes, with all devices
   */
  async leave(request, as = "left") {
    this.#leavesAs = as;
    try {
      await request();
    } catch (refusal) {
      this.#leavesAs = undefined;
      throw refusal;
    }
    this.#loseSeat();
  }

  // What the house tells.

  /** Another store answers now: seqs that were known mean nothing in it. */
  restart() {
    this.undo.forget();
    this.draft.release();
    this.changes.restart();
    this.chat.clear();
    this.#receipts.clear();
    this.outbox.restart();
  }

  /** @param {Omit<Opening, "messages">} state */
  opened(state) {
    if (this.#resting.signal.aborted) return;
    this.#trouble = "";
    this.#isToldAll = true;
    this.#changedAtOpening = state.changed ?? 0;
    this.notices.opened(state.participants);
    this.chat.setState(state);
    const { group, otherNames } = this.chat;
    this.store.keep("title", group?.title ?? "");
    this.store.keep("others", group ? "" : otherNames.join(", "));
    void this.outbox.open();
    this.changes.resume();
    this.#catchUp();
    this.#receipts.opened(state.participants.find(({ participant }) => participant === state.me));
  }

  /**
   * Before the house has told how the chat is, messages are for another seat of this browser in the same
   * chat: of what was said before them this session would know nothing.
   * @param {ChatMessage} message
   */
  arrived(message) {
    this.#takeOwn([message]);
    if (!this.#isToldAll) return;
    this.chat.insert(message);
    this.#catchUp();
    this.#receipts.send();
  }

  /** How a message is now. @param {number} number of the change @param {ChatMessage} message */
  showsChange(number, message) {
    if (this.#isToldAll) this.chat.change(number, message);
  }

  /** What was asked for is true. @param {string} of @param {number} seq */
  changeDone(of, seq) {
    this.#commands.done(of, seq);
  }

  /** The house has this message of one's own. @param {string} id @param {number} seq @param {string} at */
  said(id, seq, at) {
    const entry = this.changes.taken(id, seq);
    if (!entry) return;
    const { text, reply_to } = entry;
    const vanishes = this.chat.vanishesAt(at);
    // The house may know more of it: that takes the place of this.
    this.chat.insert({ seq, from: this.chat.me, at, id, text, reply_to, vanishes, changed: -1 });
  }

  /** @param {ChatMessage[]} messages a page of history, or one that is quoted */
  paged(messages) {
    const quoted = this.#history.took(messages);
    if (quoted) this.chat.quote(quoted);
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

  /** @param {string} due */
  kept(due) {
    this.chat.keep(due);
    this.#commands.done("chat-keep");
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
    this.#commands.refused(refusal);
  }

  /** @param {boolean} [isAfresh] nothing that is held can be brought up to date */
  reopen(isAfresh = false) {
    this.outbox.close();
    if (isAfresh) this.chat.discard();
    this.#openChat();
  }

  /** The chat is gone. @param {ChatEnding} ending */
  end(ending) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.undo.forget();
    this.#resting.abort();
    this.#commands.done("chat-end");
    this.#commands.done("chat-keep");
    this.#leaveChat();
    this.chat.end({ name: this.store.note("others"), ...ending });
    this.#seats.forget(this.seat);
    this.tabs.close();
    void this.outbox.wipe();
    this.dispatchEvent(new Event("gone"));
  }

  #changed = () => {
    this.dispatchEvent(new Event("change"));
  };

  #onConnection() {
    if (this.isConnected) this.#openChat();
    else {
      this.#leaveChat();
      this.#commands.lost();
    }
    this.#changed();
  }

  /** Nothing is told of the chat until it is opened on a connection again. */
  #leaveChat() {
    this.#isToldAll = false;
    this.outbox.close();
    this.#history.lost();
  }

  /**
   * The device opens nothing any more: the chat has ended, or the seat was taken.
   * @param {AbortSignal} signal
   */
  async #askWhy(signal) {
    const refusal = await this.#house.askHouse().then(
      () => ({ code: "" }),
      (error) => error,
    );
    if (signal.aborted) return;
    if (refusal.code === "ended") return this.end(refusal.ending);
    if (refusal.code === "no_such_seat" || refusal.code === "not_in") return this.#loseSeat();
    this.#after(REOPEN_MS, () => {
      if (!signal.aborted) this.#connection.open();
    });
  }

  #openChat() {
    if (this.#resting.signal.aborted) return;
    this.#isToldAll = false;
    const { last, changed } = this.chat;
    this.#isFresh = last === 0;
    const from = this.#isFresh ? { newest: FIRST_MESSAGES } : { after: last, changed };
    this.#connection.ask((house) => house.openChat(this.seat, from));
  }

  /** @param {string} trouble @param {number} pauseMs */
  #reopenLater(trouble, pauseMs) {
    this.#trouble = trouble;
    this.#changed();
    this.#after(pauseMs, () => this.reopen());
  }

  /**
   * What was read afresh is as it was when the chat was opened. Otherwise only what comes says which changes
   * are known: those that were missed come behind the messages.
   */
  #catchUp() {
    if (!this.chat.isWhole) return;
    if (this.#isFresh) this.chat.reachChange(this.#changedAtOpening);
    this.outbox.catchUp(!this.#isFresh);
  }

  /** What the house shows of one's own waits no more. @param {ChatMessage[]} messages */
  #takeOwn(messages) {
    for (const { id, from, seq } of messages) if (id && from === this.chat.me) this.changes.taken(id, seq);
  }

  /** The chat goes on without this device, which was in it or never was. */
  #loseSeat() {
    if (this.#isOver) return;
    const wasIn = this.chat.isKnown || this.#seats.holds(this.seat);
    const lost = this.store.note("title") ? "out_of_group" : "signed_out";
    if (wasIn) this.departure = this.#leavesAs ?? lost;
    const waiting = this.outbox.entries.filter(({ isDeleted }) => !isDeleted);
    const typed = [...waiting.map(textOf), ...this.draft.texts];
    this.unsent = typed.filter((text) => text.trim() !== "");
    this.end({});
  }
}

function aborted() {
  const controller = new AbortController();
  controller.abort();
  return controller;
}
