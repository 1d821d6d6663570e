// One invite: name, QR code, link, and apart from them the secret code.
//
//   const card = new ParlourInviteCard(invite, isOwnStart, isOthers);
//   card.tell("in");
//
// Right after the start of a chat it has a button for the person at this screen to go in by it. What is meant
// for somebody else has one button that is the main one. Sends `invite-leave` (bubbling, may be prevented)
// before that, and `parlour-enter` (bubbling) when the seat is there.
import { detailOf, el, name, send } from "../helpers/dom.js";
import { button, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { parseToken } from "../models/code.js";
import { enter } from "../models/enter.js";
import { api, preferences, seats } from "../services.js";
import { ParlourCopyButton } from "./copy-button.js";
import { ParlourQrDialog, qrPicture } from "./qr-dialog.js";

export class ParlourInviteCard extends HTMLElement {
  #invite;
  #state = el("p", { class: "state", role: "status" });
  #refusal = refusalLine();
  #field = el("input", { class: "link", readonly: true, dir: "ltr", translate: "no", onfocus: selectAll });
  /** Whether somebody got this link from this page, or came in by it. */
  isHandedOut = false;
  #isEntrance;
  #isOthers;
  #enter;
  #large;

  /** @param {InviteAnswer} invite @param {boolean} isEntrance @param {boolean} isOthers */
  constructor(invite, isEntrance, isOthers) {
    super();
    this.#invite = invite;
    this.#isEntrance = isEntrance;
    this.#isOthers = isOthers;
    this.#large = new ParlourQrDialog(invite);
    const label = el("span", {}, ...phrase("invite.enter", { name: name(invite.name) }));
    this.#enter = button("enter", () => this.#goIn(), label);
  }

  get token() {
    return parseToken(this.#invite.link) ?? "";
  }

  connectedCallback() {
    const id = `invite-${this.token.slice(0, 6)}`;
    const head = el("header", {}, el("h2", { id }, name(this.#invite.name)), this.#state);
    const entrance = this.#isEntrance ? [this.#enter, this.#refusal] : [];
    const parts = [head, this.#linkSide(), this.#codeSide(), ...entrance];
    const card = el("article", { class: "card invite", "aria-labelledby": id }, ...parts);
    this.replaceChildren(card, this.#large);
    this.tell("waiting");
  }

  /** Whether the chat can do without this card. */
  get isSpent() {
    return this.#state.dataset.state !== "waiting";
  }

  /** @param {string} state as the house tells it */
  tell(state) {
    if (state === "in") this.isHandedOut = true;
    if (state === "unknown" || this.#state.dataset.state === state) return;
    this.#state.dataset.state = state;
    // A person who gets a new link may have come in by the old one.
    const key = state === "waiting" && !this.#isEntrance && !this.#isOthers ? "unused" : state;
    this.#state.replaceChildren(...phrase(`invite.${key}`, { name: name(this.#invite.name) }));
  }

  #linkSide() {
    const { link, name: who } = this.#invite;
    const zoom = button("zoom", () => this.#showLarge(), qrPicture(this.#invite));
    zoom.setAttribute("aria-label", word("invite.zoom", { name: who }));
    this.#field.setAttribute("aria-label", word("invite.link", { name: who }));
    this.#field.value = link;
    const forPaper = el("p", { class: "on-paper address", dir: "ltr", translate: "no" }, link);
    const copy = new ParlourCopyButton(() => link, "invite.copy");
    copy.addEventListener("text-copied", (event) => this.#copied(detailOf(event)));
    const share = this.#shareButton();
    if (this.#isOthers && share) share.classList.add("main");
    else if (this.#isOthers) copy.makeMain();
    const buttons = el("div", { class: "row" }, share, copy);
    return el("div", { class: "link-side" }, zoom, this.#field, forPaper, buttons);
  }

  #codeSide() {
    const { code, name: who } = this.#invite;
    const letters = el("p", { class: "code", "data-code": code, translate: "no", dir: "ltr" }, code);
    const whose = el("p", { class: "on-paper" }, ...phrase("invite.code_of", { name: name(who) }));
    const label = el("p", { class: "label" }, word("invite.code"));
    const apart = el("p", { class: "apart" }, word("invite.apart"));
    return el("div", { class: "code-side" }, whose, label, letters, apart);
  }

  #showLarge() {
    this.isHandedOut = true;
    this.#large.ask();
  }

  #shareButton() {
    if (!("share" in navigator)) return undefined;
    const { name: who, link } = this.#invite;
    const share = () =>
      navigator.share({ text: word("invite.share_text", { name: who }), url: link }).then(
        () => (this.isHandedOut = true),
        () => {},
      );
    const label = this.#isOthers ? phrase("invite.share_with", { name: name(who) }) : [word("invite.share")];
    return button("", share, el("span", {}, ...label));
  }

  /** @param {boolean} isDone */
  #copied(isDone) {
    this.isHandedOut ||= isDone;
    if (!isDone) this.#field.focus();
  }

  async #goIn() {
    const leave = new CustomEvent("invite-leave", { bubbles: true, cancelable: true });
    if (!this.dispatchEvent(leave)) return;
    this.#enter.disabled = true;
    try {
      const { seat, chat } = await enter(api, seats, this.token, this.#invite.code, preferences.withholds);
      const detail = { seat, chat, isNewPage: true };
      send(this, "parlour-enter", detail);
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      this.#enter.disabled = false;
      this.#enter.focus();
    }
  }
}

/** @param {Event} event */
function selectAll(event) {
  if (event.target instanceof HTMLInputElement) event.target.select();
}

customElements.define("parlour-invite-card", ParlourInviteCard);
