// Correcting one's own name in a group.
//
//   const rename = new ParlourRenameDialog(session, actions);
//   rename.ask();
import { closeButton, showModal } from "../helpers/dialog.js";
import { el } from "../helpers/dom.js";
import { forbidForm, forgiveForm, refuseForm } from "../helpers/field-refusal.js";
import { labelled, nameField } from "../helpers/form-fields.js";
import { refusalLine } from "../helpers/parts.js";
import { word } from "../helpers/words.js";

export class ParlourRenameDialog extends HTMLElement {
  #session;
  #actions;
  #field = nameField("own-name");
  #refusal = refusalLine("own-name-refusal");
  #save = el("button", { class: "main", type: "submit" }, word("agreed.save"));
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "rename-title",
    "aria-describedby": "rename-about",
    closedby: "any",
  });

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
      void this.#rename();
    };
    const title = el("h2", { id: "rename-title", tabindex: "-1" }, word("group.rename"));
    const about = el("p", { id: "rename-about" }, word("group.rename_about"));
    const cancel = closeButton(this.#dialog, word("menu.cancel"));
    cancel.className = "";
    const foot = el("div", { class: "foot" }, el("div", { class: "choice" }, cancel, this.#save));
    const field = labelled("own-name", word("group.own_name"), this.#field);
    this.#dialog.replaceChildren(title, about, el("form", { onsubmit }, field, foot));
    this.replaceChildren(this.#dialog);
  }

  ask() {
    forgiveForm(this.#refusal, this.#field);
    this.#field.value = this.#session.chat.self?.name ?? "";
    this.#save.disabled = false;
    showModal(this.#dialog);
    this.#field.select();
  }

  /** One may not any more, where people are hidden meanwhile. */
  show() {
    if (!this.#dialog.open || !this.#session.chat.group || this.#session.chat.may("rename")) return;
    forbidForm(this.#refusal, this.#save);
  }

  async #rename() {
    forgiveForm(this.#refusal, this.#field);
    this.#save.disabled = true;
    try {
      const isNews = this.#field.value !== this.#session.chat.self?.name;
      if (isNews) await this.#actions.rename(this.#field.value);
      this.#dialog.close();
    } catch (refusal) {
      this.#save.disabled = false;
      refuseForm(refusal, this.#refusal, this.#field, this.#save);
    }
  }
}

customElements.define("parlour-rename-dialog", ParlourRenameDialog);
