// "Why has it not arrived?": one sentence about one message, and what the marks mean.
//
//   const why = new ParlourReceiptDialog();
//   why.open(session);
//   why.ask("SENT");
import { showModal } from "../helpers/dialog.js";
import { el, name, visuallyHidden } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";
import { receiptReason } from "../models/receipt-reason.js";
import { mark } from "./rows.js";

const KINDS = ["WAITING", "SENT", "DELIVERED", "SEEN"];

export class ParlourReceiptDialog extends HTMLElement {
  #title = el("h2", { id: "receipt-title" });
  #said = el("p", { class: "said" });
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "receipt-title", closedby: "any" });
  /** @type {import("../models/chat-session.js").ChatSession | undefined} */
  #session;

  /** @param {import("../models/chat-session.js").ChatSession} session */
  open(session) {
    this.#session = session;
    const close = el("button", { class: "main", type: "button" }, word("close"));
    close.addEventListener("click", () => this.#dialog.close());
    const foot = el("div", { class: "foot" }, close);
    this.#dialog.replaceChildren(this.#title, this.#said, receiptLegend(), foot);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} receipt of the message that is asked about */
  ask(receipt) {
    if (!this.#session) return;
    const { key, name: who, at } = receiptReason(receipt, this.#session);
    this.#title.textContent = word(`receipt.${receipt}`);
    this.#said.replaceChildren(...phrase(key, { name: name(who), time: at ? moment(at) : "" }));
    showModal(this.#dialog);
  }
}

/** What the marks beside one's own messages mean. */
export function receiptLegend() {
  const lines = KINDS.map((kind) => {
    const what = visuallyHidden(word("chat.they_said", { name: word(`receipt.${kind}`) }));
    return el("li", {}, mark(kind), el("span", {}, what, word(`marks.${kind}`)));
  });
  return el("div", { class: "legend" }, el("h3", {}, word("marks.title")), el("ul", {}, ...lines));
}

customElements.define("parlour-receipt-dialog", ParlourReceiptDialog);
