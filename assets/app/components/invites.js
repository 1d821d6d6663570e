// The invites of a chat that was just started: two, or one for each person of a group.
//
//   const invites = new ParlourInvites();
//   invites.show(answer);
import { newChatAddress } from "../helpers/addresses.js";
import { el } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { ParlourInviteCards } from "./invite-cards.js";

export class ParlourInvites extends HTMLElement {
  /** @param {ChatsAnswer} chat */
  show(chat) {
    const n = chat.invites.length;
    const isPair = n === 2;
    const called = isPair ? word("invites.title") : word("invites.title_many", { n });
    const title = el("h1", { tabindex: "-1" }, called);
    const notes = [el("p", { class: "note once" }, word("invites.once"))];
    if (chat.reach !== "anywhere")
      notes.push(el("p", { class: "note reach" }, word(`invites.reach.${chat.reach}`)));
    const cards = new ParlourInviteCards();
    const print = button("", () => cards.print(), word(isPair ? "invites.print" : "invites.print_all"));
    const again = el(
      "a",
      { class: "button quiet", href: newChatAddress, "data-route": true },
      word("invites.again"),
    );
    const actions = el("div", { class: "row actions" }, print, again);
    // Nobody looks for them below the cards of fifty people.
    this.replaceChildren(title, ...notes, ...(isPair ? [cards, actions] : [actions, cards]));
    cards.show(chat.invites, isPair ? "invites.leave" : "invites.leave_many", true);
    title.focus();
  }
}

customElements.define("parlour-invites", ParlourInvites);
