// Names and how long the chat is kept become invites: of two people, or of a group.
//
//   const form = new ParlourStartForm();
//   form.offer(house);
//
// Names that were typed stay in their fields whatever the house answers, and whichever of the two is chosen.
// What only a group needs is loaded when somebody wants one. Sends `chat-started` (bubbling, detail: the
// answer).
import { el, send } from "../helpers/dom.js";
import { labelled, nameField, segment } from "../helpers/form-fields.js";
import { duration } from "../helpers/format.js";
import { refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { api } from "../services.js";

/** @typedef {import("./group-fields.js").ParlourGroupFields} GroupFields */

export class ParlourStartForm extends HTMLElement {
  #note = el("p", { class: "note reach", hidden: true });
  #refusal = refusalLine("refusal");
  #one = nameField("one");
  #other = nameField("other");
  #second = labelled("other", word("start.other"), this.#other);
  #pair = el("div", { class: "pair" }, labelled("one", word("start.one"), this.#one), this.#second);
  #idle = el("select", { id: "idle", name: "idle" });
  #go = el("button", { class: "main", type: "submit", disabled: true }, word("start.go"));
  #two = segment("kind", "start.two", true, () => this.#leaveGroup());
  /** Once somebody wanted a group. @type {GroupFields | undefined} */
  #group;
  #isGroup = false;

  connectedCallback() {
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#start();
    };
    const many = segment("kind", "start.group", false, () => void this.#wantGroup());
    const legend = el("legend", { class: "visually-hidden" }, word("start.kind"));
    const kinds = el("fieldset", { class: "segments" }, legend, this.#two, many);
    const kept = labelled("idle", word("start.idle"), this.#idle);
    const parts = [kinds, this.#pair, kept, this.#refusal, this.#go, this.#note];
    const acts = { onsubmit: submit, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) };
    this.replaceChildren(el("form", { novalidate: true, autocomplete: "off", ...acts }, ...parts));
  }

  /** @param {HouseAnswer} house */
  offer(house) {
    const choices = house.idles.map((choice) => {
      return el("option", { value: choice, selected: choice === house.idle_default }, duration(choice));
    });
    this.#idle.replaceChildren(...choices);
    if (house.reach !== "anywhere") {
      this.#note.textContent = word(`start.reach.${house.reach}`);
      this.#note.hidden = false;
    }
    this.#refusal.textContent = "";
    this.#go.disabled = false;
  }

  takeFocus() {
    this.#one.focus();
  }

  async #wantGroup() {
    this.#isGroup = true;
    this.#forgive();
    try {
      const { ParlourGroupFields } = await import("./group-fields.js");
      this.#group ??= new ParlourGroupFields([this.#one, this.#other]);
    } catch {
      this.#two.querySelector("input")?.click();
      return this.#refuse(word("chat.not_loaded"));
    }
    // Another choice may have been quicker.
    if (this.#isGroup) this.#showGroup(this.#group);
  }

  /** @param {GroupFields} group */
  #showGroup(group) {
    this.#pair.before(group.titleField);
    this.#pair.after(group);
    this.#callSecond(word("start.person", { n: 2 }));
  }

  #leaveGroup() {
    this.#isGroup = false;
    this.#forgive();
    this.#group?.titleField.remove();
    this.#group?.remove();
    this.#callSecond(word("start.other"));
  }

  /** @param {string} label */
  #callSecond(label) {
    this.#second.querySelector("label")?.replaceChildren(label);
  }

  /** In a group Enter leads from name to name. @param {KeyboardEvent} event */
  #key(event) {
    const { key, target, isComposing } = event;
    const isField = target instanceof HTMLInputElement && target.type !== "radio";
    if (!this.#isGroup || !this.#group || !isField || key !== "Enter" || isComposing) return;
    event.preventDefault();
    if (!this.#group.goOn(target)) this.#go.focus();
  }

  async #start() {
    this.#forgive();
    const group = this.#isGroup ? this.#group : undefined;
    const [missing, why] = this.#missing(group);
    if (missing) return this.#refuse(why, missing);
    const fields = group?.names ?? [this.#one, this.#other];
    this.#go.disabled = true;
    if (group) this.#go.textContent = word("start.making", { n: fields.length });
    try {
      const names = fields.map(({ value }) => value);
      send(this, "chat-started", await api.start(names, this.#idle.value, group?.titleInput.value));
    } catch (refusal) {
      this.#go.disabled = false;
      const blamed = this.#blamed(refusal, fields, group);
      this.#refuse(whyNot(refusal, blamed, group !== undefined), blamed);
    } finally {
      this.#go.disabled = false;
      this.#go.textContent = word("start.go");
    }
  }

  /**
   * What has to be typed first, and how that is said.
   * @param {GroupFields} [group]
   * @returns {[HTMLInputElement | undefined, string]}
   */
  #missing(group) {
    const isEmpty = (/** @type {HTMLInputElement} */ { value }) => value.trim() === "";
    if (!group) return [[this.#one, this.#other].find(isEmpty), word("start.name_missing")];
    if (isEmpty(group.titleInput)) return [group.titleInput, word("start.title_missing")];
    const isAlone = group.names.length < 2;
    const missing = isEmpty(this.#one) ? this.#one : isAlone ? this.#other : undefined;
    return [missing, word("start.names_missing")];
  }

  #forgive() {
    this.#refusal.textContent = "";
    for (const input of this.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  /**
   * The field that the house does not like, if it is one.
   * @param {any} refusal
   * @param {HTMLInputElement[]} fields the names that were sent
   * @param {GroupFields} [group]
   */
  #blamed({ code, place }, fields, group) {
    if (code !== "bad_name" && code !== "same_name") return undefined;
    return place ? fields[place - 1] : (group?.titleInput ?? this.#one);
  }

  /**
   * At its field, or at the button where no field is to blame.
   * @param {string} why @param {HTMLInputElement} [where]
   */
  #refuse(why, where) {
    if (where) where.closest(".field")?.append(this.#refusal);
    else this.#go.before(this.#refusal);
    this.#refusal.textContent = why;
    where?.setAttribute("aria-invalid", "true");
    where?.setAttribute("aria-describedby", "refusal");
    (where ?? this.#go).focus();
  }
}

/**
 * Of many names it says which.
 * @param {any} refusal @param {HTMLInputElement | undefined} blamed @param {boolean} isGroup
 */
function whyNot(refusal, blamed, isGroup) {
  if (!isGroup || refusal.code !== "same_name" || !blamed) return refusalWords(refusal);
  return word("start.same_name", { name: blamed.value.trim() });
}

customElements.define("parlour-start-form", ParlourStartForm);
