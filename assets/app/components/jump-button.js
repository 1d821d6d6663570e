// The button that leads to the newest message, and says how many are new.
//
//   const jump = new ParlourJumpButton();
//   jump.addEventListener("click", toEnd);
//   jump.show(isAtEnd, unread);
import { el, setText } from "../helpers/dom.js";
import { word } from "../helpers/words.js";

export class ParlourJumpButton extends HTMLElement {
  #button = el("button", { class: "jump", type: "button", hidden: true });

  connectedCallback() {
    this.replaceChildren(this.#button);
  }

  /** @param {boolean} isAtEnd @param {number} unread */
  show(isAtEnd, unread) {
    this.#button.hidden = isAtEnd;
    setText(this.#button, unread > 0 ? word("chat.new", { n: unread }) : word("chat.to_end"));
  }
}

customElements.define("parlour-jump-button", ParlourJumpButton);
