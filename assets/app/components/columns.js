// "Your chats", and what is open beside them or in their place.
//
//   const columns = new ParlourColumns();
//   columns.show(new ParlourChat(session), session.seat);
//
// The list stays while what is open changes. The stylesheet says whether there is room for both, so nothing
// is made again when a window is made wider or narrower. A person who has one chat sees it alone. The list
// itself is loaded when it can be seen, as its names are asked for then: a person who comes by a link goes
// into the chat without it.
import { el } from "../helpers/dom.js";
import { chatList, seats } from "../services.js";

export class ParlourColumns extends HTMLElement {
  #gone = new AbortController();
  #column = el("div", { class: "page chats-column" });
  #body = el("div", { class: "columns" }, this.#column);
  /** @type {import("./chat-list.js").ParlourChatList | undefined} */
  #list;

  constructor() {
    super();
    this.append(this.#body);
  }

  connectedCallback() {
    const { signal } = this.#gone;
    chatList.addEventListener("change", () => this.#look(), { signal });
    this.addEventListener("focusout", ({ target, relatedTarget }) => {
      if (!relatedTarget) this.#keepFocus(target);
    });
    const looks = new ResizeObserver(() => this.#look());
    signal.addEventListener("abort", () => looks.disconnect());
    looks.observe(this.#column);
    this.#look();
  }

  disconnectedCallback() {
    this.#gone.abort();
    chatList.isShown = false;
  }

  /**
   * @param {HTMLElement & {head?: HTMLElement}} page its head comes before the list
   * @param {string} [seat] of the chat, if it is one
   */
  show(page, seat = "") {
    for (const part of [...this.#body.children]) if (part !== this.#column) part.remove();
    const left = chatList.rows.find((row) => row.seat === chatList.open);
    chatList.open = seat;
    this.#list?.mark();
    if (page.head) this.#body.prepend(page.head);
    this.#body.append(page);
    this.#look();
    // Somebody may have given it another title while it was open.
    if (left?.title && chatList.isShown) this.#ask();
  }

  /** This browser came into another chat, or is in none any more. */
  refresh() {
    this.#look();
    if (chatList.isShown) this.#ask();
  }

  /** Names are asked for when the list comes into sight. */
  #look() {
    const count = Math.max(seats.all().length, chatList.rows.length);
    this.#column.hidden = count === 0;
    this.#column.toggleAttribute("data-beside", count > 1);
    this.#keepFocus(document.activeElement);
    const isShown = isSeen(this.#column);
    if (isShown) void this.#load();
    if (isShown === chatList.isShown) return;
    chatList.isShown = isShown;
    if (isShown) this.#ask();
  }

  #ask() {
    if (seats.device) void chatList.show();
  }

  /** Without a connection it is tried again when the house tells something. */
  async #load() {
    if (this.#list) return;
    const { ParlourChatList } = await import("./chat-list.js").catch(() => ({ ParlourChatList: undefined }));
    if (!ParlourChatList || this.#list || this.#gone.signal.aborted) return;
    this.#list = new ParlourChatList();
    this.#column.append(this.#list);
    this.append(this.#list.menu);
  }

  /** The arrow back to the list is there where the list is not. @param {EventTarget | null} from */
  #keepFocus(from) {
    const back = this.querySelector(".back");
    if (!(from instanceof HTMLElement) || !(back instanceof HTMLElement) || isSeen(from)) return;
    if (from === back) this.#list?.takeFocus();
    else if (this.#column.contains(from)) back.focus();
  }
}

/** @param {HTMLElement} element */
function isSeen(element) {
  return element.getClientRects().length > 0;
}

customElements.define("parlour-columns", ParlourColumns);
