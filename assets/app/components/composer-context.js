// What is answered or edited with the text below it, until it is sent or called off.
//
//   const context = new ParlourComposerContext(() => cancelled());
//   context.show("reply", name, text);   or "edit"; without a text while that is not known
//   context.clear();
//
// It is as high before it is known what it is.
import { el, icon, name } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { phrase, word } from "../helpers/words.js";

/** As high as a line. */
const NO_TEXT = "\u00a0";
const CROSS = "M6 6l12 12M18 6L6 18";

export class ParlourComposerContext extends HTMLElement {
  #cancel;
  #shown = "";
  #said = el("p", { id: "composer-context" });

  /** @param {() => void} cancel */
  constructor(cancel) {
    super();
    this.#cancel = button("quiet", cancel, icon(CROSS));
    this.#cancel.setAttribute("aria-label", word("menu.cancel"));
  }

  connectedCallback() {
    this.hidden = true;
    this.replaceChildren(this.#said, this.#cancel);
  }

  /** @param {"reply" | "edit"} action @param {string} who @param {string} [text] */
  show(action, who, text) {
    const key = [action, who, text].join("\n");
    if (key === this.#shown) return;
    this.#shown = key;
    this.hidden = false;
    const known =
      action === "edit" ? [word("composer.editing")] : phrase("composer.reply", { name: name(who) });
    const lead = text === undefined ? [NO_TEXT] : known;
    const line = el("span", { dir: "auto" }, text?.slice(0, 200) ?? NO_TEXT);
    this.#said.replaceChildren(el("strong", {}, ...lead), line);
  }

  clear() {
    this.#shown = "";
    this.hidden = true;
    // The field is described by it, also while it is hidden.
    this.#said.replaceChildren();
  }
}

customElements.define("parlour-composer-context", ParlourComposerContext);
