// A button that copies a text, and says whether it could.
//
//   new ParlourCopyButton(() => link, "invite.copy");
//
// Sends `text-copied` (bubbling, detail: whether it could).
import { copyText, send } from "../helpers/dom.js";
import { button, spokenLine } from "../helpers/parts.js";
import { after } from "../helpers/timer.js";
import { word } from "../helpers/words.js";

const SAID_MS = 2_500;

export class ParlourCopyButton extends HTMLElement {
  #text;
  #label;
  #button = button("", () => this.#copy());
  #spoken = spokenLine();

  /** @param {() => string} text @param {string} label a key of the catalogue */
  constructor(text, label) {
    super();
    this.#text = text;
    this.#label = label;
  }

  /** There is no better way to hand the text on. */
  makeMain() {
    this.#button.classList.add("main");
  }

  connectedCallback() {
    this.#button.textContent = word(this.#label);
    this.replaceChildren(this.#button, this.#spoken);
  }

  async #copy() {
    const done = await copyText(this.#text());
    this.#button.textContent = this.#spoken.textContent = word(done ? "invite.copied" : "invite.not_copied");
    send(this, "text-copied", done);
    after(SAID_MS, () => {
      this.#button.textContent = word(this.#label);
      this.#spoken.textContent = "";
    });
  }
}

customElements.define("parlour-copy-button", ParlourCopyButton);
