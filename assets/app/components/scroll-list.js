// A list that scrolls: lays out only the rows near what is seen, and moves what is seen only where its anchor
// says so.
//
//   const list = new ParlourScrollList({ timeline, anchor, build, head, loseFocus });
//   list.update();   when there may be other rows
//   list.lay();
//
// Sends `looked` when other rows may be seen.
import { el } from "../helpers/dom.js";
import { dayKey } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { Roving } from "../helpers/roving.js";
import { word } from "../helpers/words.js";
import { NEAR_END_PX } from "../models/scroll-anchor.js";
import { VirtualList } from "../models/virtual-list.js";
import { LaidRows } from "./laid-rows.js";

/** Rows that turn out higher than they were guessed may call for others; that settles in a few passes. */
const LAY_PASSES = 4;
/** What a browser had begun to glide through before goes on for a moment. */
const GLIDE_MS = 400;

export class ParlourScrollList extends HTMLElement {
  #timeline;
  #anchor;
  #virtual = new VirtualList();
  #list = el("ol", { class: "messages" });
  #stops = new Roving(this.#list, "button.mark, .quote, .text a, .act");
  #above = el("div", { class: "spacer" });
  #below = el("div", { class: "spacer" });
  #span = { from: 0, to: 0 };
  #glidesUntil = 0;
  #gone = new AbortController();
  rows;

  /**
   * @param {object} parts
   * @param {import("../models/timeline.js").Timeline} parts.timeline
   * @param {import("../models/scroll-anchor.js").ScrollAnchor} parts.anchor
   * @param {(look: import("../models/timeline.js").Look) => HTMLElement} parts.build
   * @param {HTMLElement} parts.head what is above the first row
   * @param {() => void} parts.loseFocus what had the focus is gone
   */
  constructor({ timeline, anchor, build, head, loseFocus }) {
    super();
    this.#timeline = timeline;
    this.#anchor = anchor;
    this.rows = new LaidRows(this.#list, build, loseFocus);
    this.className = "scroll";
    this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", word("chat.messages"));
    this.append(head, this.#above, this.#list, this.#below);
  }

  connectedCallback() {
    const { signal } = this.#gone;
    this.addEventListener("scroll", () => this.#onScroll(), { passive: true, signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    // The keyboard came up, the composer grew, a picture of a letter arrived.
    const resized = new ResizeObserver(() => this.#anchor.isPlaced && this.#layAndTell());
    resized.observe(this);
    resized.observe(this.#list);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.rows.clear();
    this.replaceChildren();
  }

  takeFocus() {
    this.focus({ preventScroll: true });
  }

  /** Whether a row with this key is in the list. @param {string} key */
  has(key) {
    return this.#virtual.topOf(key) !== undefined;
  }

  /** How far the list is scrolled, whether beyond the top of the first row, and the row at the top. */
  get place() {
    const { top, rowsTop } = this.#box;
    const row = this.#timeline.rows[this.#virtual.at(Math.max(0, top - rowsTop))];
    return { top, isBelowFirst: top > rowsTop, row };
  }

  /** The last message that a person can see. */
  get lastSeenSeq() {
    return this.rows.lastSeqAbove(this.getBoundingClientRect().bottom - NEAR_END_PX / 2);
  }

  update() {
    this.#noticeScroll();
    const from = this.#timeline.update();
    this.#virtual.replaceFrom(
      from,
      this.#timeline.rows.slice(from).map((row) => row.key),
    );
  }

  /** Lays out the rows around what is seen, and keeps what is seen where it is. */
  lay() {
    for (let pass = 0; pass < LAY_PASSES; pass += 1) {
      const box = this.#box;
      this.#span = this.#virtual.span(this.#anchor.wantedTop(this.#virtual, box), box.seen);
      this.rows.show(this.#timeline.looks(this.#span, dayKey(houseNow())));
      this.#stops.settle();
      if (!this.#virtual.learn(this.rows.measured())) break;
    }
    const { above, below } = this.#virtual.room(this.#span);
    this.#above.style.height = `${above}px`;
    this.#below.style.height = `${below}px`;
    const top = this.#anchor.wantedTop(this.#virtual, this.#box);
    if (Math.abs(this.scrollTop - top) >= 1) this.scrollTo(0, top);
    this.#anchor.noticeEnd(this.#box);
    this.#know();
  }

  toEnd() {
    this.#glidesUntil = performance.now() + GLIDE_MS;
    this.#anchor.isAtEnd = true;
    this.#layAndTell();
    this.takeFocus();
  }

  /** To a row, which has the focus then. @param {string} key */
  goTo(key) {
    this.#anchor.stayAt(key, -this.clientHeight / 3);
    this.#layAndTell();
    const row = this.rows.nodeOf(key);
    row?.setAttribute("tabindex", "-1");
    row?.focus({ preventScroll: true });
  }

  #layAndTell() {
    this.lay();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("looked"));
  }

  get #box() {
    const { scrollTop: top, clientHeight: seen, scrollHeight: height } = this;
    return { top, seen, height, rowsTop: this.#above.offsetTop };
  }

  #know() {
    const isLaid = (/** @type {string} */ key) => this.rows.nodeOf(key) !== undefined;
    this.#anchor.know(this.#box, this.#virtual, this.#timeline.rows, isLaid);
  }

  /**
   * Browsers travel to the ends in steps, in which unknown heights would stop them.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (event.target !== this || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Tab" && !event.shiftKey && !this.#anchor.isAtEnd) return this.#leadOn();
    if (event.key === "End") this.toEnd();
    else if (event.key === "Home") this.scrollTo(0, 0);
    else return;
    event.preventDefault();
  }

  /** Tab comes to what is seen: a list that still scrolls stands still for it. */
  #leadOn() {
    this.scrollTo({ top: this.scrollTop, behavior: "instant" });
    this.#stops.settleAbove(this.getBoundingClientRect().bottom);
  }

  #onScroll() {
    if (performance.now() < this.#glidesUntil) this.#anchor.isAtEnd = true;
    else this.#noticeScroll();
    const { top, seen, height, rowsTop } = this.#box;
    const { isAtEnd, isPlaced } = this.#anchor;
    const isLeft = isAtEnd && height - top - seen >= NEAR_END_PX;
    if (isLeft || (isPlaced && !this.#virtual.covers(this.#span, top - rowsTop, seen))) this.lay();
    this.#tell();
  }

  /** A message can come between a person's scrolling and the browser's word of it. */
  #noticeScroll() {
    if (!this.#anchor.isScrolled(this.#box)) return;
    this.#anchor.scroll(this.#box);
    this.#know();
  }
}

customElements.define("parlour-scroll-list", ParlourScrollList);
