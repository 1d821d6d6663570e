// Who in a group has seen a message, to whom it was delivered, and for whom it still waits.
//
//   const lines = new ParlourReachedLines(session);
//   lines.tell(seq);   of a message of one's own
//   lines.show();   whenever the chat changed
//
// The page knows it from the receipts: nothing is asked for.
import { el } from "../helpers/dom.js";
import { isolated, list } from "../helpers/format.js";
import { word } from "../helpers/words.js";
import { reachedBy } from "../models/reached.js";

export class ParlourReachedLines extends HTMLElement {
  #session;
  #seq = 0;
  #said = "";

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  /** @param {number} seq 0 for nothing */
  tell(seq) {
    this.#seq = seq;
    this.#said = "";
    this.replaceChildren();
    this.show();
  }

  show() {
    const { chat } = this.#session;
    this.hidden = this.#seq === 0 || !chat.group;
    if (this.hidden) return;
    const lines = linesOf(this.#seq, chat);
    const said = lines.join("\n");
    if (said === this.#said) return;
    this.#said = said;
    this.replaceChildren(...lines.map((line) => el("p", { class: "hint", dir: "auto" }, line)));
  }
}

/** @param {number} seq @param {import("../models/chat.js").Chat} chat */
function linesOf(seq, chat) {
  const { seen, delivered, waiting } = reachedBy(seq, chat);
  const line = (/** @type {string} */ key, /** @type {Participant[]} */ people) =>
    people.length > 0 ? [word(key, { names: list(people.map(isolated)) })] : [];
  const lines = [
    ...line("reached.seen", seen),
    ...line("reached.delivered", delivered),
    ...line("reached.waiting", waiting),
  ];
  if (lines.length === 0) return [word("reached.nobody")];
  return chat.withholds("seen") ? [...lines, word("reached.untold")] : lines;
}

customElements.define("parlour-reached-lines", ParlourReachedLines);
