// "Why has it not arrived?": one sentence about one message, and what the marks mean.
//
//   const dialog = new ParlourReceiptDialog(session);
//   dialog.ask("SENT");
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";
import { receiptReason } from "../models/receipt-reason.js";
import { receiptLegend } from "./receipt-mark.js";

export class ParlourReceiptDialog extends HTMLElement {
  #session;
  #title = el("h2", { id: "receipt-title" });
  #said = el("p", { class: "said" });
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "receipt-title", closedby: "any" });

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    const foot = el("div", { class: "foot" }, closeButton(this.#dialog));
    this.#dialog.replaceChildren(this.#title, this.#said, receiptLegend(), foot);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} receipt of the message that is asked about */
  ask(receipt) {
    const { key, name: who, at } = receiptReason(receipt, this.#session);
    this.#title.textContent = word(`receipt.${receipt}`);
    this.#said.replaceChildren(...phrase(key, { name: name(who), time: at ? moment(at) : "" }));
    showModal(this.#dialog);
  }
}

customElements.define("parlour-receipt-dialog", ParlourReceiptDialog);
