// What only a group needs of the form that starts a chat: its title, and names, one after another.
//
//   const group = new ParlourGroupFields([own, second], submit);
//   group.join(pair);   it is around the fields of two people
//   group.leave();
//   group.names;   the fields that have one, in order
//
// Loaded when somebody wants a group. The first two names are the fields of the form for two people, so that
// what was typed there stays. Enter leads from name to name, and from an empty one to the button.
import { el, icon } from "../helpers/dom.js";
import { isEmpty, labelled, nameField } from "../helpers/form-fields.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";

const PEOPLE_MAX = 50;
const ADD = "M12 5v14M5 12h14";
const REMOVE = "M6 6l12 12M18 6L6 18";

export class ParlourGroupFields extends HTMLElement {
  titleInput = nameField("title");
  #titleField = labelled("title", word("start.title"), this.titleInput);
  #first;
  #submit;
  #rows = el("div", { class: "pair" });
  #more = button("small", () => this.#add(), icon(ADD), word("start.more"));
  #full = el("p", { class: "hint", role: "status" });
  #made = 0;

  /** @param {HTMLInputElement[]} first the fields of the first names @param {HTMLElement} submit */
  constructor(first, submit) {
    super();
    this.#first = first;
    this.#submit = submit;
    this.replaceChildren(this.#rows, this.#more, this.#full);
    for (const field of [this.titleInput, ...first]) this.#leadOn(field);
  }

  /** @param {HTMLElement} pair the fields of two people */
  join(pair) {
    pair.before(this.#titleField);
    pair.after(this);
    this.#callSecond(word("start.person", { n: 2 }));
  }

  leave() {
    this.#titleField.remove();
    this.remove();
    this.#callSecond(word("start.other"));
  }

  /** @param {string} label */
  #callSecond(label) {
    this.#first[1]?.parentElement?.querySelector("label")?.replaceChildren(label);
  }

  /** In order, also those that are empty. */
  get #fields() {
    return [...this.#first, ...this.#rows.querySelectorAll("input")];
  }

  get names() {
    return this.#fields.filter((field) => !isEmpty(field));
  }

  /** What has to be typed first, and how that is said. */
  get missing() {
    const [own, second] = this.#first;
    if (isEmpty(this.titleInput)) return { field: this.titleInput, why: word("start.title_missing") };
    const field = own && isEmpty(own) ? own : this.names.length < 2 ? second : undefined;
    return field && { field, why: word("start.names_missing") };
  }

  /** Of many names it says which. @param {any} refusal @param {HTMLInputElement} [blamed] */
  whyNot({ code }, blamed) {
    if (code !== "same_name" || !blamed) return undefined;
    return word("start.same_name", { name: blamed.value.trim() });
  }

  /** @param {HTMLInputElement} field */
  #leadOn(field) {
    field.addEventListener("keydown", (event) => {
      if (!this.isConnected || event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.#goOn(field);
    });
  }

  /** To the next field, which is made where there is none. @param {HTMLInputElement} from */
  #goOn(from) {
    const fields = [this.titleInput, ...this.#fields];
    const next = fields[fields.indexOf(from) + 1];
    if (next) next.focus();
    else if (isEmpty(from) || this.#more.hidden) this.#submit.focus();
    else this.#add();
  }

  #add() {
    this.#made += 1;
    const field = nameField(`person-${this.#made}`);
    this.#leadOn(field);
    const remove = button("quiet", () => this.#remove(row), icon(REMOVE));
    const line = el("div", { class: "removable" }, field, remove);
    const row = labelled(field.id, "", line);
    this.#rows.append(row);
    this.#count();
    field.focus();
  }

  /** @param {HTMLElement} row */
  #remove(row) {
    const at = this.#fields.findIndex((field) => row.contains(field));
    row.remove();
    this.#count();
    (this.#fields[at] ?? this.#fields[at - 1])?.focus();
  }

  /** Each is called by its place. */
  #count() {
    for (const [at, row] of [...this.#rows.children].entries()) {
      const n = at + this.#first.length + 1;
      const [label, remove] = [row.querySelector("label"), row.querySelector("button")];
      if (label) label.textContent = word("start.person", { n });
      remove?.setAttribute("aria-label", word("start.remove", { n }));
    }
    this.#more.hidden = this.#fields.length >= PEOPLE_MAX;
    this.#full.textContent = this.#more.hidden ? word("start.full", { n: PEOPLE_MAX }) : "";
  }
}

customElements.define("parlour-group-fields", ParlourGroupFields);
