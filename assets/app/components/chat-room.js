/**
 * <chat-room></chat-room>: one seat's chat, from the address `c#SEAT`. Holds the models, turns frames into what the
 * parts show and what people do into frames. Everything is keyed by the seat, so that two tabs with two seats of one
 * browser never mix.
 */
import { Connection } from "../models/connection.js";
import { Conversation, TYPING_FADES } from "../models/conversation.js";
import { Device } from "../models/device.js";
import { Outbox } from "../models/outbox.js";
import { openShelf } from "../models/shelf.js";
import { button, fromTemplate, part, say } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { fillWords, word } from "../helpers/words.js";
import { EndDialog } from "./end-dialog.js";
import { MessageComposer } from "./message-composer.js";
import { MessageList } from "./message-list.js";
import { howItEnded, howMuch } from "./sentences.js";

/** Messages that a first look asks for: about two screens of a phone. */
const SCREENFUL = 50;
/** A connection that is back sooner is not worth a word. */
const BANNER_AFTER = 3_000;
const TYPING_EVERY = 3_000;
/** Somebody who reloads a page is not gone. */
const AWAY_AFTER = 2_000;

export class ChatRoom extends HTMLElement {
  #device = new Device(localStorage);
  #seat = "";
  #talk = new Conversation();
  /** @type {Connection} */
  #connection = /** @type {any} */ (null);
  /** @type {Outbox} */
  #outbox = /** @type {any} */ (null);
  #isOpen = false;
  #saidTyping = 0;
  #marked = { delivered: 0, seen: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #bannerTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #presenceTimer;
  #wake = () => this.#look();
  #move = () => location.reload();

  connectedCallback() {
    this.#seat = location.hash.slice(1);
    globalThis.addEventListener("hashchange", this.#move);
    const secret = this.#device.secret;
    if (this.#seat === "" || secret === null) {
      this.#leave(word("gone.title"), word("gone.help"));
      return;
    }
    this.#furnish();
    this.#connect(secret);
    for (const event of ["online", "pageshow", "focus"]) globalThis.addEventListener(event, this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
  }

  disconnectedCallback() {
    globalThis.removeEventListener("hashchange", this.#move);
    for (const event of ["online", "pageshow", "focus"]) globalThis.removeEventListener(event, this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#connection?.stop();
  }

  #furnish() {
    const made = fromTemplate("chat-room");
    fillWords(made);
    this.replaceChildren(made);
    this.#list.note(word("chat.loading"));
    this.#list.onolder = () => this.#askOlder();
    this.#list.onseen = () => this.#markSeen();
    this.#list.onretry = (id) => void this.#outbox.retry(id);
    this.#list.ondiscard = (id) => void this.#outbox.settle(id);
    this.#composer.draft = this.#device.draft(this.#seat);
    this.#composer.onsay = (text) => this.#say(text);
    this.#composer.onwrite = (text) => this.#write(text);
    this.#dialog.setUp(this.#seat, () => this.#connection.send({ type: "chat-end", seat: this.#seat }));
    part(this, "end").addEventListener("click", () => this.#dialog.ask(this.#talk.head));
    part(this, "keep").addEventListener("click", () => this.#connection.send({ type: "chat-keep", seat: this.#seat }));
    part(this, "guess-close").addEventListener("click", () => (part(this, "guess").hidden = true));
    part(this, "below").addEventListener("click", () => this.#list.toEnd());
  }

  /** @param {string} secret */
  #connect(secret) {
    const url = new URL("api/v1/socket", document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    url.hash = "";
    this.#connection = new Connection(url.href, secret, {
      open: (address, protocol) => new WebSocket(address, protocol),
      after: (act, milliseconds) => setTimeout(act, milliseconds),
      cancel: (timer) => clearTimeout(timer),
      now: () => Date.now(),
      random: () => Math.random(),
    });
    this.#connection.onframe = (frame) => this.#hear(frame);
    this.#connection.onstate = (state) => this.#showState(state);
    this.#outbox = new Outbox(this.#seat, openShelf(), (frame) => this.#connection.send(frame));
    this.#outbox.onchange = () => this.#list.showPending(this.#outbox.messages);
    void this.#outbox.load();
    this.#connection.start();
  }

  get #list() {
    return /** @type {MessageList} */ (this.querySelector("message-list"));
  }

  get #composer() {
    return /** @type {MessageComposer} */ (this.querySelector("message-composer"));
  }

  get #dialog() {
    return /** @type {EndDialog} */ (this.querySelector("end-dialog"));
  }

  /** @param {any} frame */
  #hear(frame) {
    if (frame.seat !== undefined && frame.seat !== this.#seat) return;
    const act = this.#frames[frame.type];
    if (act !== undefined) act(frame);
  }

  /** What each frame does. One that is not known does nothing. */
  #frames = /** @type {Record<string, (frame: any) => void>} */ ({
    "welcome": (frame) => this.#enter(frame),
    "chat-state": (frame) => this.#open(frame),
    "chat-message": (frame) => this.#add(frame),
    "chat-said": (frame) => this.#settle(frame),
    "chat-page": (frame) => this.#addOlder(frame),
    "chat-receipt": (frame) => {
      this.#talk.mark(frame);
      this.#list.showMarks(this.#talk);
      this.#showUnread();
    },
    "chat-presence": (frame) => this.#meet(frame),
    "chat-typing": (frame) => {
      this.#talk.type(frame.participant);
      this.#showPresence();
      setTimeout(() => this.#showPresence(), TYPING_FADES + 100);
    },
    "chat-due": (frame) => this.#showIdle("chat.due", frame.at),
    "chat-kept": (frame) => {
      this.#talk.due = frame.due;
      this.#showIdle("chat.kept", frame.due);
    },
    "chat-guess": (frame) => {
      this.#talk.guess(frame);
      this.#showGuesses();
    },
    "chat-ended": (frame) => void this.#end(frame),
    "chat-resync": () => this.#ask(),
    "refused": (frame) => this.#refuse(frame),
  });

