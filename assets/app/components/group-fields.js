// What only a group needs of the form that starts a chat: its title, and names, one after another.
//
//   const group = new ParlourGroupFields([own, second]);
//   form.append(group.titleField, group);
//   group.names;   the fields that have one, in order
//   group.goOn(field);   Enter was pressed in it
//
// Loaded when somebody wants a group. The first two names are the fields of the form for two people, so that
// what was typed there stays.
import { el, icon } from "../helpers/dom.js";
import { labelled, nameField } from "../helpers/form-fields.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";

const PEOPLE_MAX = 50;
const ADD = "M12 5v14M5 12h14";
const REMOVE = "M6 6l12 12M18 6L6 18";

export class ParlourGroupFields extends HTMLElement {
  titleInput = nameField("title");
  titleField = labelled("title", word("start.title"), this.titleInput);
  #first;
  #rows = el("div", { class: "pair" });
  #more = button("small", () => this.#add(), icon(ADD), word("start.more"));
  #full = el("p", { class: "hint", role: "status" });
  #made = 0;

  /** @param {HTMLInputElement[]} first the fields of the first names */
  constructor(first) {
    super();
    this.#first = first;
    this.replaceChildren(this.#rows, this.#more, this.#full);
  }

  /** In order, also those that are empty. */
  get #fields() {
    return [...this.#first, ...this.#rows.querySelectorAll("input")];
  }

  get names() {
    return this.#fields.filter(({ value }) => value.trim() !== "");
  }

  /**
   * To the next field, which is made where there is none.
   * @param {HTMLInputElement} from
   * @returns {boolean} whether there is one: an empty one at the end is followed by none
   */
  goOn(from) {
    const fields = [this.titleInput, ...this.#fields];
    const next = fields[fields.indexOf(from) + 1];
    if (next) next.focus();
    else if (from.value.trim() === "" || this.#more.hidden) return false;
    else this.#add();
    return true;
  }

  #add() {
    this.#made += 1;
    const field = nameField(`person-${this.#made}`);
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
