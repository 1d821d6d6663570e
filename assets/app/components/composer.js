// Where one writes: grows with the text, keeps the chat's draft, says when a message is too long.
//
//   const composer = new ParlourComposer();
//   composer.open(session);
//
// With a keyboard Enter sends and Shift+Enter breaks the line; on touch Enter breaks the line and the
// button sends. The field lies over an invisible copy of its text, which gives it its height: it never has
// to be made small to be measured, so nothing above it jumps.
import { icon, el } from "../helpers/dom.js";
import { isField, isFileAlone } from "../helpers/file-drop.js";
import { word } from "../helpers/words.js";
import { saidOf } from "../models/text.js";

const MESSAGE_CHARS_MAX = 4_000;
/** The count is shown when so few are left. */
const SHOW_LEFT = 200;
/** Where one is told aloud how many are left: not at every letter. */
const SPOKEN_LEFT = new Set([199, 100, 50, 10, 0]);
const SEND = "M4 12 20 4l-5 16-3.5-6.5z";

export class ParlourComposer extends HTMLElement {
  // Without autocomplete="off" browsers write what stands in a field into their session's files.
  #text = el("textarea", {
    id: "message",
    rows: "1",
    dir: "auto",
    autocomplete: "off",
    enterkeyhint: isTouch() ? "enter" : "send",
    "aria-describedby": "left",
  });
  #copy = el("div", { class: "autosize-mirror", "aria-hidden": "true" });
  #left = el("p", { class: "chars-left", id: "left" });
  #spoken = el("p", { class: "visually-hidden", role: "status" });
  #no = el("p", { class: "chars-left", role: "status" });
  #send = el("button", { class: "main send", type: "submit" }, icon(SEND));
  /** @type {import("../models/chat-session.js").ChatSession | undefined} */
  #session;

  /** @param {import("../models/chat-session.js").ChatSession} session */
  open(session) {
    this.#session = session;
    const label = el("label", { class: "visually-hidden", for: "message" }, word("composer.message"));
    const field = el("div", { class: "autosize" }, this.#copy, this.#text);
    this.#send.append(el("span", {}, word("composer.send")));
    const line = el("div", { class: "line" }, label, field, this.#send);
    this.replaceChildren(
      el("form", { novalidate: true, onsubmit: this.#submit }, line, this.#left, this.#no, this.#spoken),
    );
    this.#text.placeholder = word("composer.message");
    this.#text.value = session.draft.text;
    session.draft.addEventListener("change", this.#takeDraft);
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#fit();
    if (!isTouch()) this.#text.focus();
  }

  disconnectedCallback() {
    this.#session?.draft.removeEventListener("change", this.#takeDraft);
  }

  /** Another tab wrote, or sent what stood here. */
  #takeDraft = () => {
    this.#text.value = this.#session?.draft.text ?? "";
    this.#fit();
  };

  #submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    this.#say();
  };

  #say() {
    const text = saidOf(this.#text.value);
    if (text === "" || count(text) > MESSAGE_CHARS_MAX) return this.#text.focus();
    this.#session?.say(text);
    this.#text.value = "";
    this.#fit();
    this.#text.focus();
  }

  #typed() {
    this.#no.textContent = "";
    this.#session?.draft.write(this.#text.value);
    this.#fit();
    if (this.#text.value !== "") this.#session?.type();
  }

  /** Somebody types where nothing takes it: it is meant for here. @param {KeyboardEvent} event */
  catchKey(event) {
    if (!isFree(event)) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((isPlain || event.getModifierState("AltGraph")) && isSign(event)) this.#text.focus();
  }

  /** @param {ClipboardEvent} event */
  catchPaste(event) {
    if (isFileAlone(event.clipboardData)) return this.#refuse(event);
    if (!isFree(event)) return;
    event.preventDefault();
    this.#text.focus();
    this.#text.setRangeText(event.clipboardData?.getData("text/plain") ?? "", ...this.#marked, "end");
    this.#typed();
  }

  /** @param {DragEvent} event */
  catchDrop(event) {
    if (isFileAlone(event.dataTransfer)) this.#refuse(event);
  }

  /** @returns {[number, number]} */
  get #marked() {
    return [this.#text.selectionStart, this.#text.selectionEnd];
  }

  /** @param {Event} event */
  #refuse(event) {
    event.preventDefault();
    this.#no.textContent = word("composer.no_photos");
  }

  /** An input method's Enter chooses a word and sends nothing. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (isTouch()) return;
    event.preventDefault();
    this.#say();
  }

  #fit() {
    // A line break at the end needs something behind it to be as high as a line.
    this.#copy.textContent = `${this.#text.value}\u200b`;
    const left = MESSAGE_CHARS_MAX - count(saidOf(this.#text.value));
    const key = left < 0 ? "composer.over" : "composer.left";
    const said = left < SHOW_LEFT ? word(key, { n: Math.abs(left) }) : "";
    if (this.#left.textContent !== said) this.#left.textContent = said;
    if (left < 0) this.#speak(word("refusal.message_too_long"));
    else if (left >= SHOW_LEFT || SPOKEN_LEFT.has(left)) this.#speak(said);
    this.#text.setAttribute("aria-invalid", String(left < 0));
  }

  /** @param {string} said */
  #speak(said) {
    if (this.#spoken.textContent !== said) this.#spoken.textContent = said;
  }
}

/** Characters as the house counts them: code points. @param {string} text */
function count(text) {
  return text.length < SHOW_LEFT ? text.length : [...text].length;
}

/** A key that writes something; the space bar scrolls and presses. @param {KeyboardEvent} event */
function isSign({ key }) {
  return (key !== " " && [...key].length === 1) || key === "Process" || key === "Dead";
}

/** Nothing else takes what is typed or pasted. @param {Event} event */
function isFree({ target }) {
  return !isField(target) && document.querySelector("dialog[open]") === null;
}

function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

customElements.define("parlour-composer", ParlourComposer);
