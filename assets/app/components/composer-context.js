// What is answered or edited with the text below it, until it is sent or called off.
//
//   const context = new ParlourComposerContext(() => cancelled());
//   context.show("reply", name, subject);   or "edit"; the subject is a message, or an entry of the outbox
//   context.clear();
import { el, icon, name } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { phrase, word } from "../helpers/words.js";
import { textOfSubject } from "../models/message-actions.js";

const CROSS = "M6 6l12 12M18 6L6 18";

export class ParlourComposerContext extends HTMLElement {
  /** @type {"reply" | "edit" | undefined} */
  action;
  /** @type {import("../models/message-actions.js").Subject | undefined} */
  subject;
  #cancel;
  #said = el("p", { id: "composer-context" });

  /** @param {() => void} cancel */
  constructor(cancel) {
    super();
    this.#cancel = button("quiet", cancel, icon(CROSS));
    this.#cancel.setAttribute("aria-label", word("menu.cancel"));
  }

  connectedCallback() {
    this.hidden = this.subject === undefined;
    this.replaceChildren(this.#said, this.#cancel);
  }

  /**
   * @param {"reply" | "edit"} action
   * @param {string} who
   * @param {import("../models/message-actions.js").Subject} subject
   */
  show(action, who, subject) {
    this.action = action;
    this.subject = subject;
    this.hidden = false;
    const lead =
      action === "edit" ? [word("composer.editing")] : phrase("composer.reply", { name: name(who) });
    const text = textOfSubject(subject) ?? word("chat.unsupported");
    this.#said.replaceChildren(el("strong", {}, ...lead), el("span", { dir: "auto" }, text.slice(0, 200)));
  }

  clear() {
    this.action = this.subject = undefined;
    this.hidden = true;
  }
}

customElements.define("parlour-composer-context", ParlourComposerContext);
