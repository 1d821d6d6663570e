// The way from a chat back to "your chats", with the number of new messages in the other ones.
//
//
// The number lies over the corner of the arrow, so that nothing moves. A screen reader hears it with the
// link, and once when the first of them comes.
import { el, icon } from "../helpers/dom.js";
import { spokenLine } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { chatList } from "../services.js";

const BACK = "M15 5l-7 7 7 7";
/** The house counts each chat to a hundred; more has no room here. */
const COUNT_MAX = 99;

export class ParlourBackLink extends HTMLElement {
  #seat;
  #gone = new AbortController();
  #count = el("span", { class: "badge", "aria-hidden": "true" });
  #link = el("a", { class: "back", href: ".", "data-route": true }, icon(BACK), this.#count);
  #spoken = spokenLine();
  #shown = -1;

  /** @param {string} seat of the chat that is shown */
  constructor(seat) {
    super();
    this.#seat = seat;
  }

  connectedCallback() {
    this.replaceChildren(this.#link, this.#spoken);
    this.#show();
    chatList.addEventListener("change", () => this.#show(), { signal: this.#gone.signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  #show() {
    const unread = chatList.unreadBeside(this.#seat);
    if (unread === this.#shown) return;
    const isFirst = this.#shown === 0;
    this.#shown = unread;
    const said = unread > 0 ? word("chat.elsewhere", { n: unread }) : "";
    this.#link.setAttribute("aria-label", said ? `${word("chat.back")}, ${said}` : word("chat.back"));
    this.#count.textContent = unread > COUNT_MAX ? `${COUNT_MAX}+` : String(unread || "");
    // Only the first is said: the others would interrupt the chat that is read.
    if (isFirst || !said) this.#spoken.textContent = said;
  }
}

customElements.define("parlour-back-link", ParlourBackLink);
