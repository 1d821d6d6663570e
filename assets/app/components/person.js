// Who one talks with: the name, and whether they are here, were here, or are typing.
//
//   const person = new ParlourPerson();
//   person.show(chat, isConnected);
//
// One line always has its place, so that typing moves nothing.
import { el, name } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { word } from "../helpers/words.js";

const NOTHING = "\u00a0";

export class ParlourPerson extends HTMLElement {
  // The name keeps its own direction, and stays at the side where names stand.
  #name = el("h1");
  #presence = el("p", { class: "presence" }, NOTHING);

  connectedCallback() {
    this.replaceChildren(this.#name, this.#presence);
  }

  /**
   * @param {import("../models/chat.js").Chat} chat
   * @param {boolean} isConnected
   * @param {string} known what the others were called when this browser was last here
   */
  show(chat, isConnected, known) {
    const who = list(chat.others.map((person) => person.name)) || known;
    if (this.#name.textContent !== who) this.#name.replaceChildren(name(who));
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
  const at = chat.lastHere(person);
  if (at) return ["away", word("chat.last_here", { time: moment(at) })];
  return person.last_here ? ["unknown", NOTHING] : ["away", word("chat.away")];
}

customElements.define("parlour-person", ParlourPerson);
