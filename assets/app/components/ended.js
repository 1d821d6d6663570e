// Says how a chat ended, where everything else has been taken away: `by` is `you`, `other`, `clock` or
// `host`.
//
// Without `by` and `at` it says that the chat is not here any more.
import { el, name } from "../helpers/dom.js";
import { when } from "../helpers/format.js";
import { chairIllustration } from "../helpers/illustrations.js";
import { homeLink } from "../helpers/parts.js";
import { phrase, word } from "../helpers/words.js";

export class ParlourEnded extends HTMLElement {
  #ending;

  /** @param {ChatEnding} ending */
  constructor(ending) {
    super();
    this.#ending = ending;
  }

  connectedCallback() {
    const isKnown = this.#ending.by !== undefined || this.#ending.at !== undefined;
    const title = el("h1", { tabindex: "-1" }, word(isKnown ? "ended.title" : "gone.title"));
    const how = el("p", { class: "how" });
    how.append(...(isKnown ? howItEnded(this.#ending) : [word("gone.why")]));
    const { messages } = this.#ending;
    const counted =
      isKnown && messages !== undefined ? el("p", {}, word("ended.messages", { n: messages })) : undefined;
    const left = isKnown ? el("p", { class: "hint" }, word("ended.left")) : undefined;
    const parts = [chairIllustration(), title, how, counted, left, homeLink()];
    this.replaceChildren(el("main", { class: "page card narrow" }, ...parts));
    title.focus();
  }
}

/** @param {ChatEnding} ending */
function howItEnded({ by, at, name: who }) {
  const key = by === "other" && !who ? "ended.someone" : `ended.${by ?? "unknown"}`;
  return phrase(key, { name: name(who ?? ""), when: at ? when(at) : "" });
}

customElements.define("parlour-ended", ParlourEnded);
