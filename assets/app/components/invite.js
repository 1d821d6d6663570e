// One invite: name, QR code, link, and apart from them the secret code.
//
//   const card = new ParlourInvite(invite);
//   card.tell("in");
//
// Sends `invite-leave` (bubbling, may be prevented) before the person at this screen goes in through it, and
// `invite-enter` (bubbling) when the seat is there.
import { copy, el, name } from "../helpers/dom.js";
import { after, api, chatAddress, seats } from "../helpers/home.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { parseToken } from "../models/code.js";
import { enter } from "../models/enter.js";

const SAID_MS = 2_500;

export class ParlourInvite extends HTMLElement {
  #invite;
  #state = el("p", { class: "state", role: "status" });
  #refusal = el("p", { class: "refusal", role: "alert" });
  #copy = el("button", { type: "button", onclick: () => this.#copyLink() }, word("invite.copy"));
  /** Whether somebody got this link from this page, or came in by it. */
  isHandedOut = false;
  #enter;

  /** @param {InviteAnswer} invite */
  constructor(invite) {
    super();
    this.#invite = invite;
    const label = phrase("invite.enter", { name: name(invite.name) });
    this.#enter = el(
      "button",
      { class: "main enter", type: "button", onclick: () => this.#goIn() },
      el("span", {}, ...label),
    );
  }

  get token() {
    return parseToken(this.#invite.link) ?? "";
  }

  connectedCallback() {
    const id = `invite-${this.token.slice(0, 6)}`;
    const title = el("h2", { id, dir: "auto" }, this.#invite.name);
    const sides = [this.#linkSide(), this.#codeSide()];
    const parts = [title, this.#state, ...sides, this.#enter, this.#refusal];
    this.replaceChildren(el("article", { class: "card invite", "aria-labelledby": id }, ...parts));
    this.tell("waiting");
  }

  /** @param {string} state as the house tells it */
  tell(state) {
    if (state === "in") this.isHandedOut = true;
    if (state === "unknown") return;
    this.#state.dataset.state = state;
    const said = word(`invite.${state}`);
    if (this.#state.textContent !== said) this.#state.textContent = said;
  }

  #linkSide() {
    const { link, qr, name: who } = this.#invite;
    const source = `data:image/svg+xml,${encodeURIComponent(qr)}`;
    const image = el("img", { class: "qr", src: source, alt: word("invite.qr", { name: who }) });
    const label = word("invite.link", { name: who });
    const field = el("input", { class: "link", readonly: true, "aria-label": label, onfocus: selectAll });
    field.value = link;
    const forPaper = el("p", { class: "on-paper" }, link);
    const buttons = el("div", { class: "row" }, this.#copy, this.#shareButton());
    return el("div", { class: "link-side" }, image, field, forPaper, buttons);
  }

  #codeSide() {
    const label = el("p", { class: "label" }, word("invite.code"));
    const code = el(
      "p",
      { class: "code", "data-code": this.#invite.code, translate: "no" },
      this.#invite.code,
    );
    return el("div", { class: "code-side" }, label, code, el("p", { class: "apart" }, word("invite.apart")));
  }

  #shareButton() {
    if (!("share" in navigator)) return undefined;
    const { name: who, link } = this.#invite;
    const share = () =>
      navigator.share({ text: word("invite.share_text", { name: who }), url: link }).then(
        () => (this.isHandedOut = true),
        () => {},
      );
    return el("button", { type: "button", onclick: share }, word("invite.share"));
  }

  async #copyLink() {
    const done = await copy(this.#invite.link);
    this.isHandedOut ||= done;
    this.#copy.textContent = word(done ? "invite.copied" : "invite.not_copied");
    after(SAID_MS, () => (this.#copy.textContent = word("invite.copy")));
  }

  async #goIn() {
    const leave = new CustomEvent("invite-leave", { bubbles: true, cancelable: true });
    if (!this.dispatchEvent(leave)) return;
    this.#enter.disabled = true;
    try {
      const seat = await enter(api, seats, this.token, this.#invite.code);
      this.dispatchEvent(new CustomEvent("invite-enter", { bubbles: true }));
      location.assign(chatAddress(seat));
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
    } finally {
      this.#enter.disabled = false;
    }
  }
}

/** @param {Event} event */
function selectAll(event) {
  if (event.target instanceof HTMLInputElement) event.target.select();
}

customElements.define("parlour-invite", ParlourInvite);
