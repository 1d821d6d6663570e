// One invite's QR code, large enough to be read across a table.
//
//   const dialog = new ParlourQrDialog(invite);
//   dialog.ask();
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name } from "../helpers/dom.js";
import { qrImage } from "../helpers/qr.js";
import { phrase, word } from "../helpers/words.js";

export class ParlourQrDialog extends HTMLElement {
  #invite;
  #dialog;

  /** @param {InviteAnswer} invite */
  constructor(invite) {
    super();
    this.#invite = invite;
    const label = word("invite.zoom", { name: invite.name });
    this.#dialog = el("dialog", { class: "whole", "aria-label": label, closedby: "any" });
  }

  connectedCallback() {
    const title = el("h2", {}, ...phrase("join.hello", { name: name(this.#invite.name) }));
    const how = el("p", {}, word("invite.scan"));
    this.#dialog.replaceChildren(title, qrPicture(this.#invite), how, closeButton(this.#dialog));
    this.replaceChildren(this.#dialog);
  }

  ask() {
    showModal(this.#dialog);
  }
}

/** @param {InviteAnswer} invite */
export function qrPicture({ qr, name: who }) {
  return el("img", { class: "qr", src: qrImage(qr), alt: word("invite.qr", { name: who }) });
}

customElements.define("parlour-qr-dialog", ParlourQrDialog);
