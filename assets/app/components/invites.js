// The two invites of a chat that was just started.
//
//   const invites = new ParlourInvites();
//   invites.show(answer);
import { el } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { ParlourInviteCards } from "./invite-cards.js";

export class ParlourInvites extends HTMLElement {
  /** @param {ChatsAnswer} chat */
  show(chat) {
    const title = el("h1", { tabindex: "-1" }, word("invites.title"));
    const notes = [el("p", { class: "note once" }, word("invites.once"))];
    if (chat.reach !== "anywhere")
      notes.push(el("p", { class: "note reach" }, word(`invites.reach.${chat.reach}`)));
    const cards = new ParlourInviteCards();
    const print = button("", () => cards.print(), word("invites.print"));
    const again = el("a", { class: "button quiet", href: "." }, word("invites.again"));
    this.replaceChildren(title, ...notes, cards, el("div", { class: "row actions" }, print, again));
    cards.show(chat.invites, "invites.leave", true);
    title.focus();
  }
}

customElements.define("parlour-invites", ParlourInvites);
