// For a moment what was deleted can be brought back: a quiet bar over the composer.
//
//   const bar = new ParlourUndoBar(session.undo);
//   bar.takeFocus();   where the focus was on what was deleted
//
// It lies over the messages, so that nothing moves when it comes and goes. While the keyboard is at it, it
// stays. When it goes with the focus, it sends `notice-gone` (bubbling).
import { el, send } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";

export class ParlourUndoBar extends HTMLElement {
  #undo;
  #bar = el("div", { class: "undo", role: "status" });
  #button;
  #gone = new AbortController();

  /** @param {import("../models/undo.js").Undo} undo */
  constructor(undo) {
    super();
    this.#undo = undo;
    this.#button = button("plain", () => undo.undo(), word("undo.go"));
  }

  connectedCallback() {
    const { signal } = this.#gone;
    this.replaceChildren(this.#bar);
    this.#undo.addEventListener("change", () => this.#show(), { signal });
    this.addEventListener("focusin", () => this.#hold(), { signal });
    this.addEventListener("focusout", () => this.#undo.resume(), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  takeFocus() {
    this.#button.focus();
  }

  #hold() {
    if (this.#button.matches(":focus-visible")) this.#undo.hold();
  }

  #show() {
    const hadFocus = this.contains(document.activeElement);
    const parts = [el("span", {}, word("undo.deleted")), this.#button];
    this.#bar.replaceChildren(...(this.#undo.isOffered ? parts : []));
    if (hadFocus && !this.#undo.isOffered) send(this, "notice-gone");
  }
}

customElements.define("parlour-undo-bar", ParlourUndoBar);
