// Invites that were just made, side by side, shown this once.
//
//   const cards = new ParlourInviteCards();
//   cards.show(invites, "invites.leave");
//
// Asks every few seconds who has come in, and asks before the page is left: links and codes cannot be had
// again. The second word is the question to a person who leaves all the same.
import { el } from "../helpers/dom.js";
import { after } from "../helpers/timer.js";
import { api } from "../services.js";
import { word } from "../helpers/words.js";
import { ParlourInviteCard } from "./invite-card.js";

const ASK_MS = 3_000;

export class ParlourInviteCards extends HTMLElement {
  #gone = new AbortController();
  #cancel = () => {};
  /** @type {ParlourInviteCard[]} */
  #cards = [];
  #question = "";
  #isLeaving = false;

  disconnectedCallback() {
    this.#gone.abort();
    this.#cancel();
  }

  /**
   * @param {InviteAnswer[]} invites
   * @param {string} question
   * @param {boolean} [canEnter] whether one can go in by them from here
   * @param {boolean} [isNewcomers] whether they are for somebody who was not in the chat before
   */
  show(invites, question, canEnter = false, isNewcomers = false) {
    this.#question = question;
    // The first is for the person who made them. Two people may also share one screen.
    const isEntrance = (/** @type {number} */ at) => canEnter && (at === 0 || invites.length === 2);
    this.#cards = invites.map((invite, at) => {
      return new ParlourInviteCard(invite, isEntrance(at), isNewcomers || (canEnter && at > 0));
    });
    const fold = el("p", { class: "on-paper hint" }, word("invites.fold"));
    this.replaceChildren(el("div", { class: "cards" }, ...this.#cards), fold);
    this.#listen();
    this.#ask();
  }

  print() {
    window.print();
    for (const card of this.#cards) card.isHandedOut = true;
  }

  /**
   * Whether nothing is lost by leaving, or the person says that it may be.
   * @param {ParlourInviteCard} [by]
   */
  mayBeLeft(by) {
    return this.#cards.every((card) => card === by || card.isHandedOut) || confirm(word(this.#question));
  }

  #listen() {
    const { signal } = this.#gone;
    const hold = (/** @type {Event} */ event) => {
      if (!this.#isLeaving && !this.#cards.every((card) => card.isSpent)) event.preventDefault();
    };
    addEventListener("beforeunload", hold, { signal });
    this.addEventListener("invite-leave", (event) => this.#askFirst(event), { signal });
    this.addEventListener("parlour-enter", () => (this.#isLeaving = true), { signal });
    document.addEventListener("visibilitychange", () => this.#ask(), { signal });
  }

  /** Going in ends this page, and with it the links and codes of the others. @param {Event} event */
  #askFirst(event) {
    if (event.target instanceof ParlourInviteCard && !this.mayBeLeft(event.target)) event.preventDefault();
  }

  async #ask() {
    this.#cancel();
    if (document.visibilityState === "hidden" || this.#gone.signal.aborted) return;
    const answer = await api.status(this.#cards.map((card) => card.token)).catch(() => undefined);
    answer?.invites.forEach(({ state }, at) => this.#cards[at]?.tell(state));
    this.#cancel();
    if (!this.#gone.signal.aborted) this.#cancel = after(ASK_MS, () => this.#ask());
  }
}

customElements.define("parlour-invite-cards", ParlourInviteCards);
