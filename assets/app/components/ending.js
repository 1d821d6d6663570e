// Says how a chat ended, where everything else has been taken away.
//
//   const ending = new ParlourEnding();
//   ending.show({ by: "other", name: "Abhi", at: "2026-11-21T18:42:00.000Z", messages: 214 });
//
// Used by the join page and the chat page. Without `by` and `at` it says that the chat is not here any
// more.
import { el, name } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";

export class ParlourEnding extends HTMLElement {
  /** @param {ChatEnding} ending */
  show(ending) {
    const title = el("h1", { tabindex: "-1" }, word(isKnown(ending) ? "ended.title" : "gone.title"));
    const how = el("p", { class: "how" });
    how.append(...(isKnown(ending) ? howItEnded(ending) : [word("gone.why")]));
    const home = el("a", { class: "button", href: "." }, word("ended.home"));
    this.replaceChildren(el("main", { class: "page card ending" }, title, how, home));
    title.focus();
  }
}

/** @param {ChatEnding} ending */
function isKnown(ending) {
  return ending.by !== undefined || ending.at !== undefined;
}

/** @param {ChatEnding} ending */
function howItEnded({ by, at, messages, name: who }) {
  const key = by === "other" && !who ? "ended.someone" : `ended.${by ?? "unknown"}`;
  const sentence = phrase(key, { name: name(who ?? ""), time: at ? moment(at) : "" });
  return messages === undefined ? sentence : [...sentence, " ", word("ended.messages", { n: messages })];
}

customElements.define("parlour-ending", ParlourEnding);
