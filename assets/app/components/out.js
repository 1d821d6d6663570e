// Says that this device is not in the chat any more, what to do next, and what was typed and not sent.
//
//   const out = new ParlourOut();
//   out.show(talk);
//
// What was typed stands on the page alone: it is plain text, because browsers keep what stands in a field.
import { copy, el } from "../helpers/dom.js";
import { after } from "../helpers/home.js";
import { emptyChair } from "../helpers/scene.js";
import { word } from "../helpers/words.js";

const SAID_MS = 2_500;

export class ParlourOut extends HTMLElement {
  /** @param {Pick<import("../models/talk.js").Talk, "parting" | "unsent">} talk */
  show({ parting, unsent }) {
    const title = el("h1", { tabindex: "-1" }, word("out.title"));
    const how = el("p", {}, word(`out.${parting}`));
    const left = el("p", { class: "hint" }, word("out.empty"));
    const home = el("a", { class: "button", href: ".", "data-way": true }, word("ended.home"));
    const typed = unsent.length > 0 ? [typedHere(unsent)] : [];
    const parts = [emptyChair(), title, how, el("p", {}, word("out.next")), ...typed, left, home];
    this.replaceChildren(el("main", { class: "page card door" }, ...parts));
    title.focus();
  }
}

/** @param {string[]} unsent */
function typedHere(unsent) {
  const texts = unsent.map((text) => el("p", { class: "text", dir: "auto" }, text));
  const why = el("p", { id: "typed" }, word("out.typed"));
  const spoken = el("p", { class: "unseen", role: "status" });
  const button = el("button", { type: "button" }, word("out.copy"));
  button.addEventListener("click", async () => {
    const done = await copy(unsent.join("\n\n"));
    button.textContent = spoken.textContent = word(done ? "invite.copied" : "invite.not_copied");
    after(SAID_MS, () => {
      button.textContent = word("out.copy");
      spoken.textContent = "";
    });
  });
  return el("section", { class: "note typed", "aria-labelledby": "typed" }, why, ...texts, button, spoken);
}

customElements.define("parlour-out", ParlourOut);
