// The question before a chat is ended: what will be destroyed, and the way to keep a copy.
//
//   const end = new ParlourEnd();
//   end.open(talk, api);
//   end.ask();
import { showModal } from "../helpers/dialog.js";
import { el, name, save as give } from "../helpers/dom.js";
import { list } from "../helpers/format.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { savedText } from "../models/saved.js";

export class ParlourEnd extends HTMLElement {
  #refusal = el("p", { class: "refusal", role: "alert" });
  #what = el("ul", { id: "end-what", class: "what" });
  #never = el("p", { id: "end-never" }, word("end.never"));
  #go = el("button", { class: "grave", type: "button", onclick: () => this.#end() }, word("end.go"));
  #cancel = el(
    "button",
    { class: "main", type: "button", onclick: () => this.#dialog.close() },
    word("end.cancel"),
  );
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "end-title",
    "aria-describedby": "end-what end-never",
    closedby: "any",
  });
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;
  /** @type {import("../models/api.js").Api | undefined} */
  #api;

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/api.js").Api} api */
  open(talk, api) {
    this.#talk = talk;
    this.#api = api;
    const title = el("h2", { id: "end-title" }, word("end.title"));
    const savers = [this.#saver("text/plain", "txt"), this.#saver("application/json", "json")];
    const copies = el("div", { class: "row" }, ...savers);
    const choice = el("div", { class: "choice" }, this.#cancel, this.#go);
    const foot = el("div", { class: "foot" }, this.#refusal, choice);
    const what = el("p", {}, word("end.what"));
    const save = el("p", {}, word("end.save"));
    this.#dialog.replaceChildren(title, what, this.#what, this.#never, save, copies, foot);
    this.replaceChildren(this.#dialog);
  }

  ask() {
    const { chat, outbox } = this.#talk ?? {};
    const lines = [
      phrase("end.messages", { n: chat?.head ?? 0 }),
      phrase("end.names", { name: name(this.#others) }),
      phrase("end.links", {}),
    ];
    const waiting = outbox?.entries.length ?? 0;
    if (waiting > 0) lines.splice(1, 0, phrase("end.waiting", { n: waiting }));
    this.#what.replaceChildren(...lines.map((line) => el("li", {}, ...line)));
    this.#refusal.textContent = "";
    this.#go.disabled = false;
    showModal(this.#dialog);
    // What is destroyed is read from its beginning.
    this.#cancel.focus({ preventScroll: true });
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
      this.#go.disabled = false;
      this.#go.focus();
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
      const told = await this.#api.transcript(this.#talk.seat, "application/json");
      const copy = ending === "txt" ? new Blob([savedText(JSON.parse(await told.text()), word("chat.unsupported"))], { type }) : told;
      give(copy, `${word("end.file", { names: this.#others })}.${ending}`);
      this.#refusal.textContent = "";
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
    }
  }
}

customElements.define("parlour-end", ParlourEnd);
