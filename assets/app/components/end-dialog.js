// The question before a chat is ended: what will be destroyed, and the way to keep a copy. For a group it
// takes one tap more, because it concerns many.
//
//   const end = new ParlourEndDialog(session);
//   end.ask();
//   end.show();   whenever the session changed
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name, offerFile, setText } from "../helpers/dom.js";
import { list } from "../helpers/format.js";
import { button, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { transcriptText } from "../models/transcript.js";
import { api } from "../services.js";

export class ParlourEndDialog extends HTMLElement {
  #session;
  #refusal = refusalLine();
  #consequences = el("ul", { id: "end-what", class: "consequences" });
  #title = el("h2", { id: "end-title" });
  #never = el("p", { id: "end-never" });
  #sureWords = el("span");
  #sureBox = el("input", { type: "checkbox", onchange: () => this.#allow() });
  #sure = el("label", { class: "check" }, this.#sureWords, this.#sureBox);
  #isEnding = false;
  #go = button("danger", () => this.#end());
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
    const what = el("p", {}, word("end.what"));
    const save = el("p", {}, word("end.save"));
    const copies = el("div", { class: "row" }, this.#saveButton("txt"), this.#saveButton("json"));
    const choice = el("div", { class: "choice" }, this.#cancel, this.#go);
    // In sight: without it the button does nothing.
    const foot = el("div", { class: "foot" }, this.#refusal, this.#sure, choice);
    const said = [this.#title, what, this.#consequences, this.#never];
    this.#dialog.replaceChildren(...said, save, copies, foot);
    this.replaceChildren(this.#dialog);
  }

  ask() {
    this.#isEnding = this.#sureBox.checked = false;
    this.#refusal.textContent = "";
    this.#fill();
    showModal(this.#dialog);
    // What is destroyed is read from its beginning.
    this.#cancel.focus({ preventScroll: true });
  }

  /** Of a group one is told how many people it is about, and whether one still may. */
  show() {
    if (this.#dialog.open && this.#session.chat.group) this.#fill();
  }

  #fill() {
    const { group, others } = this.#session.chat;
    const n = others.length + 1;
    setText(this.#title, word(group ? "end.group" : "end.title"));
    setText(this.#never, group ? word("end.group_never", { n }) : word("end.never"));
    setText(this.#go, word(group ? "end.group_go" : "end.go"));
    this.#sure.hidden = !group;
    setText(this.#sureWords, group ? word("end.sure", { n }) : "");
    const lines = this.#lines(n);
    const shown = [...this.#consequences.children].map(({ textContent }) => textContent);
    const items = lines.map((line) => el("li", {}, ...line));
    if (items.some(({ textContent }, at) => textContent !== shown[at]))
      this.#consequences.replaceChildren(...items);
    this.#allow();
  }

  /** @param {number} n how many people there are */
  #lines(n) {
    const { chat, outbox } = this.#session;
    const waiting = outbox.shown.length;
    return [
      phrase("end.messages", { n: chat.saidCount }),
      ...(waiting > 0 ? [phrase("end.waiting", { n: waiting })] : []),
      chat.group ? phrase("end.group_names", { n }) : phrase("end.names", { name: name(this.#others) }),
      phrase(chat.group ? "end.group_links" : "end.links", {}),
    ];
  }

  #allow() {
    const { chat } = this.#session;
    const isSure = !chat.group || this.#sureBox.checked;
    const may = !chat.isKnown || chat.may("end");
    this.#go.disabled = this.#isEnding || !isSure || !may;
    if (!may) setText(this.#refusal, refusalWords({ code: "only_admins" }));
  }

  get #others() {
    return list(this.#session.chat.otherNames);
  }

  get #called() {
    return this.#session.chat.group?.title ?? this.#others;
  }

  async #end() {
    this.#isEnding = this.#go.disabled = true;
    try {
      await this.#session.destroy();
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      this.#isEnding = this.#go.disabled = false;
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
      offerFile(copy, `${word("end.file", { names: this.#called })}.${ending}`);
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
