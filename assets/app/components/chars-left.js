// How many characters a message may still have: shown when few are left, and said now and then.
//
//   const left = new ParlourCharsLeft();
//   left.show(text);
import { el, setText } from "../helpers/dom.js";
import { word } from "../helpers/words.js";

const MESSAGE_CHARS_MAX = 4_000;
/** The count is shown when so few are left. */
const SHOW_LEFT = 200;
/** Where it is said aloud: not at every letter. */
const SPOKEN_LEFT = new Set([199, 100, 50, 10, 0]);

export class ParlourCharsLeft extends HTMLElement {
  #left = el("p", { class: "chars-left", id: "left" });
  #spoken = el("p", { class: "visually-hidden", role: "status" });

  connectedCallback() {
    this.replaceChildren(this.#left, this.#spoken);
  }

  /** @param {string} text as it would be said */
  show(text) {
    const left = charsLeft(text);
    const key = left < 0 ? "composer.over" : "composer.left";
    const said = left < SHOW_LEFT ? word(key, { n: Math.abs(left) }) : "";
    setText(this.#left, said);
    if (left < 0) setText(this.#spoken, word("refusal.message_too_long"));
    else if (left >= SHOW_LEFT || SPOKEN_LEFT.has(left)) setText(this.#spoken, said);
  }
}

/** As the house counts them: code points. @param {string} text */
export function charsLeft(text) {
  const chars = text.length < SHOW_LEFT ? text.length : [...text].length;
  return MESSAGE_CHARS_MAX - chars;
}

customElements.define("parlour-chars-left", ParlourCharsLeft);
