// The people of a group: name, role, and whether they are here. Each can be pressed.
//
//   const people = new ParlourPeopleList();
//   people.show(chat);   whenever the chat changed
//
// One Tab stop leads into it; arrows lead from person to person. What is there already stays in its place and
// keeps the focus. Sends `open-person` (bubbling, detail: the participant).
import { el, name, send, setText } from "../helpers/dom.js";
import { Roving } from "../helpers/roving.js";
import { word } from "../helpers/words.js";
import { peopleOf } from "../models/group.js";
import { personPresence } from "./presence.js";

/** @typedef {{item: HTMLElement, who: HTMLElement, role: HTMLElement, here: HTMLElement}} PersonRow */

export class ParlourPeopleList extends HTMLElement {
  #list = el("ul", { class: "people", "aria-labelledby": "group-count" });
  #stops = new Roving(this.#list, "button", 0);
  /** @type {Map<string, PersonRow>} */
  #rows = new Map();

  connectedCallback() {
    this.replaceChildren(this.#list);
  }

  /** @param {import("../models/chat.js").Chat} chat */
  show(chat) {
    const people = peopleOf(chat);
    for (const [participant, { item }] of this.#rows)
      if (!people.some((person) => person.participant === participant)) this.#drop(participant, item);
    let before;
    for (const person of people) before = this.#place(chat, person, before);
    this.#stops.settle();
  }

  /** The focus goes to who is beside. @param {string} participant @param {HTMLElement} item */
  #drop(participant, item) {
    const beside = item.nextElementSibling ?? item.previousElementSibling;
    const next = item.contains(document.activeElement) ? beside?.querySelector("button") : undefined;
    item.remove();
    this.#rows.delete(participant);
    next?.focus();
  }

  /**
   * @param {import("../models/chat.js").Chat} chat
   * @param {Participant} person
   * @param {HTMLElement} [before] the row above
   */
  #place(chat, person, before) {
    const row = this.#rows.get(person.participant) ?? this.#make(person.participant);
    const { role = "guest", participant } = person;
    const isSelf = participant === chat.me;
    const [state, said] = personPresence(chat, person);
    const calls = isSelf ? `${person.name} (${word("group.you")})` : person.name;
    if (row.who.textContent !== calls)
      row.who.replaceChildren(name(person.name), isSelf ? ` (${word("group.you")})` : "");
    setText(row.role, word(`group.${role}`));
    setText(row.here, isSelf ? "" : said.trim());
    row.here.dataset.presence = state;
    const place = before ? before.nextSibling : this.#list.firstChild;
    if (place !== row.item) this.#list.insertBefore(row.item, place);
    return row.item;
  }

  /** @param {string} participant @returns {PersonRow} */
  #make(participant) {
    const [who, role] = [el("span", { class: "who" }), el("span", { class: "role" })];
    const here = el("span", { class: "hint presence" });
    const act = () => send(this, "open-person", participant);
    const row = el("button", { type: "button", class: "person", onclick: act }, who, " ", role, " ", here);
    const made = { item: el("li", {}, row), who, role, here };
    this.#rows.set(participant, made);
    return made;
  }
}

customElements.define("parlour-people-list", ParlourPeopleList);
