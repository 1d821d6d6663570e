// One invite: name, QR code, link, and apart from them the secret code.
//
//   const card = new ParlourInviteCard(invite, isDoor);
//   card.tell("in");
//
// As a door it has a button for the person at this screen to go in by it. What is meant for somebody else has
// one button that is the main one. Sends `invite-leave` (bubbling, may be prevented) before that, and
// `parlour-enter` (bubbling) when the seat is there.
import { showModal } from "../helpers/dialog.js";
import { copyText, el, name } from "../helpers/dom.js";
import { after } from "../helpers/timer.js";
import { api, seats, preferences } from "../services.js";
import { qrImage } from "../helpers/qr.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { parseToken } from "../models/code.js";
import { enter } from "../models/enter.js";

const SAID_MS = 2_500;

export class ParlourInviteCard extends HTMLElement {
  #invite;
  #state = el("p", { class: "state", role: "status" });
  #refusal = el("p", { class: "refusal", role: "alert" });
  #spoken = el("p", { class: "visually-hidden", role: "status" });
  #field = el("input", { class: "link", readonly: true, dir: "ltr", translate: "no", onfocus: selectAll });
  #copy = el("button", { type: "button", onclick: () => this.#copyLink() }, word("invite.copy"));
  /** Whether somebody got this link from this page, or came in by it. */
  isHandedOut = false;
  #isDoor;
  #isOthers;
  #enter;
  #large;

  /** @param {InviteAnswer} invite @param {boolean} isDoor @param {boolean} isOthers */
  constructor(invite, isDoor, isOthers) {
    super();
    this.#invite = invite;
    this.#isDoor = isDoor;
    this.#isOthers = isOthers;
    this.#large = this.#largeQr();
    const label = phrase("invite.enter", { name: name(invite.name) });
    this.#enter = el(
      "button",
      { class: "enter", type: "button", onclick: () => this.#goIn() },
      el("span", {}, ...label),
    );
  }

  get token() {
    return parseToken(this.#invite.link) ?? "";
  }

  connectedCallback() {
    const id = `invite-${this.token.slice(0, 6)}`;
    const title = el("h2", { id }, name(this.#invite.name));
    const head = el("header", {}, title, this.#state);
    const door = this.#isDoor ? [this.#enter, this.#refusal] : [];
    const parts = [head, this.#linkSide(), this.#codeSide(), ...door, this.#spoken, this.#large];
    const card = el("article", { class: "card invite", "aria-labelledby": id }, ...parts);
    this.replaceChildren(card);
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
    // Who gets a new link may have come in by the old one.
    const key = state === "waiting" && !this.#isDoor ? "unused" : state;
    this.#state.replaceChildren(...phrase(`invite.${key}`, { name: name(this.#invite.name) }));
  }

  #linkSide() {
    const { link, name: who } = this.#invite;
    const label = { class: "zoom", type: "button", "aria-label": word("invite.zoom", { name: who }) };
    const zoom = el("button", label, this.#qr());
    zoom.addEventListener("click", () => this.#showLarge());
    this.#field.setAttribute("aria-label", word("invite.link", { name: who }));
    this.#field.value = link;
    const forPaper = el("p", { class: "on-paper address", dir: "ltr", translate: "no" }, link);
    const share = this.#shareButton();
    if (this.#isOthers) (share ?? this.#copy).classList.add("main");
    const buttons = el("div", { class: "row" }, share, this.#copy);
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

  #qr() {
    const { qr, name: who } = this.#invite;
    return el("img", { class: "qr", src: qrImage(qr), alt: word("invite.qr", { name: who }) });
  }

  /** Large enough to be read across a table. */
  #largeQr() {
    const { name: who } = this.#invite;
    const close = el("button", { class: "main", type: "button" }, word("close"));
    const title = el("h2", {}, ...phrase("join.hello", { name: name(who) }));
    const how = el("p", {}, word("invite.scan"));
    const label = word("invite.zoom", { name: who });
    const dialog = el("dialog", { class: "whole", "aria-label": label, closedby: "any" });
    dialog.append(title, this.#qr(), how, close);
    close.addEventListener("click", () => dialog.close());
    return dialog;
  }

  #showLarge() {
    this.isHandedOut = true;
    showModal(this.#large);
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
    return el("button", { type: "button", onclick: share }, el("span", {}, ...label));
  }

  async #copyLink() {
    const done = await copyText(this.#invite.link);
    this.isHandedOut ||= done;
    const said = word(done ? "invite.copied" : "invite.not_copied");
    this.#copy.textContent = this.#spoken.textContent = said;
    if (!done) this.#field.focus();
    after(SAID_MS, () => {
      this.#copy.textContent = word("invite.copy");
      this.#spoken.textContent = "";
    });
  }

  async #goIn() {
    const leave = new CustomEvent("invite-leave", { bubbles: true, cancelable: true });
    if (!this.dispatchEvent(leave)) return;
    this.#enter.disabled = true;
    try {
      const { seat, chat } = await enter(api, seats, this.token, this.#invite.code, preferences.withholds);
      const detail = { seat, chat, isNewPage: true };
      this.dispatchEvent(new CustomEvent("parlour-enter", { bubbles: true, detail }));
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
