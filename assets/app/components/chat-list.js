// "Your chats": the seats that this browser holds, the most recently used first.
//
//   <parlour-chat-list></parlour-chat-list>
//
// Shows nothing where there is none. The house tells what changes; the title counts what is new.
import { el, name } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { showUnreadCount } from "../helpers/unread-count.js";
import { chatAddress } from "../helpers/addresses.js";
import { chatList, seats } from "../services.js";
import { phrase, word } from "../helpers/words.js";

const UNREAD_COUNTED_MAX = 100;

export class ParlourChatList extends HTMLElement {
  #gone = new AbortController();
  /** What is shown, so that nothing is touched while nothing changes. */
  #said = "";

  connectedCallback() {
    const { signal } = this.#gone;
    chatList.addEventListener("change", () => this.#show(), { signal });
    // Another tab came into a chat, or is in none any more.
    addEventListener("storage", ({ key }) => seats.isOwnKey(key) && this.#refresh(), { signal });
    this.#show();
    this.#refresh();
  }

  disconnectedCallback() {
    this.#gone.abort();
    chatList.isShown = false;
    showUnreadCount(0);
  }

  #refresh() {
    if (seats.device) void chatList.show();
  }

  #show() {
    const { rows } = chatList;
    const said = JSON.stringify(rows);
    if (said === this.#said) return;
    this.#said = said;
    showUnreadCount(chatList.unread);
    const focused = document.activeElement?.getAttribute("data-seat");
    this.#lay(rows);
    const again = focused && this.querySelector(`[data-seat="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {SeatRow[]} rows */
  #lay(rows) {
    if (rows.length === 0) return this.replaceChildren();
    const title = el("h2", { id: "chats-title" }, word("chats.title"));
    const items = el("ul", { class: "chats" }, ...rows.map((row) => chatItem(row)));
    this.replaceChildren(el("nav", { class: "card", "aria-labelledby": "chats-title" }, title, items));
  }
}

/** The house counts to a hundred. @param {number} n */
function unread(n) {
  return n < UNREAD_COUNTED_MAX ? word("chats.unread", { n }) : word("chats.many", { n });
}

/** @param {SeatRow} row */
function chatItem(row) {
  const last = row.last_at ? word("chats.last", { time: moment(row.last_at) }) : word("chats.empty");
  const about = el("span", { class: "about" }, ...phrase("chats.as", { name: name(row.name) }), " · ", last);
  const badge = row.unread > 0 ? el("span", { class: "badge" }, unread(row.unread)) : undefined;
  const who = el("span", { class: "who" }, name(list(row.others)));
  const address = { href: chatAddress(row.seat), "data-route": true, "data-seat": row.seat };
  return el("li", {}, el("a", address, who, badge, about));
}

customElements.define("parlour-chat-list", ParlourChatList);
