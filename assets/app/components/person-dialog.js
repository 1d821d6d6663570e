// One person of a group: what they may do there, and what one may do about it.
//
//   const person = new ParlourPersonDialog(session, actions);
//   person.ask("3");
//   person.show();   whenever the session changed
//
// Sends (bubbling) `open-rename`, `open-new-link` and `open-remove` (both with the participant as detail).
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name, send, setText } from "../helpers/dom.js";
import { button, refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { ROLES } from "../models/deeds.js";
import { sentenceOf } from "../models/group.js";
import { personPresence } from "./presence.js";
import { ParlourRoleChoice } from "./role-choice.js";

export class ParlourPersonDialog extends HTMLElement {
  #session;
  #actions;
  #participant = "";
  /** Whether one could decide about the person when that was last shown. */
  #couldSet = false;
  #title = el("h2", { id: "person-title", tabindex: "-1" });
  #state = el("p", { id: "person-state" });
  #choice = new ParlourRoleChoice("person-role");
  #refusal = refusalLine();
  #rename = button("", () => send(this, "open-rename"), word("group.rename"));
  #link = button("", () => send(this, "open-new-link", this.#participant), word("group.new_link"));
  #remove = button("danger", () => send(this, "open-remove", this.#participant), word("group.remove"));
  #save = el("button", { class: "main", type: "submit" }, word("agreed.save"));
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "person-title",
    "aria-describedby": "person-state",
    closedby: "any",
  });
  #close = closeButton(this.#dialog);

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/group.js").GroupActions} actions
   */
  constructor(session, actions) {
    super();
    this.#session = session;
    this.#actions = actions;
  }

  connectedCallback() {
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.#setRole();
    };
    const ways = el("div", { class: "ways" }, this.#rename, this.#link, this.#remove);
    const choice = el("div", { class: "choice" }, this.#close, this.#save);
    const foot = el("div", { class: "foot" }, this.#refusal, choice);
    const form = el("form", { onsubmit }, this.#choice, ways, foot);
    this.#dialog.replaceChildren(this.#title, this.#state, form);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} participant */
  ask(participant) {
    if (!this.#session.chat.participants.has(participant)) return;
    this.#participant = participant;
    this.#refusal.textContent = "";
    this.#save.disabled = false;
    this.#choice.forget();
    this.#couldSet = false;
    this.#fill();
    showModal(this.#dialog);
    this.#title.focus({ preventScroll: true });
  }

  show() {
    if (this.#dialog.open) this.#fill();
  }

  /** There is nothing more to do about the person. */
  close() {
    this.#dialog.close();
  }

  #fill() {
    const { chat } = this.#session;
    const person = chat.participants.get(this.#participant);
    // Everything is told anew in a moment.
    if (!person || !chat.group) return;
    const isSelf = person === chat.self;
    if (this.#title.textContent !== person.name) this.#title.replaceChildren(name(person.name));
    this.#tellState(person, isSelf);
    this.#allow(isSelf, isSelf || chat.others.includes(person));
    this.#choice.show([...ROLES].reverse(), person.role ?? "guest", chat.group);
  }

  /** Only what works is offered. @param {boolean} isSelf @param {boolean} isIn */
  #allow(isSelf, isIn) {
    const { chat } = this.#session;
    const maySet = isIn && chat.may("set_role");
    this.#choice.hidden = this.#save.hidden = !maySet;
    this.#close.classList.toggle("main", !maySet);
    this.#rename.hidden = !isSelf || !chat.may("rename");
    this.#link.hidden = !isIn || !chat.may(isSelf ? "replace_own" : "replace");
    this.#remove.hidden = isSelf || !isIn || !chat.may("remove");
    this.#sayWhy(isIn, maySet);
  }

  /** Why there is less to do than a moment ago. @param {boolean} isIn @param {boolean} maySet */
  #sayWhy(isIn, maySet) {
    if (!isIn) setText(this.#refusal, refusalWords({ code: "no_such_participant" }));
    else if (this.#couldSet && !maySet) setText(this.#refusal, refusalWords({ code: "only_admins" }));
    this.#couldSet = maySet;
  }

  /** @param {Participant} person @param {boolean} isSelf */
  #tellState(person, isSelf) {
    const { chat } = this.#session;
    const { role = "guest" } = person;
    const [, here] = isSelf ? ["", word("group.you")] : personPresence(chat, person);
    const may = chat.may("set_role") ? "" : word(sentenceOf(role, chat.group));
    const parts = [word(`group.${role}`), here.trim(), may].filter((part) => part !== "");
    setText(this.#state, parts.join(" \u00b7 "));
  }

  /** The note of it says that it was done. */
  async #setRole() {
    const { role } = this.#session.chat.participants.get(this.#participant) ?? {};
    const chosen = this.#choice.value;
    this.#refusal.textContent = "";
    this.#save.disabled = true;
    try {
      if (chosen !== role) await this.#actions.setRole(this.#participant, chosen);
      this.#dialog.close();
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      this.#save.disabled = false;
      this.#save.focus();
    }
  }
}

customElements.define("parlour-person-dialog", ParlourPersonDialog);
