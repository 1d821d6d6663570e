// Names and how long the chat is kept become invites: of two people, or of a group.
//
//   const form = new ParlourStartForm();
//   form.offer(house);
//
// Names that were typed stay in their fields whatever the house answers, and whichever of the two is chosen.
// What only a group needs is loaded when somebody wants one. Sends `chat-started` (bubbling, detail: the
// answer).
import { el, send } from "../helpers/dom.js";
import { isEmpty, labelled, nameField, segment } from "../helpers/form-fields.js";
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
  #pair = el(
    "div",
    { class: "pair" },
    labelled("one", word("start.one"), this.#one),
    labelled("other", word("start.other"), this.#other),
  );
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
    this.replaceChildren(el("form", { novalidate: true, autocomplete: "off", onsubmit: submit }, ...parts));
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
      this.#group ??= new ParlourGroupFields([this.#one, this.#other], this.#go);
    } catch {
      this.#two.querySelector("input")?.click();
      return this.#refuse(word("chat.not_loaded"));
    }
    // Another choice may have been quicker.
    if (this.#isGroup) this.#group.join(this.#pair);
  }

  #leaveGroup() {
    this.#isGroup = false;
    this.#forgive();
    this.#group?.leave();
  }

  async #start() {
    this.#forgive();
    const group = this.#isGroup ? this.#group : undefined;
    const missing = group ? group.missing : this.#missing;
    if (missing) return this.#refuse(missing.why, missing.field);
    const fields = group?.names ?? [this.#one, this.#other];
    this.#go.disabled = true;
    if (group) this.#go.textContent = word("start.making", { n: fields.length });
    try {
      const names = fields.map(({ value }) => value);
      send(this, "chat-started", await api.start(names, this.#idle.value, group?.titleInput.value));
    } catch (refusal) {
      this.#go.disabled = false;
      const blamed = this.#blamed(refusal, fields);
      this.#refuse(group?.whyNot(refusal, blamed) ?? refusalWords(refusal), blamed);
    } finally {
      this.#go.disabled = false;
      this.#go.textContent = word("start.go");
    }
  }

  get #missing() {
    const field = [this.#one, this.#other].find(isEmpty);
    return field && { field, why: word("start.name_missing") };
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
   * @param {any} refusal @param {HTMLInputElement[]} fields the names that were sent
   */
  #blamed({ code, place }, fields) {
    if (code !== "bad_name" && code !== "same_name") return undefined;
    // What has no place among the names is the title.
    return fields[place - 1] ?? this.#group?.titleInput;
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

customElements.define("parlour-start-form", ParlourStartForm);
