// The conversation: its rows, the day and the button that lie over them, and what is read out.
//
//   const messages = new ParlourMessages(session);
//   messages.show();   whenever the session changed
//
// Tells the ChatSession what was on the screen, and asks it for history near the top.
import { copiedText } from "../helpers/copied-text.js";
import { detailOf, el, send, setText } from "../helpers/dom.js";
import { dayKey, moment } from "../helpers/format.js";
import { onMenu } from "../helpers/long-press.js";
import { word } from "../helpers/words.js";
import { ScrollAnchor } from "../models/scroll-anchor.js";
import { Timeline } from "../models/timeline.js";
import { ParlourDayHeader } from "./day-header.js";
import { ParlourJumpButton } from "./jump-button.js";
import { ParlourLiveLog } from "./live-log.js";
import { rowElement } from "./message-row.js";
import { ParlourScrollList } from "./scroll-list.js";

const NEAR_TOP_PX = 1_500;

export class ParlourMessages extends HTMLElement {
  #session;
  #timeline;
  #anchor = new ScrollAnchor();
  #status = el("p", { class: "status" }, word("chat.loading"));
  #list;
  #day = new ParlourDayHeader();
  #jump = new ParlourJumpButton();
  #live = new ParlourLiveLog();
  #gone = new AbortController();
  /** The message whose receipt mark was last opened for help: the focus goes back to that mark. */
  #asked = "";
  /** The message to go to as soon as it is held; 0 for none. */
  #goal = 0;
  /** How many messages waited to be sent at the last look: one more means that the person said something. */
  #waiting = 0;

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#timeline = new Timeline(session, dayKey);
    this.#list = new ParlourScrollList({
      timeline: this.#timeline,
      anchor: this.#anchor,
      build: (look) => rowElement(look, session.outbox),
      head: this.#status,
      loseFocus: () => this.takeFocus(),
    });
  }

  connectedCallback() {
    const { signal } = this.#gone;
    this.replaceChildren(this.#list, this.#day, this.#jump, this.#live);
    this.#list.addEventListener("looked", () => this.#look(), { signal });
    this.#list.addEventListener("copy", (event) => this.#copy(event), { signal });
    this.#jump.addEventListener("click", () => this.#list.toEnd(), { signal });
    this.addEventListener("receipt-help", (event) => this.#noteAsked(event), { signal });
    this.addEventListener("go-to", (event) => this.#goTo(detailOf(event)), { signal });
    onMenu(this, (target) => this.#openMenu(target), signal);
    // Who does something else meanwhile wants to stay there.
    for (const act of ["wheel", "pointerdown", "keydown"])
      this.addEventListener(act, () => (this.#goal = 0), { passive: true, signal });
    document.addEventListener("visibilitychange", () => this.#lookBack(), { signal });
    const speak = (/** @type {Event} */ event) => this.#speak(detailOf(event));
    this.#session.chat.addEventListener("heard", speak, { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.replaceChildren();
  }

  show() {
    const { chat, outbox } = this.#session;
    const { length } = outbox.shown;
    const hasSaid = length > this.#waiting;
    this.#waiting = length;
    this.#list.update();
    this.#showStatus();
    this.#anchor.noticeNew(chat);
    if (hasSaid || !this.#anchor.isPlaced) this.#anchor.goToEnd();
    if (chat.isWhole) this.#anchor.place(this.#list.has("new"));
    this.#list.lay();
    this.#look();
    if (this.#goal) this.#goTo(this.#goal);
  }

  /** What is older than all that is held is asked for first. @param {number} seq of a message */
  #goTo(seq) {
    const { first } = this.#session.chat;
    this.#goal = seq < first ? seq : 0;
    if (this.#goal) return this.#session.loadOlder();
    const row = this.#timeline.rows.find((one) => one.kind === "message" && one.seq === seq);
    if (row) this.#list.goTo(row.key);
  }

  #showStatus() {
    const { chat, outbox, isLoadingOlder } = this.#session;
    let said = "";
    if (!chat.isKnown) said = word("chat.loading");
    else if (chat.head === 0 && outbox.shown.length === 0) said = word("chat.empty");
    else if (isLoadingOlder) said = word("chat.older");
    else if (!chat.hasOlder && this.#anchor.isPlaced) said = word("chat.begins");
    setText(this.#status, said);
    this.#status.toggleAttribute("data-alone", this.#timeline.rows.length === 0);
  }

  /** Where the focus goes when what had it is gone: to the same mark, if it was one that was asked. */
  takeFocus() {
    const mark = this.#list.rows.nodeOf(this.#asked)?.querySelector("button.mark");
    this.#asked = "";
    if (mark instanceof HTMLElement) mark.focus({ preventScroll: true });
    else this.#list.takeFocus();
  }

  /** The mark of a message was pressed. @param {Event} event */
  #noteAsked({ target }) {
    const row = target instanceof Element ? target.closest("li") : null;
    this.#asked = this.#list.rows.lookOf(row)?.row.key ?? "";
  }

  /** Links and marked text have the menu of the browser. @param {Element} target */
  #openMenu(target) {
    const { row } = this.#list.rows.lookOf(target.closest(".message")) ?? {};
    if (!row || target.closest("a") || getSelection()?.isCollapsed === false) return false;
    send(this, "message-menu", row);
    return true;
  }

  #lookBack() {
    if (document.visibilityState !== "visible") return;
    this.#session.chat.lookBack();
    this.show();
  }

  /** What a person can see now is seen, and near the top there must be more to see. */
  #look() {
    const { chat } = this.#session;
    if (!this.#anchor.isPlaced || chat.ended) return;
    if (document.visibilityState === "visible") this.#session.see(this.#list.lastSeenSeq);
    const { top, isBelowFirst, row } = this.#list.place;
    if (top < NEAR_TOP_PX) this.#session.loadOlder();
    for (const { quote } of this.#list.rows.looks)
      if (quote && !quote.message) this.#session.loadQuoted(quote.seq);
    this.#jump.show(this.#anchor.isAtEnd, chat.unread);
    this.#day.show(row, isBelowFirst);
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    const rows = [...this.#list.querySelectorAll(".message")];
    const text = copiedText(rows, getSelection(), (node) => {
      const look = this.#list.rows.lookOf(node);
      return { name: look?.name ?? "", time: moment(look?.row.at ?? "") };
    });
    if (text === "") return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  }

  /** @param {ChatMessage} message */
  #speak({ from, text = word("chat.unsupported") }) {
    const name = this.#session.chat.participants.get(from)?.name ?? "";
    this.#live.speak(word("chat.they_said", { name }), text);
  }
}

customElements.define("parlour-messages", ParlourMessages);
