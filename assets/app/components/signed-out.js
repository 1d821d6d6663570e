// Says that this device is not in the chat any more, what to do next, and what was typed and not sent.
//
//   new ParlourSignedOut(session);
//
// What was typed is on the page alone: it is plain text, because browsers keep what is in a field.
import { el } from "../helpers/dom.js";
import { chairIllustration } from "../helpers/illustrations.js";
import { homeLink } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { ParlourCopyButton } from "./copy-button.js";

/** By how the seat was lost: the title, and what to do next. */
const WORDS = /** @type {const} */ ({
  left: ["signed_out.title", "signed_out.next"],
  signed_out: ["signed_out.title", "signed_out.next"],
  left_group: ["signed_out.group_title", "signed_out.group_next"],
  out_of_group: ["signed_out.out_title", "signed_out.out_next"],
});

export class ParlourSignedOut extends HTMLElement {
  #session;

  /** @param {Pick<import("../models/chat-session.js").ChatSession, "departure" | "unsent">} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    const { departure, unsent } = this.#session;
    const [called, then] = WORDS[departure ?? "signed_out"];
    const title = el("h1", { tabindex: "-1" }, word(called));
    const how = el("p", {}, word(`signed_out.${departure}`));
    const next = el("p", {}, word(then));
    const typed = unsent.length > 0 ? typedHere(unsent) : undefined;
    const left = el("p", { class: "hint" }, word("signed_out.empty"));
    const home = homeLink();
    const parts = [chairIllustration(), title, how, next, typed, left, home];
    this.replaceChildren(el("main", { class: "page card narrow" }, ...parts));
    title.focus();
  }
}

/** @param {string[]} unsent */
function typedHere(unsent) {
  const texts = unsent.map((text) => el("p", { class: "text", dir: "auto" }, text));
  const why = el("p", { id: "typed" }, word("signed_out.typed"));
  const copy = new ParlourCopyButton(() => unsent.join("\n\n"), "signed_out.copy");
  return el("section", { class: "note typed", "aria-labelledby": "typed" }, why, ...texts, copy);
}

customElements.define("parlour-signed-out", ParlourSignedOut);
