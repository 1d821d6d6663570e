// Every emoji to react with, by groups, with a field to search them by name. Any other emoji can be typed or
// pasted there.
//
//   const picker = new ParlourEmojiPicker();
//   picker.ask({ seq, own: "❤️" });   a message, and how one reacted to it already
//
// Sends `message-command` (bubbling, detail: a MessageCommand); the same emoji once more takes it away. One
// stop of the Tab key leads into the list, and arrows lead through it.
import { closeButton, showStep } from "../helpers/dialog.js";
import { el, send, setText } from "../helpers/dom.js";
import { emojiGroups } from "../helpers/emoji.js";
import { button, spokenLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { arrowTarget, findEmoji } from "../models/emoji-list.js";
import { preferences } from "../services.js";

export class ParlourEmojiPicker extends HTMLElement {
  #dialog = el("dialog", { class: "sheet picker", "aria-labelledby": "picker-title", closedby: "any" });
  // Without autocomplete="off" browsers write what is in a field into their session's files.
  #search = el("input", {
    id: "picker-search",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "done",
    placeholder: word("picker.search"),
  });
  #list = el("div", { class: "emoji-list" });
  #spoken = spokenLine();
  /** @type {import("../models/emoji-list.js").EmojiGroup[]} */
  #groups = [];
  #seq = 0;
  /** @type {string | undefined} */
  #own;
  /** Why the list did not come. @type {unknown} */
  #refusal;

  connectedCallback() {
    this.#search.addEventListener("input", () => this.#show());
    this.#search.addEventListener("keydown", (event) => this.#searchKey(event));
    this.#list.addEventListener("keydown", (event) => this.#listKey(event));
    this.replaceChildren(this.#dialog);
  }

  /** @param {{seq: number, own?: string}} about */
  ask({ seq, own }) {
    this.#seq = seq;
    this.#own = own;
    this.#search.value = "";
    const label = el("label", { class: "visually-hidden", for: "picker-search" }, word("picker.search"));
    const search = el("div", { class: "field" }, label, this.#search);
    const foot = el("div", { class: "foot" }, closeButton(this.#dialog));
    const title = el("h2", { id: "picker-title" }, word("picker.title"));
    showStep(this.#dialog, title, search, this.#list, this.#spoken, foot);
    // On touch the keyboard would cover the list.
    if (!matchMedia("(pointer: coarse)").matches) this.#search.focus();
    void this.#load();
  }

  async #load() {
    this.#refusal = undefined;
    this.#show();
    try {
      this.#groups = await emojiGroups();
    } catch (refusal) {
      this.#refusal = refusal;
    }
    this.#show();
  }

  #show() {
    const typed = this.#search.value.trim();
    const found = findEmoji(this.#groups, typed);
    const count = found.reduce((sum, { emojis }) => sum + emojis.length, 0);
    if (count === 0) return this.#showNothing();
    setText(this.#spoken, typed === "" ? "" : word("picker.found", { n: count }));
    this.#list.replaceChildren(...found.flatMap((group) => this.#group(group)));
    this.#list.scrollTop = 0;
    const [first] = this.#cells;
    if (first) first.tabIndex = 0;
  }

  /** Nothing fits, or the list has not come. */
  #showNothing() {
    const isThere = this.#groups.length > 0;
    const why = this.#refusal ? refusalWords(this.#refusal) : word("picker.loading");
    const said = isThere ? word("picker.none") : why;
    const retry = button("", () => this.#load(), word("join.retry"));
    setText(this.#spoken, said);
    this.#list.replaceChildren(el("p", { class: "hint" }, said), ...(this.#refusal ? [retry] : []));
  }

  /** @param {import("../models/emoji-list.js").NamedGroup} group */
  #group({ name, emojis }) {
    const cells = emojis.map(({ emoji, name: said }) => this.#cell(emoji, said));
    const grid = el("div", { class: "emojis", role: "group", "aria-label": name || undefined }, ...cells);
    return name ? [el("h3", {}, name), grid] : [grid];
  }

  /** @param {string} emoji @param {string} said */
  #cell(emoji, said) {
    const cell = button("plain", () => this.#choose(emoji), emoji);
    cell.tabIndex = -1;
    cell.title = said;
    cell.setAttribute("aria-label", said);
    cell.setAttribute("aria-pressed", String(emoji === this.#own));
    return cell;
  }

  /** @param {string} emoji */
  #choose(emoji) {
    const also = emoji === this.#own ? {} : { emoji };
    if (also.emoji) preferences.emoji = emoji;
    this.#dialog.close();
    send(this, "message-command", { of: "chat-react", seq: this.#seq, ...also });
  }

  /** @returns {NodeListOf<HTMLButtonElement>} */
  get #cells() {
    return this.#list.querySelectorAll(".emojis > button");
  }

  /** Down leads into the list, and Enter takes the first that was found. @param {KeyboardEvent} event */
  #searchKey(event) {
    const [first] = this.#cells;
    if (!first || event.isComposing) return;
    if (event.key === "ArrowDown") this.#go(first);
    else if (event.key === "Enter" && this.#search.value.trim() !== "") first.click();
    else return;
    event.preventDefault();
  }

  /** Up from the first row leads back to the field. @param {KeyboardEvent} event */
  #listKey(event) {
    const cells = [...this.#cells];
    const at = cells.findIndex((cell) => cell === event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const places = cells.map((cell) => cell.getBoundingClientRect());
    const next = cells[arrowTarget(places, at, event.key) ?? -1];
    if (next) this.#go(next);
    else if (event.key === "ArrowUp") this.#search.focus();
    else return;
    event.preventDefault();
  }

  /** @param {HTMLElement} cell */
  #go(cell) {
    for (const one of this.#cells) one.tabIndex = one === cell ? 0 : -1;
    cell.focus();
  }
}

customElements.define("parlour-emoji-picker", ParlourEmojiPicker);
