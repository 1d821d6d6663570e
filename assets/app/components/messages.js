// The conversation as a list that scrolls: stays at its end, does not jump when history is put before it,
// and lays only the rows near what is seen.
//
//   const messages = new ParlourMessages();
//   messages.open(talk);
//   messages.show();
//
// Tells the Talk what was on the screen, asks it for history near the top, and reads what is new to screen
// readers, once, in a live region of its own.
import { el } from "../helpers/dom.js";
import { copied } from "../helpers/copied.js";
import { day, moment } from "../helpers/format.js";
import { after } from "../helpers/home.js";
import { Roving } from "../helpers/roving.js";
import { word } from "../helpers/words.js";
import { Window } from "../models/window.js";
import { rowsOf } from "./rows.js";

/** So close to the end counts as being there. */
const NEAR_END_PX = 48;
const NEAR_TOP_PX = 1_500;
const SPOKEN_MS = 6_000;
/** Rows that turn out higher than they were guessed may call for others; that is settled in a few turns. */
const LAY_TURNS = 4;
const HELD_MS = 400;
/** An anchor is looked for among so many rows: those beside it are lines, or not laid yet. */
const NEAR_ROWS = 100;

export class ParlourMessages extends HTMLElement {
  #list = el("ol", { class: "messages" });
  #stops = new Roving(this.#list, "button.mark, .text a");
  #status = el("p", { class: "status" }, word("chat.loading"));
  #above = el("div", { class: "beyond" });
  #below = el("div", { class: "beyond" });
  #scroll = el("div", {
    class: "scroll",
    tabindex: "0",
    role: "region",
    "aria-label": word("chat.messages"),
  });
  #day = el("p", { class: "day floats", "aria-hidden": "true", hidden: true });
  #jump = el("button", { class: "jump", type: "button", hidden: true });
  #live = el("div", { class: "unseen live", role: "log", "aria-live": "polite" });
  #gone = new AbortController();
  #window = new Window();
  /** @type {import("./rows.js").Row[]} */
  #rows = [];
  /** @type {Map<string, {node: HTMLElement, sign: string}>} */
  #laid = new Map();
  #span = { from: 0, to: 0 };
  #isAtEnd = true;
  #isPlaced = false;
  /** What was new when that was last looked at. */
  #fresh = "0 0";
  /** Whether somebody who was at the end is led to what is new as soon as it is all there. */
  #isFreshDue = false;
  /** The row that stays where it is, and how far its top is above the top of what is seen. */
  #anchor = { key: "", beyond: 0 };
  /** How the list stood when it was last looked at: what differs then was a person, or the layout. */
  #known = { top: 0, seen: 0, height: 0 };
  /** The message whose mark was asked last. */
  #asked = "";
  #heldUntil = 0;
  #waiting = 0;
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;

  /** @param {import("../models/talk.js").Talk} talk */
  open(talk) {
    this.#talk = talk;
    const { signal } = this.#gone;
    this.#scroll.append(this.#status, this.#above, this.#list, this.#below);
    this.replaceChildren(this.#scroll, this.#day, this.#jump, this.#live);
    this.#scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    this.#scroll.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#jump.addEventListener("click", () => this.#toEnd(), { signal });
    this.#list.addEventListener("copy", (event) => this.#copy(event), { signal });
    this.addEventListener("message-why", (event) => this.#noteAsked(event), { signal });
    document.addEventListener("visibilitychange", () => this.#lookBack(), { signal });
    const speak = (/** @type {Event} */ event) => this.#speak(/** @type {CustomEvent} */ (event).detail);
    talk.chat.addEventListener("heard", speak, { signal });
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
    const talk = this.#talk;
    if (!talk) return;
    this.#noticeScroll();
    const said = talk.outbox.entries.length > this.#waiting;
    this.#waiting = talk.outbox.entries.length;
    this.#rows = rowsOf(talk);
    this.#window.hold(this.#rows.map((row) => row.key));
    this.#showStatus(talk);
    this.#noticeFresh(talk.chat);
    if (said || !this.#isPlaced) this.#isAtEnd = true;
    if (said) this.#isFreshDue = false;
    if (talk.chat.isWhole && (this.#isFreshDue || !this.#isPlaced)) this.#place();
    this.#lay();
    this.#look();
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #showStatus(talk) {
    const { chat } = talk;
    let said = "";
    if (!chat.isKnown) said = word("chat.loading");
    else if (chat.head === 0 && talk.outbox.entries.length === 0) said = word("chat.empty");
    else if (talk.isLoadingOlder) said = word("chat.older");
    else if (!chat.hasOlder && this.#isPlaced) said = word("chat.begins");
    if (this.#status.textContent !== said) this.#status.textContent = said;
    this.#status.toggleAttribute("data-alone", this.#rows.length === 0);
  }

  /**
   * Who comes back to the end begins with what is new. Until all of it is there, the list stays where it is.
   * @param {import("../models/chat.js").Chat} chat
   */
  #noticeFresh({ freshFrom, freshTo }) {
    const fresh = `${freshFrom} ${freshTo}`;
    if (fresh === this.#fresh) return;
    this.#fresh = fresh;
    if (!this.#isPlaced || !this.#isAtEnd) return;
    this.#isAtEnd = false;
    this.#isFreshDue = true;
  }

  /** The first look is at what is new, or at the end. */
  #place() {
    this.#isPlaced = true;
    this.#isFreshDue = false;
    this.#isAtEnd = this.#window.topOf("fresh") === undefined;
    if (!this.#isAtEnd) this.#anchor = { key: "fresh", beyond: -NEAR_END_PX };
  }

  /** Lays the rows around what is seen, and keeps what is seen where it is. */
  #lay() {
    for (let turn = 0; turn < LAY_TURNS; turn += 1) {
      this.#span = this.#window.span(this.#wantedTop(), this.#scroll.clientHeight);
      this.#put();
      if (!this.#window.learn(this.#measured())) break;
    }
    this.#hold();
    const top = this.#wantedTop();
    if (Math.abs(this.#scroll.scrollTop - top) >= 1) this.#scroll.scrollTop = top;
    this.#isAtEnd = this.#endDistance() < NEAR_END_PX;
    this.#know();
  }

  /** Where the list should stand. */
  #wantedTop() {
    const { clientHeight, scrollTop } = this.#scroll;
    if (this.#isAtEnd) return this.#listTop + this.#window.height - clientHeight + NEAR_END_PX;
    const top = this.#window.topOf(this.#anchor.key);
    return top === undefined ? scrollTop : Math.max(0, this.#listTop + top + this.#anchor.beyond);
  }

  get #listTop() {
    return this.#above.offsetTop;
  }

  /** The room of the rows that are not laid. */
  #hold() {
    const { above, below } = this.#window.room(this.#span);
    this.#above.style.height = `${above}px`;
    this.#below.style.height = `${below}px`;
  }

  /** Only rows that changed are touched. */
  #put() {
    const rows = this.#rows.slice(this.#span.from, this.#span.to);
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#laid) {
      if (keys.has(key)) continue;
      if (node.contains(document.activeElement)) this.takeFocus();
      node.remove();
      this.#laid.delete(key);
    }
    let next = this.#list.firstElementChild;
    for (const row of rows) {
      const wasNext = next !== null && this.#laid.get(row.key)?.node === next;
      const node = this.#nodeOf(row);
      if (wasNext) next = node.nextElementSibling;
      else this.#list.insertBefore(node, next);
    }
    this.#stops.settle();
  }

  /** @param {import("./rows.js").Row} row */
  #nodeOf({ key, sign, build }) {
    const laid = this.#laid.get(key);
    if (laid?.sign === sign) return laid.node;
    const node = build();
    if (laid) this.#replace(laid.node, node);
    this.#laid.set(key, { node, sign });
    return node;
  }

  /** What had the focus has it afterwards. @param {HTMLElement} old @param {HTMLElement} node */
  #replace(old, node) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(node);
    const control = node.querySelector("button, a");
    if (hadFocus && control instanceof HTMLElement) control.focus({ preventScroll: true });
    else if (hadFocus) this.takeFocus();
  }

  /** @returns {[string, number][]} */
  #measured() {
    return [...this.#laid].map(([key, { node }]) => [key, node.getBoundingClientRect().height]);
  }

  #endDistance() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
  }

  #toEnd() {
    this.#heldUntil = performance.now() + HELD_MS;
    this.#isAtEnd = true;
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
    const mark = this.#laid.get(this.#asked)?.node.querySelector("button.mark");
    this.#asked = "";
    const place = mark instanceof HTMLElement ? mark : this.#scroll;
    place.focus({ preventScroll: true });
  }

  /** The mark of a message was pressed. @param {Event} event */
  #noteAsked({ target }) {
    const row = target instanceof Element ? target.closest("li") : null;
    this.#asked = [...this.#laid].find(([, { node }]) => node === row)?.[0] ?? "";
  }

  #scrolled() {
    // What a browser had begun to glide through before goes on for a moment.
    if (performance.now() < this.#heldUntil) this.#isAtEnd = true;
    else this.#noticeScroll();
    if (this.#isAtEnd && this.#endDistance() >= NEAR_END_PX) this.#lay();
    const top = this.#scroll.scrollTop - this.#listTop;
    if (this.#isPlaced && !this.#window.covers(this.#span, top, this.#scroll.clientHeight)) this.#lay();
    this.#look();
  }

  /**
   * A message can come between a person's scrolling and the browser's telling of it. Where the layout changed
   * as well (the keyboard came up, the draft grew) the list did not move by a person's wish.
   */
  #noticeScroll() {
    const { scrollTop: top, clientHeight: seen, scrollHeight: height } = this.#scroll;
    if (top === this.#known.top) return;
    if (seen !== this.#known.seen || height !== this.#known.height) return;
    this.#isFreshDue = false;
    this.#isAtEnd = this.#endDistance() < NEAR_END_PX;
    this.#know();
  }

  #know() {
    const { scrollTop: top, clientHeight: seen, scrollHeight: height } = this.#scroll;
    this.#known = { top, seen, height };
    const key = this.#anchorAt(this.#window.at(Math.max(0, top - this.#listTop)));
    if (key) this.#anchor = { key, beyond: top - this.#listTop - (this.#window.topOf(key) ?? 0) };
  }

  /**
   * A message whose height is known and will stay: one that is laid, and not the first of all, which may join
   * the one that is put before it.
   * @param {number} at the place of the first row that is seen
   */
  #anchorAt(at) {
    const near = this.#rows.slice(Math.max(1, at), at + NEAR_ROWS).filter(({ kind }) => kind === "message");
    return (near.find(({ key }) => this.#laid.has(key)) ?? near[0] ?? this.#rows[at])?.key;
  }

  /** The keyboard came up, the composer grew, a picture of a letter arrived. */
  #resized() {
    if (!this.#isPlaced) return;
    this.#lay();
    this.#look();
  }

  #lookBack() {
    if (document.visibilityState !== "visible") return;
    this.#talk?.chat.lookBack();
    this.show();
  }

  /** What a person can see now is seen, and near the top there must be more to see. */
  #look() {
    const talk = this.#talk;
    if (!talk || !this.#isPlaced || talk.chat.ended) return;
    if (document.visibilityState === "visible") talk.see(this.#lastVisibleSeq());
    if (this.#scroll.scrollTop < NEAR_TOP_PX) talk.loadOlder();
    this.#showJump(talk.chat.unread);
    this.#showDay();
  }

  #lastVisibleSeq() {
    const end = this.#scroll.getBoundingClientRect().bottom;
    for (let row = this.#list.lastElementChild; row; row = row.previousElementSibling) {
      const seq = row instanceof HTMLElement ? Number(row.dataset.seq ?? 0) : 0;
      if (seq > 0 && row.getBoundingClientRect().top < end - NEAR_END_PX / 2) return seq;
    }
    return 0;
  }

  /** @param {number} unread */
  #showJump(unread) {
    this.#jump.hidden = this.#isAtEnd;
    const said = unread > 0 ? word("chat.new", { n: unread }) : word("chat.to_end");
    if (this.#jump.textContent !== said) this.#jump.textContent = said;
  }

  /** The day of what is at the top stays in sight, but for the moment when its own line is there. */
  #showDay() {
    const top = this.#scroll.scrollTop - this.#listTop;
    const row = this.#rows[this.#window.at(Math.max(0, top))];
    this.#day.hidden = top <= 0 || row === undefined || row.kind === "day";
    const said = row ? day(row.at) : "";
    if (this.#day.textContent !== said) this.#day.textContent = said;
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    const laid = new Map([...this.#laid].map(([key, { node }]) => [node, key]));
    const rows = new Map(this.#rows.map((row) => [row.key, row]));
    const text = copied([...this.#list.querySelectorAll(".message")], getSelection(), (node) => {
      const { at = "", name = "" } = rows.get(laid.get(/** @type {HTMLElement} */ (node)) ?? "") ?? {};
      return { name: name || (this.#talk?.chat.self?.name ?? ""), time: moment(at) };
    });
    if (text === "") return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  }

  /** @param {ChatMessage} message */
  #speak({ from, text = word("chat.unsupported") }) {
    const who = this.#talk?.chat.participants.get(from)?.name ?? "";
    const line = el("p", {}, word("chat.they_said", { name: who }), text);
    this.#live.append(line);
    after(SPOKEN_MS, () => line.remove());
  }
}

customElements.define("parlour-messages", ParlourMessages);
