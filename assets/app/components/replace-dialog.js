// A new link and code for somebody: the question before it, and then the new invite, shown this once.
//
//   const replacement = new ParlourReplaceDialog(session);
//   replacement.ask(participant);
//   replacement.show();   whenever the session changed
import { closeButton, showStep } from "../helpers/dialog.js";
import { el, name, setText } from "../helpers/dom.js";
import { button, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { isUncertain, replaceInvite } from "../models/replace-invite.js";
import { api, seats } from "../services.js";
import { CardStep } from "./card-step.js";

export class ParlourReplaceDialog extends HTMLElement {
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "replace-title",
    "aria-describedby": "replace-about",
  });
  #refusal = refusalLine();
  #card = new CardStep(this.#dialog);
  #session;
  #participant = "";

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} participant */
  ask(participant) {
    const { me, participants } = this.#session.chat;
    const person = participants.get(participant);
    if (!person) return;
    this.#participant = participant;
    const words = me === participant ? OWN : OTHERS;
    const of = (/** @type {string} */ key) => phrase(key, { name: name(person.name) });
    const { row, box } = signOutToo(of(words.out));
    const keep = closeButton(this.#dialog, word("replace.keep"));
    const go = button("danger", () => this.#replace(participant, box.checked, go), word("replace.go"));
    const foot = el("div", { class: "foot" }, this.#refusal, el("div", { class: "choice" }, keep, go));
    this.#refusal.textContent = "";
    this.#card.clear();
    const parts = [el("p", {}, ...of(words.when)), aboutReplacing(word("replace.old")), row, foot];
    this.#showStep(of(words.title), ...parts);
    keep.focus({ preventScroll: true });
  }

  /** In a group the right to it may be taken away meanwhile. */
  show() {
    const { chat } = this.#session;
    const deed = this.#participant === chat.me ? "replace_own" : "replace";
    if (!this.#refusal.isConnected || !chat.isKnown || chat.may(deed)) return;
    setText(this.#refusal, refusalWords({ code: "only_admins" }));
    const go = this.#dialog.querySelector("button.danger");
    if (go instanceof HTMLButtonElement) go.disabled = true;
  }

  /** @param {string} participant @param {boolean} isSigningOut @param {HTMLButtonElement} go */
  async #replace(participant, isSigningOut, go) {
    go.disabled = true;
    try {
      this.#show(await replaceInvite(api, seats, this.#session, participant, isSigningOut));
    } catch (refusal) {
      const perhaps = isUncertain(refusal) ? ` ${word("replace.perhaps")}` : "";
      this.#refusal.textContent = refusalWords(refusal) + perhaps;
      go.disabled = false;
      go.focus();
    }
  }

  /** @param {InviteAnswer} invite */
  #show(invite) {
    const title = phrase("replace.made", { name: name(invite.name) });
    const about = aboutReplacing(word("replace.once"), "note once");
    this.#card.show(el("h2", { id: "replace-title" }, ...title), about, invite);
  }

  /** @param {(Node | string)[]} title @param {...(Node | string)} parts */
  #showStep(title, ...parts) {
    showStep(this.#dialog, el("h2", { id: "replace-title" }, ...title), ...parts);
  }
}

const OTHERS = { title: "replace.title", when: "replace.when", out: "replace.out" };
const OWN = { title: "replace.own", when: "replace.own_when", out: "replace.own_out" };

/** Whether the person's devices go out as well. @param {(Node | string)[]} said */
function signOutToo(said) {
  const box = el("input", { type: "checkbox", role: "switch", "aria-describedby": "replace-out" });
  const label = el("label", { class: "check" }, el("span", {}, ...said), box);
  const why = el("p", { class: "hint", id: "replace-out" }, word("replace.out_why"));
  return { row: el("div", {}, label, why), box };
}

/** What the dialog is about. @param {string} said @param {string} [kind] */
function aboutReplacing(said, kind) {
  return el("p", { id: "replace-about", class: kind }, said);
}

customElements.define("parlour-replace-dialog", ParlourReplaceDialog);
