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

export class ParlourSignedOut extends HTMLElement {
  #session;

  /** @param {Pick<import("../models/chat-session.js").ChatSession, "departure" | "unsent">} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    const { departure, unsent } = this.#session;
    const isOut = departure === "left_group";
    const title = el("h1", { tabindex: "-1" }, word(isOut ? "signed_out.group_title" : "signed_out.title"));
    const how = el("p", {}, word(`signed_out.${departure}`));
    const next = el("p", {}, word(isOut ? "signed_out.group_next" : "signed_out.next"));
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
