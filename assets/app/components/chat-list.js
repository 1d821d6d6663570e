// "Your chats": the seats that this browser holds, the most recently used first.
//
//   <parlour-chat-list></parlour-chat-list>
//
// Shows nothing where there is none. Asks again when the page is looked at, at a quiet pace while it is, and
// at a slow one while it is not: the title counts what is new.
import { el, name } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { showUnreadCount } from "../helpers/unread-count.js";
import { chatAddress } from "../helpers/addresses.js";
import { after } from "../helpers/timer.js";
import { api, forget, seats } from "../services.js";
import { phrase, word } from "../helpers/words.js";

const REFRESH_MS = 15_000;
const UNWATCHED_MS = 60_000;
const UNREAD_COUNTED_MAX = 100;

export class ParlourChatList extends HTMLElement {
  #gone = new AbortController();
  #cancel = () => {};
  /** What is shown, so that nothing is touched while nothing changes. */
  #said = "";

  connectedCallback() {
    const { signal } = this.#gone;
    document.addEventListener("visibilitychange", () => this.#refresh(), { signal });
    addEventListener("pageshow", () => this.#refresh(), { signal });
    this.#refresh();
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#cancel();
    showUnreadCount(0);
  }

  async #refresh() {
    this.#cancel();
    if (!seats.device || this.#gone.signal.aborted) return;
    const kept = seats.all();
    const held = await api.seats().catch(() => undefined);
    if (this.#gone.signal.aborted) return;
    if (held) this.#take(held.seats, kept);
    this.#cancel();
    const isWatched = document.visibilityState === "visible";
    this.#cancel = after(isWatched ? REFRESH_MS : UNWATCHED_MS, () => this.#refresh());
  }

  /**
   * What this browser still keeps of chats that are gone goes as well.
   * @param {SeatRow[]} rows
   * @param {string[]} kept seats that were known before the house was asked
   */
  #take(rows, kept) {
    const held = new Set(rows.map((row) => row.seat));
    for (const seat of kept.filter((known) => !held.has(known))) forget(seat);
    this.#show(rows);
  }

  /** @param {SeatRow[]} rows */
  #show(rows) {
    const said = JSON.stringify(rows);
    if (said === this.#said) return;
    this.#said = said;
    showUnreadCount(rows.reduce((sum, row) => sum + row.unread, 0));
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
