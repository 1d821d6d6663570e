// Says that this device is not in the chat any more, what to do next, and what was typed and not sent.
//
//   new ParlourSignedOut(session);
//
// What was typed is on the page alone: it is plain text, because browsers keep what is in a field.
import { copyText, el } from "../helpers/dom.js";
import { chairIllustration } from "../helpers/illustrations.js";
import { after } from "../helpers/timer.js";
import { word } from "../helpers/words.js";

const SAID_MS = 2_500;

export class ParlourSignedOut extends HTMLElement {
  #session;

  /** @param {Pick<import("../models/chat-session.js").ChatSession, "departure" | "unsent">} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    const { departure, unsent } = this.#session;
    const title = el("h1", { tabindex: "-1" }, word("signed_out.title"));
    const how = el("p", {}, word(`signed_out.${departure}`));
    const next = el("p", {}, word("signed_out.next"));
    const typed = unsent.length > 0 ? typedHere(unsent) : undefined;
    const left = el("p", { class: "hint" }, word("signed_out.empty"));
    const home = el("a", { class: "button", href: ".", "data-route": true }, word("ended.home"));
    const parts = [chairIllustration(), title, how, next, typed, left, home];
    this.replaceChildren(el("main", { class: "page card narrow" }, ...parts));
    title.focus();
  }
}

/** @param {string[]} unsent */
function typedHere(unsent) {
  const texts = unsent.map((text) => el("p", { class: "text", dir: "auto" }, text));
  const why = el("p", { id: "typed" }, word("signed_out.typed"));
  const spoken = el("p", { class: "visually-hidden", role: "status" });
  const button = el("button", { type: "button" }, word("signed_out.copy"));
  button.addEventListener("click", async () => {
    const done = await copyText(unsent.join("\n\n"));
    button.textContent = spoken.textContent = word(done ? "invite.copied" : "invite.not_copied");
    after(SAID_MS, () => {
      button.textContent = word("signed_out.copy");
      spoken.textContent = "";
    });
  });
  return el("section", { class: "note typed", "aria-labelledby": "typed" }, why, ...texts, button, spoken);
}

customElements.define("parlour-signed-out", ParlourSignedOut);
