// The question before a chat is ended, with the way to keep a copy.
//
//   const end = new ParlourEnd();
//   end.open(talk, api);
//   end.ask();
import { el, name, save } from "../helpers/dom.js";
import { list } from "../helpers/format.js";
import { phrase, refusalWords, word } from "../helpers/words.js";

export class ParlourEnd extends HTMLElement {
  #refusal = el("p", { class: "refusal", role: "alert" });
  #why = el("p", { id: "end-why" });
  #go = el("button", { class: "grave", type: "button", onclick: () => this.#end() }, word("end.go"));
  #cancel = el(
    "button",
    { class: "main", type: "button", onclick: () => this.#dialog.close() },
    word("end.cancel"),
  );
  #dialog = el("dialog", { "aria-labelledby": "end-title", "aria-describedby": "end-why" });
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;
  /** @type {import("../models/api.js").Api | undefined} */
  #api;

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/api.js").Api} api */
  open(talk, api) {
    this.#talk = talk;
    this.#api = api;
    const title = el("h2", { id: "end-title" }, word("end.title"));
    const copies = el(
      "div",
      { class: "row" },
      this.#saver("text/plain", "txt"),
      this.#saver("application/json", "json"),
    );
    const choice = el("div", { class: "row choice" }, this.#cancel, this.#go);
    this.#dialog.replaceChildren(
      title,
      this.#why,
      el("p", {}, word("end.save")),
      copies,
      this.#refusal,
      choice,
    );
    this.replaceChildren(this.#dialog);
  }

  ask() {
    this.#refusal.textContent = "";
    this.#why.replaceChildren(...phrase("end.why", { name: name(this.#others) }));
    this.#dialog.showModal();
    this.#cancel.focus();
  }

  get #others() {
    return list(this.#talk?.chat.others.map((person) => person.name) ?? []);
  }

  async #end() {
    if (!this.#talk || !this.#api) return;
    this.#go.disabled = true;
    try {
      this.#talk.end({ by: "you", ...(await this.#api.end(this.#talk.seat)) });
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
    } finally {
      this.#go.disabled = false;
    }
  }

  /** @param {string} type @param {"txt" | "json"} ending */
  #saver(type, ending) {
    const label = word(ending === "txt" ? "end.text" : "end.json");
    return el("button", { type: "button", onclick: () => this.#save(type, ending) }, label);
  }

  /** @param {string} type @param {string} ending */
  async #save(type, ending) {
    if (!this.#talk || !this.#api) return;
    try {
      const copy = await this.#api.transcript(this.#talk.seat, type);
      save(copy, `${word("end.file", { names: this.#others })}.${ending}`);
      this.#refusal.textContent = "";
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
    }
  }
}

customElements.define("parlour-end", ParlourEnd);
