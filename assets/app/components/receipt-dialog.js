// "Why has it not arrived?": one sentence about one message, or in a group who has it; and what the marks
// mean.
//
//   const dialog = new ParlourReceiptDialog(session);
//   dialog.ask({ receipt: "SENT", seq: 12 });
//   dialog.show();   whenever the chat changed
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";
import { receiptReason } from "../models/receipt-reason.js";
import { ParlourReachedLines } from "./reached-lines.js";
import { receiptLegend } from "./receipt-legend.js";

/** Of these the house has the message. */
const TAKEN = ["SENT", "DELIVERED", "SEEN"];

export class ParlourReceiptDialog extends HTMLElement {
  #session;
  #title = el("h2", { id: "receipt-title" });
  #said = el("p", { class: "said" });
  #reached;
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "receipt-title", closedby: "any" });

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#reached = new ParlourReachedLines(session);
  }

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  /** @param {{receipt: string, seq: number}} about the message that is asked about */
  ask({ receipt, seq }) {
    const { group } = this.#session.chat;
    const hasLines = group !== undefined && TAKEN.includes(receipt);
    this.#title.textContent = word(`receipt.${receipt}`);
    this.#reached.tell(hasLines ? seq : 0);
    this.#said.replaceChildren(...(hasLines ? [] : this.#reason(receipt)));
    this.#said.hidden = hasLines;
    const foot = el("div", { class: "foot" }, closeButton(this.#dialog));
    const legend = receiptLegend(group !== undefined);
    this.#dialog.replaceChildren(this.#title, this.#said, this.#reached, legend, foot);
    showModal(this.#dialog);
  }

  /** @param {string} receipt */
  #reason(receipt) {
    const { key, name: who, at } = receiptReason(receipt, this.#session);
    return phrase(key, { name: name(who), time: at ? moment(at) : "" });
  }

  show() {
    if (this.#dialog.open) this.#reached.show();
  }
}

customElements.define("parlour-receipt-dialog", ParlourReceiptDialog);
