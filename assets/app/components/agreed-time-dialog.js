// One of the times that the people of a chat agree on: what it does, and a list to choose from.
//
//   const timer = new ParlourAgreedTimeDialog(session, "timer");   or "idle"
//   timer.ask();
//   timer.show();   whenever the session changed
//
// What was chosen is shown by the note of it that the house adds to the conversation.
import { closeButton, showStep } from "../helpers/dialog.js";
import { el, setText } from "../helpers/dom.js";
import { choiceRow } from "../helpers/fields.js";
import { button, refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { AGREED_TIMES } from "../models/agreed-times.js";
import { api } from "../services.js";
import { agreedWords } from "./agreed-times.js";

export class ParlourAgreedTimeDialog extends HTMLElement {
  #session;
  #which;
  #time;
  #dialog;
  #refusal = refusalLine();

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/agreed-times.js").AgreedTime} which
   */
  constructor(session, which) {
    super();
    this.#session = session;
    this.#which = which;
    this.#time = AGREED_TIMES[which];
    const names = { "aria-labelledby": `${which}-title`, "aria-describedby": `${which}-about` };
    this.#dialog = el("dialog", { class: "sheet", ...names, closedby: "any" });
  }

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  async ask() {
    this.#refusal.textContent = "";
    this.#showStep(this.#about(word("agreed.loading")), this.#foot(closeButton(this.#dialog)));
    try {
      const choices = await this.#time.choices(api);
      if (this.#dialog.open) this.#offer(choices);
    } catch (refusal) {
      if (this.#dialog.open) this.#sayNo(refusal);
    }
  }

  /** In a group the right to it may be taken away meanwhile. */
  show() {
    const { chat } = this.#session;
    if (!this.#dialog.open || !chat.isKnown || chat.may("set_times")) return;
    setText(this.#refusal, refusalWords({ code: "only_admins" }));
    const save = this.#dialog.querySelector("button[type='submit']");
    if (save instanceof HTMLButtonElement) save.disabled = true;
  }

  /** What is agreed can be kept, even if the house does not offer it any more. @param {string[]} choices */
  #offer(choices) {
    const now = this.#time.now(this.#session.chat);
    const all = choices.includes(now) ? choices : [now, ...choices];
    const rows = all.map((choice) => choiceRow(this.#which, choice, agreedWords(choice), choice === now));
    const list = el("fieldset", { "aria-labelledby": `${this.#which}-title` }, ...rows);
    const cancel = closeButton(this.#dialog, word("menu.cancel"));
    cancel.className = "";
    const save = el("button", { class: "main", type: "submit" }, word("agreed.save"));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.#save(String(new FormData(form).get(this.#which)), save);
    };
    const foot = this.#foot(el("div", { class: "choice" }, cancel, save));
    const form = el("form", { onsubmit: submit }, list, foot);
    this.#showStep(this.#about(word(`agreed.about.${this.#which}`)), form);
  }

  /** @param {unknown} refusal */
  #sayNo(refusal) {
    const why = this.#about(refusalWords(refusal));
    why.className = "refusal";
    const retry = button("", () => this.ask(), word("join.retry"));
    this.#showStep(why, retry, this.#foot(closeButton(this.#dialog)));
  }

  /** @param {string} choice @param {HTMLButtonElement} save */
  async #save(choice, save) {
    save.disabled = true;
    try {
      const isNews = choice !== this.#time.now(this.#session.chat);
      if (isNews) await this.#time.set(api, this.#session.seat, choice);
      this.#dialog.close();
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      save.disabled = false;
      save.focus();
    }
  }

  /** @param {...HTMLElement} parts */
  #showStep(...parts) {
    const title = el("h2", { id: `${this.#which}-title` }, word(`agreed.title.${this.#which}`));
    showStep(this.#dialog, title, ...parts);
  }

  /** @param {string} said */
  #about(said) {
    return el("p", { id: `${this.#which}-about` }, said);
  }

  /** @param {HTMLElement} choice */
  #foot(choice) {
    return el("div", { class: "foot" }, this.#refusal, choice);
  }
}

customElements.define("parlour-agreed-time-dialog", ParlourAgreedTimeDialog);
