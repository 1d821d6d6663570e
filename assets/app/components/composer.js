// Where one writes: grows with the text, keeps a draft, says when a message is too long.
//
//   const composer = new ParlourComposer();
//   composer.open(talk, seats);
//
// With a keyboard Enter sends and Shift+Enter breaks the line; on touch Enter breaks the line and the
// button sends.
import { drawing, el } from "../helpers/dom.js";
import { word } from "../helpers/words.js";

const MESSAGE_CHARS_MAX = 4_000;
/** The count is shown when so few are left. */
const SHOW_LEFT = 200;
const SEND = "M4 12 20 4l-5 16-3.5-6.5z";

export class ParlourComposer extends HTMLElement {
  #text = el("textarea", {
    id: "message",
    rows: "1",
    dir: "auto",
    enterkeyhint: "enter",
    "aria-describedby": "left",
  });
  #left = el("p", { class: "left", id: "left", role: "status" });
  #send = el("button", { class: "main send", type: "submit" }, drawing(SEND), word("composer.send"));
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;
  /** @type {import("../models/seats.js").Seats | undefined} */
  #seats;

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/seats.js").Seats} seats */
  open(talk, seats) {
    this.#talk = talk;
    this.#seats = seats;
    const label = el("label", { class: "unseen", for: "message" }, word("composer.message"));
    const line = el("div", { class: "line" }, label, this.#text, this.#send);
    this.replaceChildren(el("form", { novalidate: true, onsubmit: this.#submit }, line, this.#left));
    this.#text.placeholder = word("composer.message");
    this.#text.value = seats.draft(talk.seat);
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#fit();
    if (!isTouch()) this.#text.focus();
  }

  #submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    this.#say();
  };

  #say() {
    const text = this.#text.value.trim();
    if (text === "" || count(text) > MESSAGE_CHARS_MAX) return;
    this.#talk?.say(text);
    this.#text.value = "";
    this.#keep();
    this.#fit();
    this.#text.focus();
  }

  #typed() {
    this.#keep();
    this.#fit();
    if (this.#text.value !== "") this.#talk?.type();
  }

  /** An input method's Enter chooses a word and sends nothing. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (isTouch()) return;
    event.preventDefault();
    this.#say();
  }

  #keep() {
    if (this.#talk) this.#seats?.keepDraft(this.#talk.seat, this.#text.value);
  }

  #fit() {
    const left = MESSAGE_CHARS_MAX - count(this.#text.value.trim());
    const key = left < 0 ? "composer.over" : "composer.left";
    const said = left < SHOW_LEFT ? word(key, { n: Math.abs(left) }) : "";
    if (this.#left.textContent !== said) this.#left.textContent = said;
    this.#text.setAttribute("aria-invalid", String(left < 0));
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}

/** Characters as the house counts them: code points. @param {string} text */
function count(text) {
  return text.length < SHOW_LEFT ? text.length : [...text].length;
}

function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

customElements.define("parlour-composer", ParlourComposer);
