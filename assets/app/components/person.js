// Who one talks with: the name, and whether they are here, were here, or are typing.
//
//   const person = new ParlourPerson();
//   person.show(chat, isConnected);
//
// One line always has its place, so that typing moves nothing.
import { el } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { word } from "../helpers/words.js";

const NOTHING = "\u00a0";

export class ParlourPerson extends HTMLElement {
  #name = el("h1", { dir: "auto" });
  #presence = el("p", { class: "presence" }, NOTHING);

  connectedCallback() {
    this.replaceChildren(this.#name, this.#presence);
  }

  /** @param {import("../models/chat.js").Chat} chat @param {boolean} isConnected */
  show(chat, isConnected) {
    const who = list(chat.others.map((person) => person.name));
    if (this.#name.textContent !== who) this.#name.textContent = who;
    const [state, said] = isConnected ? presence(chat) : ["unknown", NOTHING];
    this.#presence.dataset.presence = state;
    if (this.#presence.textContent !== said) this.#presence.textContent = said;
  }
}

/** @param {import("../models/chat.js").Chat} chat @returns {[string, string]} */
function presence(chat) {
  const person = chat.others[0];
  if (!person) return ["unknown", NOTHING];
  if (chat.typing.length > 0) return ["typing", word("chat.typing")];
  if (!person.came_in) return ["waiting", word("chat.not_yet")];
  if (chat.withholds("here")) return ["unknown", NOTHING];
  if (person.here) return ["here", word("chat.here")];
  if (!person.last_here) return ["away", word("chat.away")];
  return ["away", word("chat.last_here", { time: moment(person.last_here) })];
}

customElements.define("parlour-person", ParlourPerson);
