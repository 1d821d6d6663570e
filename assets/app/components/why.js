// "Why has it not arrived?": one sentence about one message, and what the marks mean.
//
//   const why = new ParlourWhy();
//   why.open(talk);
//   why.ask("SENT");
import { showModal } from "../helpers/dialog.js";
import { el, name, unseen } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";
import { why } from "../models/why.js";
import { mark } from "./rows.js";

const KINDS = ["WAITING", "SENT", "DELIVERED", "SEEN"];

export class ParlourWhy extends HTMLElement {
  #title = el("h2", { id: "why-title" });
  #said = el("p", { class: "said" });
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "why-title", closedby: "any" });
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;

  /** @param {import("../models/talk.js").Talk} talk */
  open(talk) {
    this.#talk = talk;
    const close = el("button", { class: "main", type: "button" }, word("close"));
    close.addEventListener("click", () => this.#dialog.close());
    const foot = el("div", { class: "foot" }, close);
    this.#dialog.replaceChildren(this.#title, this.#said, legend(), foot);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} receipt of the message that is asked about */
  ask(receipt) {
    if (!this.#talk) return;
    const { key, name: who, at } = why(receipt, this.#talk);
    this.#title.textContent = word(`receipt.${receipt}`);
    this.#said.replaceChildren(...phrase(key, { name: name(who), time: at ? moment(at) : "" }));
    showModal(this.#dialog);
  }
}

/** What the marks beside one's own messages mean. */
export function legend() {
  const lines = KINDS.map((kind) => {
    const what = unseen(word("chat.they_said", { name: word(`receipt.${kind}`) }));
    return el("li", {}, mark(kind), el("span", {}, what, word(`marks.${kind}`)));
  });
  return el("div", { class: "legend" }, el("h3", {}, word("marks.title")), el("ul", {}, ...lines));
}

customElements.define("parlour-why", ParlourWhy);
