// Two names and how long the chat is kept become two invites.
//
//   const form = new ParlourStartForm();
//   form.offer(house);
//
// Names that were typed stay in their fields whatever the house answers. Sends `chat-started` (bubbling,
// detail: the answer).
import { el, send } from "../helpers/dom.js";
import { duration } from "../helpers/format.js";
import { refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { api } from "../services.js";

export class ParlourStartForm extends HTMLElement {
  #note = el("p", { class: "note reach", hidden: true });
  #refusal = refusalLine("refusal");
  #one = nameField("one");
  #other = nameField("other");
  #idle = el("select", { id: "idle", name: "idle" });
  #go = el("button", { class: "main", type: "submit", disabled: true }, word("start.go"));

  connectedCallback() {
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#start();
    };
    const one = field("one", word("start.one"), this.#one);
    const other = field("other", word("start.other"), this.#other);
    const kept = field("idle", word("start.idle"), this.#idle);
    const parts = [el("div", { class: "pair" }, one, other), kept, this.#refusal, this.#go, this.#note];
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

  async #start() {
    this.#forgive();
    const missing = [this.#one, this.#other].find((input) => input.value.trim() === "");
    if (missing) return this.#refuse(word("start.name_missing"), missing);
    this.#go.disabled = true;
    try {
      const detail = await api.start([this.#one.value, this.#other.value], this.#idle.value);
      send(this, "chat-started", detail);
    } catch (refusal) {
      this.#go.disabled = false;
      this.#refuse(refusalWords(refusal), this.#blamed(refusal));
    } finally {
      this.#go.disabled = false;
    }
  }

  #forgive() {
    this.#refusal.textContent = "";
    for (const input of [this.#one, this.#other]) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  /** The field that the house does not like, if it is one. @param {any} refusal */
  #blamed({ code, place }) {
    if (code === "bad_name") return place === 2 ? this.#other : this.#one;
    return code === "same_name" ? this.#other : undefined;
  }

  /**
   * At its field, or at the button where no field is to blame.
   * @param {string} why @param {HTMLInputElement} [where]
   */
  #refuse(why, where) {
    if (where) where.after(this.#refusal);
    else this.#go.before(this.#refusal);
    this.#refusal.textContent = why;
    where?.setAttribute("aria-invalid", "true");
    where?.setAttribute("aria-describedby", "refusal");
    (where ?? this.#go).focus();
  }
}

/** @param {string} id */
function nameField(id) {
  const plain = { maxlength: "120", autocomplete: "off", enterkeyhint: "next" };
  return el("input", { id, name: id, dir: "auto", ...plain });
}

/** @param {string} id @param {string} label @param {HTMLElement} control */
function field(id, label, control) {
  return el("div", { class: "field" }, el("label", { for: id }, label), control);
}

customElements.define("parlour-start-form", ParlourStartForm);
