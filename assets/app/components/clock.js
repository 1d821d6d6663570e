// How long the chat rests before it is destroyed, the final call of that clock, and "keep it".
//
//   const clock = new ParlourClock();
//   clock.open(talk, api);
//   clock.show();
import { el } from "../helpers/dom.js";
import { moment, when } from "../helpers/format.js";
import { after } from "../helpers/home.js";
import { word } from "../helpers/words.js";

const SAID_MS = 3_000;

export class ParlourClock extends HTMLElement {
  #rests = el("p", { class: "rests" });
  #call = el("p", { class: "call", role: "alert" });
  #spoken = el("p", { class: "unseen", role: "status" });
  #keep = el("button", { class: "plain", type: "button" }, word("chat.keep"));
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/api.js").Api} api */
  open(talk, api) {
    this.#talk = talk;
    this.#keep.addEventListener("click", () => this.#ask(talk, api));
    this.replaceChildren(this.#call, this.#rests, this.#keep, this.#spoken);
  }

  show() {
    const { due, finalCall } = this.#talk?.chat ?? {};
    this.toggleAttribute("data-final", finalCall !== undefined);
    this.hidden = !due;
    setText(this.#call, finalCall ? word("chat.final", { time: when(finalCall) }) : "");
    setText(this.#rests, due && !finalCall ? word("chat.rests", { time: moment(due) }) : "");
  }

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/api.js").Api} api */
  async #ask(talk, api) {
    const kept = await api.keep(talk.seat).catch(() => undefined);
    if (kept) talk.chat.keep(kept.due);
    const said = word(kept ? "chat.kept" : "chat.not_kept");
    this.#keep.textContent = this.#spoken.textContent = said;
    after(SAID_MS, () => {
      this.#keep.textContent = word("chat.keep");
      this.#spoken.textContent = "";
    });
  }
}

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

customElements.define("parlour-clock", ParlourClock);
