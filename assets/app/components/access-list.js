// What leads into a chat: the devices that are in already, and a new link for each person.
//
//   const access = new ParlourAccessList();
//   access.show(chat);
//
// Sends `open-devices` or `open-new-link` (detail: the participant), both bubbling, when one of them is
// wanted.
import { el, name, send } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { phrase, word } from "../helpers/words.js";

export class ParlourAccessList extends HTMLElement {
  #list = el("ul", {}, el("li", {}, this.#button("open-devices", undefined, word("devices.title"))));
  #hint = el("p", { class: "hint" }, word("access.hint"));
  /** Whose links are shown. */
  #shown = "";

  connectedCallback() {
    const title = el("h3", { id: "access-title" }, word("access.title"));
    this.replaceChildren(el("section", { "aria-labelledby": "access-title" }, title, this.#hint, this.#list));
  }

  /** What is there already stays, and keeps the focus. @param {import("../models/chat.js").Chat} chat */
  show(chat) {
    const own = chat.self && chat.may("replace_own") ? [chat.self] : [];
    // In a group, the links of the others are where its people are.
    const people = chat.group ? own : [...chat.others, ...own];
    this.#hint.hidden = chat.isKnown && people.length === 0;
    const sign = people.map((person) => `${person.participant} ${person.name}`).join("\n");
    if (sign === this.#shown) return;
    this.#shown = sign;
    for (const row of [...this.#list.children].slice(1)) row.remove();
    const links = people.map((person) => this.#link(person, person.participant === chat.me));
    this.#list.append(...links.map((link) => el("li", {}, link)));
  }

  /** @param {Participant} person @param {boolean} isOwn */
  #link({ participant, name: who }, isOwn) {
    const said = isOwn ? [word("access.own_link")] : phrase("access.link", { name: name(who) });
    return this.#button("open-new-link", participant, el("span", {}, ...said));
  }

  /** @param {string} type @param {string | undefined} detail @param {Node | string} said */
  #button(type, detail, said) {
    return button("", () => send(this, type, detail), said);
  }
}

customElements.define("parlour-access-list", ParlourAccessList);
