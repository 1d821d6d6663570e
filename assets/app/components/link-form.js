// A field for a link: somebody pastes it, or the whole message that it came in.
//
//   new ParlourLinkForm("join.link_incomplete")
//
// The word is what it says to a link that is not whole. Sends `parlour-open-link` (bubbling, detail: the
// token, and the code where it was pasted too).
import { el, send } from "../helpers/dom.js";
import { word } from "../helpers/words.js";
import { inviteIn } from "../models/code.js";

export class ParlourLinkForm extends HTMLElement {
  #incomplete;
  #refusal = el("p", { class: "refusal", role: "alert", id: "link-refusal" });
  #field = linkField();

  /** @param {string} incomplete */
  constructor(incomplete) {
    super();
    this.#incomplete = incomplete;
  }

  connectedCallback() {
    const go = el("button", { class: "main", type: "submit" }, word("join.open"));
    const label = el("label", { for: "link" }, word("join.paste"));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#read();
    };
    const parts = [label, this.#field, this.#refusal, go];
    this.replaceChildren(el("form", { novalidate: true, autocomplete: "off", onsubmit: submit }, ...parts));
  }

  #read() {
    const detail = inviteIn(this.#field.value);
    if (detail) return void send(this, "parlour-open-link", detail);
    const isEmpty = this.#field.value.trim() === "";
    this.#refusal.textContent = word(isEmpty ? "join.paste_first" : this.#incomplete);
    this.#field.setAttribute("aria-invalid", "true");
    this.#field.focus();
  }
}

/** Several lines: a whole message may be pasted, whose line breaks part the link from what follows. */
function linkField() {
  const plain = { dir: "ltr", autocapitalize: "off", autocomplete: "off", spellcheck: "false" };
  const field = el("textarea", {
    id: "link",
    rows: "3",
    enterkeyhint: "go",
    "aria-describedby": "link-refusal",
    ...plain,
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    field.form?.dispatchEvent(new Event("submit", { cancelable: true }));
  });
  return field;
}

customElements.define("parlour-link-form", ParlourLinkForm);
