// The last step of a dialog that makes an invite: its card, shown this once, and a question before it is put
// away unseen.
//
//   const step = new CardStep(dialog);
//   step.show(title, about, invite, true);   of somebody who was not in the chat before
//   step.clear();   before the dialog begins again
import { showStep } from "../helpers/dialog.js";
import { el } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { ParlourInviteCards } from "./invite-cards.js";

export class CardStep {
  #dialog;
  /** @type {ParlourInviteCards | undefined} */
  #cards;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
    dialog.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("cancel", (event) => this.#hold(event));
  }

  clear() {
    this.#cards = undefined;
    this.#dialog.setAttribute("closedby", "any");
  }

  /**
   * @param {HTMLElement} title
   * @param {HTMLElement} about
   * @param {InviteAnswer} invite
   * @param {boolean} [isNewcomer] whose card has a main button of its own
   */
  show(title, about, invite, isNewcomer = false) {
    // The page may have gone while the house was asked.
    if (!this.#dialog.isConnected) return;
    const cards = new ParlourInviteCards();
    const print = button("", () => cards.print(), word("replace.print"));
    const close = button(isNewcomer ? "" : "main", () => this.#leave(), word("close"));
    const foot = el("div", { class: "foot choice" }, print, close);
    this.#cards = cards;
    this.#dialog.setAttribute("closedby", "none");
    showStep(this.#dialog, title, about, cards, foot);
    cards.show([invite], "replace.leave", false, isNewcomer);
  }

  #leave() {
    if (this.#cards?.mayBeLeft() === false) return;
    this.#cards = undefined;
    this.#dialog.close();
    this.#dialog.replaceChildren();
  }

  /** A key that closes dialogs leads to the question as well. @param {KeyboardEvent} event */
  #key(event) {
    const isHere = event.target instanceof Element && event.target.closest("dialog") === this.#dialog;
    if (event.key !== "Escape" || !this.#cards || !isHere) return;
    event.preventDefault();
    this.#leave();
  }

  /** Browsers that do not know `closedby` ask in this way. @param {Event} event */
  #hold(event) {
    if (!this.#cards || event.target !== this.#dialog) return;
    event.preventDefault();
    this.#leave();
  }
}
