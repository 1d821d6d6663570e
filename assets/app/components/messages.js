// The conversation as a list that scrolls: stays at its end, does not jump when history is put before it.
//
//   const messages = new ParlourMessages();
//   messages.open(talk);
//   messages.show();
//
// Tells the Talk what was on the screen, asks it for history near the top, and reads what is new to screen
// readers, once, in a live region of its own.
import { el } from "../helpers/dom.js";
import { after } from "../helpers/home.js";
import { word } from "../helpers/words.js";
import { rowsOf } from "./rows.js";

/** So close to the end counts as being there. */
const NEAR_END_PX = 48;
const NEAR_TOP_PX = 600;
const SPOKEN_MS = 6_000;

export class ParlourMessages extends HTMLElement {
  #list = el("ol", { class: "messages", "aria-label": word("chat.messages") });
  #status = el("p", { class: "note status" }, word("chat.loading"));
  #scroll = el("div", {
    class: "scroll",
    tabindex: "0",
    role: "region",
    "aria-label": word("chat.messages"),
  });
  #jump = el("button", { class: "jump", type: "button", hidden: true });
  #live = el("div", { class: "unseen live", role: "log", "aria-live": "polite" });
  #gone = new AbortController();
  /** @type {Map<string, {node: HTMLElement, sign: string}>} */
  #shown = new Map();
  #isAtEnd = true;
  #isPlaced = false;
  /** Where the list stood when it was last looked at. */
  #top = 0;
  /** The first message that was shown: what comes above it must not push it away. */
  #firstKey = "";
  #waiting = 0;
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;

  /** @param {import("../models/talk.js").Talk} talk */
  open(talk) {
    this.#talk = talk;
    const { signal } = this.#gone;
    this.#scroll.append(this.#status, this.#list);
    this.replaceChildren(this.#scroll, this.#jump, this.#live);
    this.#scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    this.#jump.addEventListener("click", () => this.#toEnd(), { signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    const speak = (/** @type {Event} */ event) => this.#speak(/** @type {CustomEvent} */ (event).detail);
    talk.chat.addEventListener("heard", speak, { signal });
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(this.#scroll);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#shown.clear();
    this.replaceChildren();
  }

  show() {
    const talk = this.#talk;
    if (!talk) return;
    this.#noticeScroll();
    const before = this.#topOf(this.#firstKey);
    const said = talk.outbox.entries.length > this.#waiting;
    this.#waiting = talk.outbox.entries.length;
    this.#showStatus(talk);
    this.#lay(rowsOf(talk));
    this.#place(talk, this.#topOf(this.#firstKey) - before, said);
    this.#firstKey = talk.chat.messages[0]?.id ?? "";
    this.#top = this.#scroll.scrollTop;
    this.#look();
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #showStatus(talk) {
    const { chat } = talk;
    let said = "";
    if (!chat.isKnown) said = word("chat.loading");
    else if (chat.head === 0 && talk.outbox.entries.length === 0) said = word("chat.empty");
    else if (talk.isLoadingOlder) said = word("chat.older");
    if (this.#status.textContent !== said) this.#status.textContent = said;
  }

  /** Only rows that changed are touched. @param {import("./rows.js").Row[]} rows */
  #lay(rows) {
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#shown) {
      if (keys.has(key)) continue;
      node.remove();
      this.#shown.delete(key);
    }
    let next = this.#list.firstElementChild;
    for (const row of rows) {
      const wasNext = next !== null && this.#shown.get(row.key)?.node === next;
      const node = this.#nodeOf(row);
      if (wasNext) next = node.nextElementSibling;
      else this.#list.insertBefore(node, next);
    }
  }

  /** @param {import("./rows.js").Row} row */
  #nodeOf({ key, sign, build }) {
    const shown = this.#shown.get(key);
    if (shown?.sign === sign) return shown.node;
    const node = build();
    shown?.node.replaceWith(node);
    this.#shown.set(key, { node, sign });
    return node;
  }

  /**
   * @param {import("../models/talk.js").Talk} talk
   * @param {number} moved by how much what was there was pushed down
   * @param {boolean} said by this person just now
   */
  #place(talk, moved, said) {
    const { chat } = talk;
    if (!this.#isPlaced) {
      this.#isPlaced = chat.isWhole;
      this.#isAtEnd = true;
      return this.#placeFirst();
    }
    if (this.#isAtEnd || said) this.#toEnd();
    else if (moved !== 0) this.#scroll.scrollTop += moved;
  }

  /** The first look is at what is new, or at the end. */
  #placeFirst() {
    const fresh = this.#shown.get("fresh")?.node;
    this.#scroll.scrollTop = fresh ? fresh.offsetTop - NEAR_END_PX : this.#scroll.scrollHeight;
    this.#isAtEnd = this.#endDistance() < NEAR_END_PX;
  }

  /** @param {string} key */
  #topOf(key) {
    return this.#shown.get(key)?.node.getBoundingClientRect().top ?? 0;
  }

  #endDistance() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
  }

  #toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#isAtEnd = true;
    this.#top = this.#scroll.scrollTop;
    this.#look();
  }

  #scrolled() {
    this.#noticeScroll();
    this.#look();
  }

  /** A message can come between a person's scrolling and the browser's telling of it. */
  #noticeScroll() {
    if (this.#scroll.scrollTop === this.#top) return;
    this.#isAtEnd = this.#endDistance() < NEAR_END_PX;
    this.#top = this.#scroll.scrollTop;
  }

  /** The keyboard came up or the composer grew. */
  #resized() {
    if (this.#isAtEnd) this.#toEnd();
    else this.#look();
  }

  /** What a person can see now is seen, and near the top there must be more to see. */
  #look() {
    const talk = this.#talk;
    if (!talk || !this.#isPlaced || talk.chat.ended) return;
    if (document.visibilityState === "visible") talk.see(this.#lastVisibleSeq());
    if (this.#scroll.scrollTop < NEAR_TOP_PX) talk.loadOlder();
    this.#showJump(talk.chat.unread);
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

  /** @param {ChatMessage} message */
  #speak({ from, text }) {
    const who = this.#talk?.chat.participants.get(from)?.name ?? "";
    const line = el("p", {}, word("chat.they_said", { name: who }), text);
    this.#live.append(line);
    after(SPOKEN_MS, () => line.remove());
  }
}

customElements.define("parlour-messages", ParlourMessages);
