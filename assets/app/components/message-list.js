/**
 * <message-list></message-list>: the messages by day, with times and marks; what waits to be sent below them.
 *
 * Stays at the end while one is there, and where one reads otherwise; what is loaded above moves nothing. Set
 * `onolder`, `onseen`, `onretry`, `ondiscard`.
 */
import { fromTemplate, part, say, element } from "../helpers/dom.js";
import { clock, day, dayKey } from "../helpers/format.js";
import { fillWords, word } from "../helpers/words.js";

/** @typedef {import("../models/conversation.js").Conversation} Conversation */
/** @typedef {import("../models/conversation.js").Message} Message */

/** So near to the end, in pixels, counts as being there. */
const END_SLACK = 60;
/** So near to the top, in pixels, asks for more. */
const TOP_SLACK = 400;

const MARKS = { waiting: "◌", sent: "✓", delivered: "✓✓", seen: "✓✓", failed: "!" };

export class MessageList extends HTMLElement {
  /** @type {() => boolean} */
  onolder = () => false;
  /** @type {() => void} */
  onseen = () => {};
  /** @type {(id: string) => void} */
  onretry = () => {};
  /** @type {(id: string) => void} */
  ondiscard = () => {};

  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  #isAtEnd = true;
  #isAsking = false;
  #resized = new ResizeObserver(() => this.#settle());

  connectedCallback() {
    if (this.firstElementChild !== null) return;
    const made = fromTemplate("message-list");
    fillWords(made);
    this.append(made);
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#resized.observe(this.#scroller);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
  }

  get #scroller() {
    return part(this, "scroller");
  }

  get isAtEnd() {
    return this.#isAtEnd;
  }

  /** @param {string} text said where there is no message */
  note(text) {
    say(part(this, "note"), text);
  }

  clear() {
    this.#rows.clear();
    part(this, "messages").replaceChildren();
  }

  /**
   * One message at its place, which is nearly always the end.
   * @param {Conversation} talk
   * @param {number} seq
   */
  add(talk, seq) {
    const row = this.#row(talk, /** @type {Message} */ (talk.messages.find((message) => message.seq === seq)));
    const after = [...this.#rows.keys()].filter((key) => key > seq).sort((one, other) => one - other)[0];
    const next = after === undefined ? null : this.#rows.get(after) ?? null;
    part(this, "messages").insertBefore(row, next);
    this.#rows.set(seq, row);
    this.#divide();
    this.showMarks(talk);
    this.#settle();
  }

  /**
   * Everything that is older than what is shown.
   * @param {Conversation} talk
   */
  addOlder(talk) {
    const missing = talk.messages.filter((message) => !this.#rows.has(message.seq));
    const before = this.#scroller.scrollHeight;
    const rows = missing.map((message) => {
      const row = this.#row(talk, message);
      this.#rows.set(message.seq, row);
      return row;
    });
    part(this, "messages").prepend(...rows);
    this.#divide();
    this.showMarks(talk);
    this.#scroller.scrollTop += this.#scroller.scrollHeight - before;
    this.#isAsking = false;
  }

  /** @param {Conversation} talk */
  showMarks(talk) {
    for (const [seq, row] of this.#rows) {
      if (row.classList.contains("mine")) mark(row, talk.markOf(seq));
    }
  }

  /** @param {import("../models/outbox.js").Pending[]} messages */
  showPending(messages) {
    const rows = messages.map((message) => {
      const row = make(message.text, "mine");
      mark(row, message.state);
      const failed = part(row, "failed");
      failed.hidden = message.state !== "failed";
      part(row, "retry").addEventListener("click", () => this.onretry(message.id));
      part(row, "discard").addEventListener("click", () => this.ondiscard(message.id));
      return row;
    });
    part(this, "pending").replaceChildren(...rows);
    if (messages.length > 0) this.note("");
    this.#settle();
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#settle();
    this.onseen();
  }

  /**
   * @param {Conversation} talk
   * @param {Message} message
   */
  #row(talk, message) {
    const isMine = message.from === talk.me;
    const row = make(message.text, isMine ? "mine" : "theirs");
    const at = new Date(message.at);
    row.dataset.seq = String(message.seq);
    row.dataset.day = dayKey(at);
    row.dataset.at = message.at;
    part(row, "from").textContent = isMine ? word("chat.you") : talk.nameOf(message.from);
    const time = part(row, "time");
    time.textContent = clock(at);
    time.setAttribute("datetime", message.at);
    return row;
  }

  /** A line before the first message of each day. */
  #divide() {
    const messages = part(this, "messages");
    for (const line of messages.querySelectorAll(".day")) line.remove();
    let last = "";
    for (const row of messages.querySelectorAll(".message")) {
      if (!(row instanceof HTMLElement)) continue;
      const { day: key = "", at = "" } = row.dataset;
      if (key !== last) row.before(element("li", "day", day(new Date(at))));
      last = key;
    }
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    const wasAtEnd = this.#isAtEnd;
    this.#isAtEnd = scrollHeight - clientHeight - scrollTop < END_SLACK;
    if (this.#isAtEnd !== wasAtEnd) this.onseen();
    if (scrollTop < TOP_SLACK && !this.#isAsking) this.#isAsking = this.onolder();
  }

  #settle() {
    if (this.#isAtEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

/**
 * @param {string} text
 * @param {string} side
 * @returns {HTMLElement}
 */
function make(text, side) {
  const row = /** @type {HTMLElement} */ (fromTemplate("message-row").firstElementChild);
  fillWords(row);
  row.classList.add(side);
  part(row, "text").textContent = text;
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {"waiting" | "failed" | "sent" | "delivered" | "seen"} state
 */
function mark(row, state) {
  const target = part(row, "mark");
  if (target.dataset.state === state) return;
  target.dataset.state = state;
  const drawn = element("span", "", MARKS[state]);
  drawn.setAttribute("aria-hidden", "true");
  const said = element("span", "offscreen", word(`chat.mark.${state}`));
  target.title = word(`chat.mark.${state}`);
  target.replaceChildren(drawn, said);
}
