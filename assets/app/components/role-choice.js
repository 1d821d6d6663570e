// Which role somebody has in a group, each with a sentence of what it may do.
//
//   const choice = new ParlourRoleChoice("person-role");
//   choice.show(["guest", "member"], "member", group);
//   choice.value;
import { el } from "../helpers/dom.js";
import { word } from "../helpers/words.js";
import { sentenceOf } from "../models/group.js";

export class ParlourRoleChoice extends HTMLElement {
  #group;
  #fields = el("fieldset", {}, el("legend", {}, word("group.role")));
  #shown = "";

  /** @param {string} group of the radio buttons: once in the page */
  constructor(group) {
    super();
    this.#group = group;
  }

  connectedCallback() {
    this.replaceChildren(this.#fields);
  }

  /** @returns {Role} */
  get value() {
    const box = this.#fields.querySelector("input:checked");
    return /** @type {Role} */ (box instanceof HTMLInputElement ? box.value : "guest");
  }

  /**
   * What was chosen meanwhile stays, as long as nothing else changed.
   * @param {Role[]} roles
   * @param {Role} chosen
   * @param {Group | undefined} group
   */
  show(roles, chosen, group) {
    const shown = [...roles, chosen, group?.writers, group?.roster].join(" ");
    if (shown === this.#shown) return;
    this.#shown = shown;
    const hadFocus = this.#fields.contains(document.activeElement);
    const rows = roles.map((role) => this.#row(role, role === chosen, group));
    this.#fields.replaceChildren(this.#fields.firstElementChild ?? "", ...rows);
    if (hadFocus) this.takeFocus();
  }

  /** It begins anew. */
  forget() {
    this.#shown = "";
  }

  takeFocus() {
    /** @type {HTMLElement | null} */ (this.#fields.querySelector("input:checked"))?.focus();
  }

  /** @param {Role} role @param {boolean} isChosen @param {Group | undefined} group */
  #row(role, isChosen, group) {
    const id = `${this.#group}-${role}`;
    const may = el("span", { class: "hint", id }, word(sentenceOf(role, group)));
    const attributes = { type: "radio", name: this.#group, value: role, "aria-describedby": id };
    const box = el("input", { ...attributes, "aria-label": word(`group.${role}`) });
    box.checked = isChosen;
    return el("label", { class: "check" }, el("span", {}, word(`group.${role}`), may), box);
  }
}

customElements.define("parlour-role-choice", ParlourRoleChoice);
