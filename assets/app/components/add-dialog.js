// Letting somebody into a group: a name, a role, whether they read what was said before; and then their card,
// shown this once.
//
//   const add = new ParlourAddDialog(session, actions);
//   add.ask();
//   add.show();   whenever the session changed
import { closeButton, showStep } from "../helpers/dialog.js";
import { el, name } from "../helpers/dom.js";
import { forbidForm, forgiveForm, refuseForm } from "../helpers/field-refusal.js";
import { labelled, nameField } from "../helpers/form-fields.js";
import { refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { rolesToGive } from "../models/deeds.js";
import { mayShowAll } from "../models/group.js";
import { isUncertain } from "../models/replace-invite.js";
import { CardStep } from "./card-step.js";
import { ParlourRoleChoice } from "./role-choice.js";

export class ParlourAddDialog extends HTMLElement {
  #session;
  #actions;
  #isAsking = false;
  #field = nameField("added-name");
  #choice = new ParlourRoleChoice("added-role");
  #all = el("input", { type: "checkbox", role: "switch" });
  #history = el("label", { class: "check" }, el("span", {}, word("group.show_all")), this.#all);
  #refusal = refusalLine("added-refusal");
  #go = el("button", { class: "main", type: "submit" }, word("group.add_go"));
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "add-title",
    "aria-describedby": "add-about",
  });
  #card = new CardStep(this.#dialog);

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
    this.replaceChildren(this.#dialog);
  }

  ask() {
    this.#card.clear();
    this.#field.value = "";
    this.#all.checked = false;
    this.#choice.forget();
    forgiveForm(this.#refusal, this.#field);
    this.#wait(false);
    showStep(this.#dialog, titleOf(word("group.add")), aboutAdding(word("group.add_about")), this.#form());
    this.show();
    this.#field.focus();
  }

  #form() {
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.#add();
    };
    const cancel = closeButton(this.#dialog, word("menu.cancel"));
    cancel.className = "";
    const foot = el("div", { class: "foot" }, el("div", { class: "choice" }, cancel, this.#go));
    const field = labelled("added-name", word("group.name"), this.#field);
    return el("form", { onsubmit }, field, this.#choice, this.#history, foot);
  }

  show() {
    const { chat } = this.#session;
    if (!this.#field.isConnected || !chat.group) return;
    const roles = rolesToGive(chat.self?.role).reverse();
    this.#choice.show(roles, roles.includes("member") ? "member" : "guest", chat.group);
    this.#history.hidden = !mayShowAll(chat);
    if (this.#history.hidden) this.#all.checked = false;
    this.#go.disabled = this.#isAsking;
    if (!chat.may("add")) forbidForm(this.#refusal, this.#go);
  }

  async #add() {
    forgiveForm(this.#refusal, this.#field);
    this.#wait(true);
    try {
      const { value: role } = this.#choice;
      this.#show(await this.#actions.add(this.#field.value, role, this.#all.checked));
    } catch (refusal) {
      this.#wait(false);
      this.#refuse(refusal);
    }
  }

  /** A small house takes a while for a code. @param {boolean} isAsking */
  #wait(isAsking) {
    this.#isAsking = isAsking;
    this.#go.disabled = isAsking;
    this.#go.textContent = word(isAsking ? "group.adding" : "group.add_go");
  }

  /** @param {unknown} refusal */
  #refuse(refusal) {
    const { code } = /** @type {{code?: string}} */ (refusal);
    const called = word("start.same_name", { name: this.#field.value.trim() });
    const said = code === "same_name" ? called : refusalWords(refusal);
    const perhaps = isUncertain(refusal) ? ` ${word("group.perhaps")}` : "";
    refuseForm(refusal, this.#refusal, this.#field, this.#go, said + perhaps);
  }

  /** @param {InviteAnswer} invite */
  #show(invite) {
    const title = titleOf(...phrase("group.added", { name: name(invite.name) }));
    this.#card.show(title, aboutAdding(word("replace.once"), "note once"), invite, true);
  }
}

/** @param {...(Node | string)} said */
function titleOf(...said) {
  return el("h2", { id: "add-title" }, ...said);
}

/** @param {string} said @param {string} [kind] */
function aboutAdding(said, kind) {
  return el("p", { id: "add-about", class: kind }, said);
}

customElements.define("parlour-add-dialog", ParlourAddDialog);
