// The two invites of a chat that was just started, shown this once.
//
//   const invites = new ParlourInvites();
//   invites.show(answer);
//
// Asks every few seconds who has come in, and asks before the page is left: links and codes cannot be had
// again.
import { el } from "../helpers/dom.js";
import { after, api } from "../helpers/home.js";
import { word } from "../helpers/words.js";
import { ParlourInvite } from "./invite.js";

const ASK_MS = 3_000;

export class ParlourInvites extends HTMLElement {
  #gone = new AbortController();
  #cancel = () => {};
  /** @type {ParlourInvite[]} */
  #cards = [];
  #isLeaving = false;

  disconnectedCallback() {
    this.#gone.abort();
    this.#cancel();
  }

  /** @param {ChatsAnswer} chat */
  show(chat) {
    const title = el("h1", { tabindex: "-1" }, word("invites.title"));
    const notes = [el("p", { class: "note once" }, word("invites.once"))];
    if (chat.reach !== "anywhere")
      notes.push(el("p", { class: "note reach" }, word(`start.reach.${chat.reach}`)));
    this.#cards = chat.invites.map((invite) => new ParlourInvite(invite));
    const print = el("button", { type: "button", onclick: () => this.#print() }, word("invites.print"));
    const again = el("a", { class: "button quiet", href: "." }, word("invites.again"));
    const cards = el("div", { class: "cards" }, ...this.#cards);
    const fold = el("p", { class: "on-paper hint" }, word("invites.fold"));
    this.replaceChildren(title, ...notes, cards, fold, el("div", { class: "row actions" }, print, again));
    title.focus();
    this.#listen();
    this.#ask();
  }

  #listen() {
    const { signal } = this.#gone;
    const hold = (/** @type {Event} */ event) => !this.#isLeaving && event.preventDefault();
    addEventListener("beforeunload", hold, { signal });
    this.addEventListener("invite-leave", (event) => this.#askFirst(event), { signal });
    this.addEventListener("parlour-enter", () => (this.#isLeaving = true), { signal });
    document.addEventListener("visibilitychange", () => this.#ask(), { signal });
  }

  #print() {
    window.print();
    for (const card of this.#cards) card.isHandedOut = true;
  }

  /** Whether nothing is lost by leaving, or the person says that it may be. */
  mayBeLeft() {
    return this.#cards.every((card) => card.isHandedOut) || confirm(word("invites.leave"));
  }

  /** Going in ends this page, and with it the other person's link and code. @param {Event} event */
  #askFirst(event) {
    const wouldBeLost = this.#cards.some((card) => card !== event.target && !card.isHandedOut);
    if (wouldBeLost && !confirm(word("invites.leave"))) event.preventDefault();
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

customElements.define("parlour-invites", ParlourInvites);
