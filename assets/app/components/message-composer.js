/**
 * <message-composer></message-composer>: where one writes. Grows with the text; Enter sends and Shift+Enter breaks the
 * line, but on a touch screen Enter breaks the line and the button sends. Set `draft`, `onsay`, `onwrite`.
 */
import { button, fromTemplate, part, say } from "../helpers/dom.js";
import { fillWords, word } from "../helpers/words.js";

/** Characters of a message. */
const CHARS_MAX = 4_000;

export class MessageComposer extends HTMLElement {
  /** @type {(text: string) => void} */
  onsay = () => {};
  /** @type {(text: string) => void} */
  onwrite = () => {};

  connectedCallback() {
    if (this.firstElementChild !== null) return;
    const made = fromTemplate("message-composer");
    fillWords(made);
    this.append(made);
    part(this, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("input", () => this.#written());
    this.#field.addEventListener("keydown", (event) => this.#press(event));
    this.#written();
  }

  /** @param {string} text */
  set draft(text) {
    this.#field.value = text;
    this.#fit();
  }

  get #field() {
    return /** @type {HTMLTextAreaElement} */ (part(this, "text"));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch) return;
    event.preventDefault();
    this.#send();
  }

  #written() {
    this.#fit();
    this.onwrite(this.#field.value);
  }

  #fit() {
    const over = [...this.#field.value].length - CHARS_MAX;
    say(part(this, "too-long"), over > 0 ? word("chat.too_long", { count: over }) : "");
    button(this, "send").disabled = over > 0 || this.#field.value.trim() === "";
    const breaks = this.#field.value.split("\n").length;
    this.#field.rows = Math.min(8, breaks);
  }

  #send() {
    const text = this.#field.value;
    if (button(this, "send").disabled) return;
    this.#field.value = "";
    this.#fit();
    this.onsay(text);
    this.#field.focus();
  }
}
