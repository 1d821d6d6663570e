// In the menu: how long messages stay and how long the chat may go unused, each as it is now.
//
//   const times = new ParlourAgreedTimes();
//   times.show(chat);   whenever the chat changed
//
// Sends `open-timer` or `open-idle` (bubbling) when one of them is to be changed.
import { el, send, setText } from "../helpers/dom.js";
import { duration } from "../helpers/format.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { AGREED_TIMES } from "../models/agreed-times.js";

const ORDER = /** @type {const} */ (["timer", "idle"]);

export class ParlourAgreedTimes extends HTMLElement {
  #rows = ORDER.map((which) => {
    const now = el("span", { class: "now" });
    const ask = () => send(this, `open-${which}`);
    const row = button("agreed", ask, el("span", {}, word(`agreed.title.${which}`)), " ", now);
    return { which, now, row };
  });

  connectedCallback() {
    this.replaceChildren(...this.#rows.map(({ row }) => row));
  }

  /** @param {import("../models/chat.js").Chat} chat */
  show(chat) {
    for (const { which, now, row } of this.#rows) {
      row.disabled = !chat.isKnown || !chat.may("set_times");
      setText(now, chat.isKnown ? agreedWords(AGREED_TIMES[which].now(chat)) : "");
    }
  }
}

/** @param {string} written */
export function agreedWords(written) {
  return written === "never" ? word("agreed.never") : duration(written);
}

customElements.define("parlour-agreed-times", ParlourAgreedTimes);
