// What a group is called, and what it is about.
//
//   const describe = new ParlourDescribeDialog(session, actions);
//   describe.ask();
//   describe.show();   whenever the session changed
//
// A field that nobody has touched here follows what somebody else makes of it.
import { closeButton, showModal } from "../helpers/dialog.js";
import { el } from "../helpers/dom.js";
import { forbidForm, forgiveForm, refuseForm } from "../helpers/field-refusal.js";
import { labelled, nameField } from "../helpers/form-fields.js";
import { refusalLine } from "../helpers/parts.js";
import { word } from "../helpers/words.js";

const ABOUT_MAX = "500";

export class ParlourDescribeDialog extends HTMLElement {
  #session;
  #actions;
  #title = nameField("group-name");
  #about = el("textarea", { id: "group-words", dir: "auto", rows: "4", maxlength: ABOUT_MAX });
  #refusal = refusalLine("group-refusal");
  #save = el("button", { class: "main", type: "submit" }, word("agreed.save"));
  /** As the fields were filled. */
  #filled = { title: "", about: "" };
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "describe-title", closedby: "any" });

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
      void this.#describe();
    };
    const title = el("h2", { id: "describe-title", tabindex: "-1" }, word("group.describe"));
    const cancel = closeButton(this.#dialog, word("menu.cancel"));
    cancel.className = "";
    const foot = el("div", { class: "foot" }, el("div", { class: "choice" }, cancel, this.#save));
    const called = labelled("group-name", word("start.title"), this.#title);
    const about = labelled("group-words", word("group.about"), this.#about);
    this.#dialog.replaceChildren(title, el("form", { onsubmit }, called, about, foot));
    this.replaceChildren(this.#dialog);
  }

  ask() {
    const { group } = this.#session.chat;
    if (!group) return;
    forgiveForm(this.#refusal, this.#title, this.#about);
    this.#save.disabled = false;
    this.#filled = { title: group.title, about: group.about };
    [this.#title.value, this.#about.value] = [group.title, group.about];
    showModal(this.#dialog);
    this.#title.focus();
  }

  show() {
    const { chat } = this.#session;
    if (!this.#dialog.open || !chat.group) return;
    const { title, about } = chat.group;
    if (this.#title.value === this.#filled.title) this.#title.value = title;
    if (this.#about.value === this.#filled.about) this.#about.value = about;
    this.#filled = { title, about };
    if (!chat.may("describe")) forbidForm(this.#refusal, this.#save);
  }

  async #describe() {
    forgiveForm(this.#refusal, this.#title, this.#about);
    const { title, about } = this.#filled;
    const changed = {
      ...(this.#title.value === title ? {} : { title: this.#title.value }),
      ...(this.#about.value === about ? {} : { about: this.#about.value }),
    };
    this.#save.disabled = true;
    try {
      if (Object.keys(changed).length > 0) await this.#actions.describe(changed);
      this.#dialog.close();
    } catch (refusal) {
      this.#save.disabled = false;
      const { code } = /** @type {{code?: string}} */ (refusal);
      const blamed = code === "description_too_long" ? this.#about : this.#title;
      refuseForm(refusal, this.#refusal, blamed, this.#save);
    }
  }
}

customElements.define("parlour-describe-dialog", ParlourDescribeDialog);
