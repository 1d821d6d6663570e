// The field for the secret code, and what the house says to it.
//
//   const form = new ParlourCodeForm((code) => enter(code));
//   form.takeFocus();
//
// The field is in the document before this script comes: what was typed there stays. What `enter` throws is
// why the code was refused; while nothing may be tried, a countdown says for how long.
import { el } from "../helpers/dom.js";
import { wait } from "../helpers/format.js";
import { refusalLine } from "../helpers/parts.js";
import { after } from "../helpers/timer.js";
import { refusalWords, word } from "../helpers/words.js";
import { parseCode } from "../models/code.js";

export class ParlourCodeForm extends HTMLElement {
  #enter;
  #refusal = refusalLine("refusal");
  #waiting = el("p", { class: "waiting", id: "waiting" });
  #code = codeField();
  #go = el("button", { class: "main", type: "submit" }, word("join.go"));
  #cancelWait = () => {};

  /** @param {(code: string) => Promise<void>} enter */
  constructor(enter) {
    super();
    this.#enter = enter;
  }

  connectedCallback() {
    const hint = el("p", { class: "hint", id: "hint" }, word("join.hint"));
    const label = el("label", { for: "code" }, word("join.code"));
    const parts = [label, this.#code, hint, this.#refusal, this.#waiting, this.#go];
    const form = el("form", { novalidate: true, autocomplete: "off", onsubmit: this.#submit }, ...parts);
    const { selectionStart, selectionEnd } = this.#code;
    this.replaceChildren(form);
    this.#code.focus();
    this.#code.setSelectionRange(selectionStart, selectionEnd);
  }

  disconnectedCallback() {
    this.#cancelWait();
  }

  /** @param {string} code that was pasted with the link */
  fill(code) {
    this.#code.value = code;
  }

  #submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const code = parseCode(this.#code.value);
    if (code) this.#try(code);
    else this.#refuse(word("join.bad_code"));
  };

  /** @param {string} code */
  async #try(code) {
    this.#work(true);
    this.#refusal.textContent = "";
    try {
      await this.#enter(code);
    } catch (error) {
      const refusal = /** @type {import("../models/refusal.js").Refusal} */ (error);
      this.#work(false);
      this.#refuse(refusalWords(refusal));
      if (refusal.retryAfter) this.#countDown(refusal.retryAfter);
    }
  }

  /** Shows whether the code is on its way. @param {boolean} isWorking */
  #work(isWorking) {
    this.#go.disabled = isWorking;
    this.#go.textContent = word(isWorking ? "join.going" : "join.go");
  }

  /** @param {string} why */
  #refuse(why) {
    this.#refusal.textContent = why;
    this.#code.setAttribute("aria-invalid", "true");
    this.#code.focus();
    this.#code.select();
  }

  /** By the clock, not by ticks: a page in the background ticks seldom. @param {number} seconds */
  #countDown(seconds) {
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      this.#go.disabled = left > 0;
      this.#waiting.textContent = left > 0 ? word("join.wait", { time: wait(left) }) : "";
      if (left > 0) this.#cancelWait = after(1000, tick);
    };
    this.#cancelWait();
    tick();
  }
}

/** The one in the document, with what was typed there; on a later page a new one. */
function codeField() {
  const found = document.querySelector("body > main #code");
  if (found instanceof HTMLInputElement) return found;
  return el("input", {
    id: "code",
    class: "code",
    type: "text",
    inputmode: "text",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    spellcheck: "false",
    maxlength: "200",
    enterkeyhint: "go",
    dir: "ltr",
    "aria-describedby": "hint refusal waiting",
  });
}

customElements.define("parlour-code-form", ParlourCodeForm);