  /** @param {any} welcome */
  #enter(welcome) {
    if (welcome.restored) {
      this.#talk.forget();
      this.#list.clear();
    }
    const mine = welcome.seats.find((/** @type {any} */ row) => row.seat === this.#seat);
    this.#ask(mine?.head ?? 0);
  }

  /** @param {number} [head] */
  #ask(head = 0) {
    const after = this.#talk.startAfter(head, SCREENFUL);
    this.#talk.hasOlder ||= this.#talk.size === 0 && after > 0;
    this.#connection.send({ type: "chat-open", seat: this.#seat, after });
  }

  /** @param {any} state */
  #open(state) {
    this.#isOpen = true;
    this.#talk.open(state);
    this.#marked = { delivered: 0, seen: 0 };
    const others = list(this.#talk.others.map((one) => one.name));
    part(this, "title").textContent = others;
    part(this, "title").setAttribute("aria-label", word("chat.title", { others }));
    this.#list.note(state.head === 0 ? word("chat.empty") : "");
    this.#list.showMarks(this.#talk);
    this.#showPresence();
    this.#showGuesses();
    this.#showIdle("chat.rests", state.due);
    this.#showUnread();
    this.#outbox.open();
    if (state.head <= this.#talk.last) this.#look();
  }

  /** @param {any} frame */
  #add({ seq, from, at, id, text }) {
    if (!this.#talk.add({ seq, from, at, id, text })) return;
    const isNews = this.#talk.head === seq && from !== this.#talk.me;
    this.#list.note("");
    this.#list.add(this.#talk, seq);
    if (from === this.#talk.me) void this.#outbox.settle(id);
    if (isNews && seq > (this.#talk.participant(this.#talk.me)?.delivered ?? 0)) this.#read(from, text);
    this.#talk.due = "";
    this.#showPresence();
    this.#markDelivered();
    this.#look();
  }

  /**
   * A screen reader says what is new, once; never the history.
   * @param {string} from
   * @param {string} text
   */
  #read(from, text) {
    say(part(this, "live"), `${this.#talk.nameOf(from)}: ${text}`);
  }

  /** @param {any} frame */
  #settle({ id, seq, at }) {
    const pending = this.#outbox.messages.find((message) => message.id === id);
    if (pending !== undefined) this.#add({ seq, from: this.#talk.me, at, id, text: pending.text });
    void this.#outbox.settle(id);
  }

  #askOlder() {
    if (!this.#isOpen || !this.#talk.hasOlder || this.#talk.first === 0) return false;
    return this.#connection.send({ type: "chat-page", seat: this.#seat, before: this.#talk.first, limit: SCREENFUL });
  }

  /** @param {any} page */
  #addOlder(page) {
    this.#talk.hasOlder = page.more;
    for (const message of page.messages) this.#talk.add(message);
    this.#list.addOlder(this.#talk);
  }

  /** @param {any} frame */
  #meet(frame) {
    this.#talk.meet(frame);
    clearTimeout(this.#presenceTimer);
    this.#presenceTimer = setTimeout(() => this.#showPresence(), frame.here ? 0 : AWAY_AFTER);
  }

  /** @param {any} frame */
  #refuse(frame) {
    if (frame.code === "ended") {
      void this.#end(frame);
    } else if (["no_such_seat", "not_in"].includes(frame.code)) {
      this.#connection.stop();
      this.#device.forget(this.#seat);
      this.#leave(word("gone.title"), word("gone.help"));
    } else if (frame.of === "chat-say" && this.#outbox.refuse(frame.id, frame.code)) {
      setTimeout(() => this.#outbox.open(), Math.max(1, frame.retry_after ?? 1) * 1_000);
    }
  }

  /** @param {string} text */
  #say(text) {
    void this.#outbox.add(text);
    this.#device.keepDraft(this.#seat, "");
    this.#saidTyping = 0;
    this.#list.toEnd();
  }

  /** @param {string} text */
  #write(text) {
    this.#device.keepDraft(this.#seat, text);
    const now = Date.now();
    if (text === "" || now - this.#saidTyping < TYPING_EVERY) return;
    this.#saidTyping = now;
    this.#connection.send({ type: "chat-typing", seat: this.#seat });
  }

  #look() {
    if (document.visibilityState === "visible") this.#connection?.wake();
    this.#markSeen();
    this.#showUnread();
  }

  #markDelivered() {
    const head = this.#talk.last;
    if (head <= Math.max(this.#marked.delivered, this.#talk.participant(this.#talk.me)?.delivered ?? 0)) return;
    this.#marked.delivered = head;
    this.#connection.send({ type: "chat-delivered", seat: this.#seat, seq: head });
  }

  #markSeen() {
    if (!this.#isOpen || document.visibilityState !== "visible" || !this.#list.isAtEnd) return;
    const head = this.#talk.last;
    if (head <= Math.max(this.#marked.seen, this.#talk.participant(this.#talk.me)?.seen ?? 0)) return;
    this.#marked.seen = head;
    this.#connection.send({ type: "chat-seen", seat: this.#seat, seq: head });
  }

  #showUnread() {
    const count = this.#talk.unread;
    const others = list(this.#talk.others.map((one) => one.name));
    document.title = `${count > 0 ? `(${count}) ` : ""}${others || word("app.name")} · ${word("app.name")}`;
    const below = part(this, "below");
    below.hidden = this.#list.isAtEnd;
    say(below, count > 0 ? word("chat.new", { count }) : "↓");
  }

  #showPresence() {
    const one = this.#talk.others[0];
    if (one === undefined || !this.isConnected) return;
    const line = part(this, "presence");
    line.classList.toggle("good", one.here);
    say(line, presenceOf(one, this.#talk.isTyping(one.participant)));
  }

  #showGuesses() {
    const tried = [...this.#talk.others, this.#talk.participant(this.#talk.me)]
      .filter((one) => one !== undefined).filter((one) => one.tries > 0);
    const lines = tried.map((one) => {
      const values = { count: one.tries, name: one.name };
      return word(one.participant === this.#talk.me ? "chat.guess_own" : "chat.guess", values);
    });
    part(this, "guess").hidden = lines.length === 0;
    say(part(this, "guess-text"), lines.join(" "));
  }

  /**
   * @param {string} key
   * @param {string} at
   */
  #showIdle(key, at) {
    part(this, "idle-line").hidden = false;
    part(this, "idle-line").classList.toggle("urgent", key === "chat.due");
    say(part(this, "idle"), word(key, { when: moment(new Date(at)) }));
  }

  /** @param {string} state */
  #showState(state) {
    clearTimeout(this.#bannerTimer);
    const banner = part(this, "banner");
    button(this, "end").disabled = state !== "open";
    button(this, "keep").disabled = state !== "open";
    if (state === "open") {
      banner.hidden = true;
      return;
    }
    this.#isOpen = false;
    this.#outbox.close();
    this.#bannerTimer = setTimeout(() => {
      banner.hidden = false;
      say(banner, word("chat.offline"));
    }, BANNER_AFTER);
  }

  /**
   * The chat is destroyed: nothing of it stays on the page or in this browser.
   * @param {any} ended
   */
  async #end(ended) {
    const other = this.#talk.others[0]?.name ?? "";
    this.#connection.stop();
    this.#device.forget(this.#seat);
    this.#talk.forget();
    this.#leave(word("ended.title"), howItEnded(ended, other), howMuch(ended));
    await this.#outbox.wipe();
  }

  /**
   * @param {string} title
   * @param {string} what
   * @param {string} [count]
   */
  #leave(title, what, count = "") {
    clearTimeout(this.#bannerTimer);
    const made = fromTemplate("chat-over");
    fillWords(made);
    part(made, "title").textContent = title;
    part(made, "what").textContent = what;
    part(made, "count").textContent = count;
    this.replaceChildren(made);
    document.title = `${title} · ${word("app.name")}`;
    part(this, "title").focus();
  }
}

/**
 * @param {import("../models/conversation.js").Participant} one
 * @param {boolean} isTyping
 */
function presenceOf(one, isTyping) {
  if (isTyping) return word("chat.typing");
  if (one.here) return word("chat.here");
  if (one.last_here !== undefined) return word("chat.last_here", { when: moment(new Date(one.last_here)) });
  return word(one.came_in ? "chat.away" : "chat.never");
}
