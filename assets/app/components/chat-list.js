// "Your chats": the seats that this browser holds, what is pinned first, then the most recently used.
//
//   const list = new ParlourChatList();
//   column.append(list);
//   document.body.append(list.menu);
//   list.mark();   another chat is open
//
// Loaded when the list can be seen. One Tab stop leads into it; arrows, Home and End lead from chat to chat.
// Each chat has a menu, behind the right mouse button, a finger that is held, the menu key, and a button.
import { el, icon, name, visuallyHidden } from "../helpers/dom.js";
import { list, shortMoment } from "../helpers/format.js";
import { chatAddress, newChatAddress } from "../helpers/addresses.js";
import { onMenu } from "../helpers/long-press.js";
import { button } from "../helpers/parts.js";
import { chatList } from "../services.js";
import { phrase, word } from "../helpers/words.js";
import { ParlourChatMenu } from "./chat-menu.js";

const MORE_DOTS = "M5 12h.01M12 12h.01M19 12h.01";
const PIN = "M9 4h6l-1 6 3 3H7l3-3zM12 13v7";
const MUTED = "M6 16V11a6 6 0 0 1 9-5M18 11v5H9M10 20h4M4 4l16 16";
const UNREAD_COUNTED_MAX = 100;

export class ParlourChatList extends HTMLElement {
  #gone = new AbortController();
  #items = el("ul", { class: "chats" });
  /** Outside of the list, which may go out of sight while its menu is open. */
  menu = new ParlourChatMenu();
  /** Each row, and what is said in it: only what changed is made again. @type {Map<string, Row>} */
  #rows = new Map();
  /** The seat at whose row the Tab key comes in. */
  #stop = "";

  connectedCallback() {
    const { signal } = this.#gone;
    chatList.addEventListener("change", () => this.#show(), { signal });
    this.#items.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#items.addEventListener("focusin", (event) => this.#come(event.target), { signal });
    onMenu(this.#items, (target) => this.#ask(target), signal);
    const title = el("h2", { id: "chats-title" }, word("chats.title"));
    const start = { class: "button small", href: newChatAddress, "data-route": true };
    const head = el("div", { class: "chats-head" }, title, el("a", start, word("chats.new")));
    this.replaceChildren(el("nav", { class: "card", "aria-labelledby": "chats-title" }, head, this.#items));
    this.#show();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** Another chat is open, or none. */
  mark() {
    this.#stop = chatList.open;
    this.#show();
  }

  /** To the chat that is open. */
  takeFocus() {
    this.#link(chatList.open)?.focus();
  }

  #show() {
    const { rows } = chatList;
    const focused = seatAt(document.activeElement);
    const items = rows.map((row) => this.#item(row));
    const held = new Set(rows.map(({ seat }) => seat));
    for (const seat of this.#rows.keys()) if (!held.has(seat)) this.#rows.delete(seat);
    const isSame = items.every((item, at) => this.#items.children[at] === item);
    if (isSame && items.length === this.#items.childElementCount) return;
    this.#items.replaceChildren(...items);
    this.#settle();
    if (focused) this.#link(focused)?.focus();
  }

  /** @param {ChatRow} row */
  #item(row) {
    const isOpen = row.seat === chatList.open;
    const said = JSON.stringify([row, isOpen]);
    const known = this.#rows.get(row.seat);
    if (known?.said === said) return known.item;
    const more = button("act", () => this.#ask(more), icon(MORE_DOTS));
    more.setAttribute("aria-label", word("chats.more", { name: called(row) }));
    const item = el("li", {}, chatLink(row, isOpen), more);
    this.#rows.set(row.seat, { said, item });
    return item;
  }

  /** Whether there is a chat whose menu that is. @param {Element} target */
  #ask(target) {
    const seat = seatAt(target);
    const row = chatList.rows.find((one) => one.seat === seat);
    if (row) this.menu.ask(row, called(row));
    return row !== undefined;
  }

  get #links() {
    return [...this.#items.querySelectorAll("a")];
  }

  /** @param {string} [seat] */
  #link(seat) {
    return this.#links.find((link) => link.dataset["seat"] === seat);
  }

  /** Tab comes to the row that had the focus last, else to the open chat, else to the first. */
  #settle() {
    const stop = this.#link(this.#stop) ?? this.#link(chatList.open) ?? this.#links[0];
    for (const link of this.#links) {
      const row = [link, link.nextElementSibling];
      for (const part of row) if (part instanceof HTMLElement) part.tabIndex = link === stop ? 0 : -1;
    }
  }

  /** @param {EventTarget | null} target */
  #come(target) {
    this.#stop = target instanceof Element ? seatAt(target) : "";
    this.#settle();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const links = this.#links;
    const at = links.findIndex((link) => link.dataset["seat"] === this.#stop);
    /** @type {Record<string, number>} */
    const ways = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: links.length - 1 };
    const link = links[ways[event.key] ?? -1];
    if (!link) return;
    event.preventDefault();
    link.focus();
  }
}

/** @typedef {import("../models/chat-list.js").ChatRow} ChatRow */
/** @typedef {{said: string, item: HTMLElement}} Row */

/** Of the row in which that is. @param {Element | null} target */
function seatAt(target) {
  return target?.closest(".chats > li")?.querySelector("a")?.dataset["seat"] ?? "";
}

/** @param {SeatRow} row */
function called({ title, others }) {
  return title ?? list(others);
}

/** The house counts to a hundred. @param {number} n */
function unread(n) {
  return n < UNREAD_COUNTED_MAX ? word("chats.unread", { n }) : word("chats.many", { n });
}

/** @param {ChatRow} row @param {boolean} isOpen */
function chatLink(row, isOpen) {
  const pinned = row.isPinned ? sign(PIN, "chats.pinned") : undefined;
  const muted = row.isMuted ? sign(MUTED, "chats.muted") : undefined;
  const last = row.last_at ? el("span", { class: "last" }, shortMoment(row.last_at)) : undefined;
  const who = el("span", { class: "who" }, name(called(row)));
  const kind = row.isMuted ? "badge muted" : "badge";
  const badge = row.unread > 0 ? el("span", { class: kind }, unread(row.unread)) : undefined;
  const lines = [el("span", {}, pinned, who, muted, last), el("span", {}, about(row, isOpen), badge)];
  const address = { href: chatAddress(row.seat), "data-route": true, "data-seat": row.seat };
  return el("a", { ...address, "aria-current": isOpen && "page" }, ...lines);
}

/** The draft of the chat that is open is seen there. @param {ChatRow} row @param {boolean} isOpen */
function about({ title, others, name: self, last_at: lastAt, hasDraft }, isOpen) {
  const draft = hasDraft && !isOpen ? [el("b", {}, word("chats.draft")), " · "] : [];
  const people = title ? [word("chats.people", { n: others.length + 1 }), " · "] : [];
  const empty = lastAt ? [] : [" · ", word("chats.empty")];
  const as = phrase("chats.as", { name: name(self) });
  return el("span", { class: "about" }, ...draft, ...people, ...as, ...empty);
}

/** @param {string} path @param {string} key */
function sign(path, key) {
  return el("span", { class: "sign" }, icon(path), visuallyHidden(word(key)));
}

customElements.define("parlour-chat-list", ParlourChatList);
