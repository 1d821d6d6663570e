// The conversation as a list that scrolls: stays at its end, does not jump when history is put before it,
// and lays out only the rows near what is seen.
//
//   const messages = new ParlourMessages(session);
//   messages.show();   whenever the session changed
//
// Tells the ChatSession what was on the screen, and asks it for history near the top.
import { copiedText } from "../helpers/copied-text.js";
import { el, setText } from "../helpers/dom.js";
import { dayKey, moment } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { Roving } from "../helpers/roving.js";
import { word } from "../helpers/words.js";
import { NEAR_END_PX, ScrollAnchor } from "../models/scroll-anchor.js";
import { Timeline } from "../models/timeline.js";
import { VirtualList } from "../models/virtual-list.js";
import { ParlourDayHeader } from "./day-header.js";
import { ParlourJumpButton } from "./jump-button.js";
import { LaidRows } from "./laid-rows.js";
import { ParlourLiveLog } from "./live-log.js";
import { rowElement } from "./message-row.js";

const NEAR_TOP_PX = 1_500;
/** Rows that turn out higher than they were guessed may call for others; that settles in a few turns. */
const LAY_TURNS = 4;
/** What a browser had begun to glide through before goes on for a moment. */
const GLIDE_MS = 400;

export class ParlourMessages extends HTMLElement {
  #session;
  #timeline;
  #virtual = new VirtualList();
  #anchor = new ScrollAnchor();
  #list = el("ol", { class: "messages" });
  #laid;
  #span = { from: 0, to: 0 };
  #stops = new Roving(this.#list, "button.mark, .text a");
  #status = el("p", { class: "status" }, word("chat.loading"));
  #above = el("div", { class: "spacer" });
  #below = el("div", { class: "spacer" });
  #scroll = el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": word("chat.messages") },
    ...[this.#status, this.#above, this.#list, this.#below],
  );
  #day = new ParlourDayHeader();
  #jump = new ParlourJumpButton();
  #live = new ParlourLiveLog();
  #gone = new AbortController();
  /** The message whose mark was asked last. */
  #asked = "";
  #glidesUntil = 0;
  #waiting = 0;

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#timeline = new Timeline(session, dayKey);
    const build = (/** @type {import("../models/timeline.js").Look} */ look) =>
      rowElement(look, session.outbox);
    this.#laid = new LaidRows(this.#list, build, () => this.takeFocus());
  }

  connectedCallback() {
    const { signal } = this.#gone;
    this.replaceChildren(this.#scroll, this.#day, this.#jump, this.#live);
    this.#scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    this.#scroll.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#jump.addEventListener("click", () => this.#toEnd(), { signal });
    this.#list.addEventListener("copy", (event) => this.#copy(event), { signal });
    this.addEventListener("receipt-help", (event) => this.#noteAsked(event), { signal });
    document.addEventListener("visibilitychange", () => this.#lookBack(), { signal });
    const speak = (/** @type {Event} */ event) => this.#speak(/** @type {CustomEvent} */ (event).detail);
    this.#session.chat.addEventListener("heard", speak, { signal });
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(this.#scroll);
    resized.observe(this.#list);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#laid.clear();
    this.replaceChildren();
  }

  show() {
    const { chat, outbox } = this.#session;
    this.#noticeScroll();
    const hasSaid = outbox.entries.length > this.#waiting;
    this.#waiting = outbox.entries.length;
    const from = this.#timeline.update();
    this.#virtual.replaceFrom(
      from,
      this.#timeline.rows.slice(from).map((row) => row.key),
    );
    this.#showStatus();
    this.#anchor.noticeNew(chat);
    if (hasSaid || !this.#anchor.isPlaced) this.#anchor.goToEnd();
    if (chat.isWhole) this.#anchor.place(this.#virtual.topOf("new") !== undefined);
    this.#lay();
    this.#look();
  }

  #showStatus() {
    const { chat, outbox, isLoadingOlder } = this.#session;
    let said = "";
    if (!chat.isKnown) said = word("chat.loading");
    else if (chat.head === 0 && outbox.entries.length === 0) said = word("chat.empty");
    else if (isLoadingOlder) said = word("chat.older");
    else if (!chat.hasOlder && this.#anchor.isPlaced) said = word("chat.begins");
    setText(this.#status, said);
    this.#status.toggleAttribute("data-alone", this.#timeline.rows.length === 0);
  }

  /** Lays out the rows around what is seen, and keeps what is seen where it is. */
  #lay() {
    for (let turn = 0; turn < LAY_TURNS; turn += 1) {
      const box = this.#box;
      this.#span = this.#virtual.span(this.#anchor.wantedTop(this.#virtual, box), box.seen);
      this.#laid.show(this.#timeline.looks(this.#span, dayKey(houseNow())));
      this.#stops.settle();
      if (!this.#virtual.learn(this.#laid.measured())) break;
    }
    const { above, below } = this.#virtual.room(this.#span);
    this.#above.style.height = `${above}px`;
    this.#below.style.height = `${below}px`;
    const top = this.#anchor.wantedTop(this.#virtual, this.#box);
    if (Math.abs(this.#scroll.scrollTop - top) >= 1) this.#scroll.scrollTop = top;
    this.#anchor.noticeEnd(this.#box);
    this.#know();
  }

  get #box() {
    const { scrollTop: top, clientHeight: seen, scrollHeight: height } = this.#scroll;
    return { top, seen, height, rowsTop: this.#above.offsetTop };
  }

  #know() {
    const isLaid = (/** @type {string} */ key) => this.#laid.nodeOf(key) !== undefined;
    this.#anchor.know(this.#box, this.#virtual, this.#timeline.rows, isLaid);
  }

  #toEnd() {
    this.#glidesUntil = performance.now() + GLIDE_MS;
    this.#anchor.isAtEnd = true;
    this.#lay();
    this.#look();
    this.takeFocus();
  }

  /**
   * Browsers travel to the ends in steps, in which unknown heights would stop them.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (event.target !== this.#scroll || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "End") this.#toEnd();
    else if (event.key === "Home") this.#scroll.scrollTop = 0;
    else return;
    event.preventDefault();
  }

  /** Where the focus goes when what had it is gone: to the same mark, if it was one that was asked. */
  takeFocus() {
    const mark = this.#laid.nodeOf(this.#asked)?.querySelector("button.mark");
    this.#asked = "";
    const place = mark instanceof HTMLElement ? mark : this.#scroll;
    place.focus({ preventScroll: true });
  }

  /** The mark of a message was pressed. @param {Event} event */
  #noteAsked({ target }) {
    const row = target instanceof Element ? target.closest("li") : null;
    this.#asked = this.#laid.lookOf(row)?.row.key ?? "";
  }

  #scrolled() {
    if (performance.now() < this.#glidesUntil) this.#anchor.isAtEnd = true;
    else this.#noticeScroll();
    const { top, seen, height, rowsTop } = this.#box;
    const { isAtEnd, isPlaced } = this.#anchor;
    const isLeft = isAtEnd && height - top - seen >= NEAR_END_PX;
    if (isLeft || (isPlaced && !this.#virtual.covers(this.#span, top - rowsTop, seen))) this.#lay();
    this.#look();
  }

  /** A message can come between a person's scrolling and the browser's word of it. */
  #noticeScroll() {
    if (!this.#anchor.isScrolled(this.#box)) return;
    this.#anchor.scroll(this.#box);
    this.#know();
  }

  /** The keyboard came up, the composer grew, a picture of a letter arrived. */
  #resized() {
    if (!this.#anchor.isPlaced) return;
    this.#lay();
    this.#look();
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
    if (document.visibilityState === "visible") this.#session.see(this.#lastSeenSeq());
    if (this.#scroll.scrollTop < NEAR_TOP_PX) this.#session.loadOlder();
    this.#jump.show(this.#anchor.isAtEnd, chat.unread);
    const top = this.#scroll.scrollTop - this.#above.offsetTop;
    this.#day.show(this.#timeline.rows[this.#virtual.at(Math.max(0, top))], top > 0);
  }

  #lastSeenSeq() {
    return this.#laid.lastSeqAbove(this.#scroll.getBoundingClientRect().bottom - NEAR_END_PX / 2);
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    const text = copiedText([...this.#list.querySelectorAll(".message")], getSelection(), (node) => {
      const look = this.#laid.lookOf(node);
      return { name: look?.name ?? "", time: moment(look?.row.at ?? "") };
    });
    if (text === "") return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  }

  /** @param {ChatMessage} message */
  #speak({ from, text }) {
    const name = this.#session.chat.participants.get(from)?.name ?? "";
    this.#live.speak(word("chat.they_said", { name }), text);
  }
}

customElements.define("parlour-messages", ParlourMessages);
