// The question before a chat is ended: what will be destroyed, and the way to keep a copy.
//
//   const end = new ParlourEndDialog(session);
//   end.ask();
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name, offerFile } from "../helpers/dom.js";
import { list } from "../helpers/format.js";
import { button, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { transcriptText } from "../models/transcript.js";
import { api } from "../services.js";

export class ParlourEndDialog extends HTMLElement {
  #session;
  #refusal = refusalLine();
  #consequences = el("ul", { id: "end-what", class: "consequences" });
  #go = button("danger", () => this.#end(), word("end.go"));
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "end-title",
    "aria-describedby": "end-what end-never",
    closedby: "any",
  });
  #cancel = closeButton(this.#dialog, word("end.cancel"));

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    const title = el("h2", { id: "end-title" }, word("end.title"));
    const what = el("p", {}, word("end.what"));
    const never = el("p", { id: "end-never" }, word("end.never"));
    const save = el("p", {}, word("end.save"));
    const copies = el("div", { class: "row" }, this.#saveButton("txt"), this.#saveButton("json"));
    const choice = el("div", { class: "choice" }, this.#cancel, this.#go);
    const foot = el("div", { class: "foot" }, this.#refusal, choice);
    this.#dialog.replaceChildren(title, what, this.#consequences, never, save, copies, foot);
    this.replaceChildren(this.#dialog);
  }

  ask() {
    const { chat, outbox } = this.#session;
    const waiting = outbox.shown.length;
    const lines = [
      phrase("end.messages", { n: chat.saidCount }),
      ...(waiting > 0 ? [phrase("end.waiting", { n: waiting })] : []),
      phrase("end.names", { name: name(this.#others) }),
      phrase("end.links", {}),
    ];
    this.#consequences.replaceChildren(...lines.map((line) => el("li", {}, ...line)));
    this.#refusal.textContent = "";
    this.#go.disabled = false;
    showModal(this.#dialog);
    // What is destroyed is read from its beginning.
    this.#cancel.focus({ preventScroll: true });
  }

  get #others() {
    return list(this.#session.chat.otherNames);
  }

  async #end() {
    this.#go.disabled = true;
    try {
      await this.#session.destroy();
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      this.#go.disabled = false;
      this.#go.focus();
    }
  }

  /** @param {"txt" | "json"} ending */
  #saveButton(ending) {
    const label = word(ending === "txt" ? "end.text" : "end.json");
    return button("", () => this.#save(ending), label);
  }

  /** @param {"txt" | "json"} ending */
  async #save(ending) {
    try {
      const transcript = await api.transcript(this.#session.seat, "application/json");
      const copy = ending === "txt" ? await asText(transcript) : transcript;
      offerFile(copy, `${word("end.file", { names: this.#others })}.${ending}`);
      this.#refusal.textContent = "";
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
    }
  }
}

/** @param {Blob} transcript */
async function asText(transcript) {
  return new Blob([transcriptText(JSON.parse(await transcript.text()), word("chat.unsupported"))], {
    type: "text/plain",
  });
}

customElements.define("parlour-end-dialog", ParlourEndDialog);
