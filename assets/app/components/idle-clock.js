// How long the chat rests before it is destroyed, the final call of that clock, and "keep it".
//
//   const clock = new ParlourIdleClock();
//   clock.open(session, api);
//   clock.show();
import { el } from "../helpers/dom.js";
import { rests, when } from "../helpers/format.js";
import { after } from "../helpers/timer.js";
import { word } from "../helpers/words.js";

const SAID_MS = 3_000;

export class ParlourIdleClock extends HTMLElement {
  #rests = el("p", { class: "kept-until" });
  #call = el("p", { class: "final-call", role: "alert" });
  #spoken = el("p", { class: "visually-hidden", role: "status" });
  /** All that the button can say: it is as wide as the longest, so that nothing moves. */
  #says = new Map(["chat.keep", "chat.kept", "chat.not_kept"].map((key) => [key, el("span", {}, word(key))]));
  #keep = el("button", { class: "plain keep", type: "button" }, ...this.#says.values());
  /** @type {import("../models/chat-session.js").ChatSession | undefined} */
  #session;

  /** @param {import("../models/chat-session.js").ChatSession} session @param {import("../models/api.js").Api} api */
  open(session, api) {
    this.#session = session;
    this.#say("chat.keep");
    this.#keep.addEventListener("click", () => this.#ask(session, api));
    this.replaceChildren(this.#call, this.#rests, this.#keep, this.#spoken);
  }

  show() {
    const { due, finalCall } = this.#session?.chat ?? {};
    this.toggleAttribute("data-final", finalCall !== undefined);
    this.hidden = !due;
    setText(this.#call, finalCall ? word("chat.final", { time: when(finalCall) }) : "");
    setText(this.#rests, due && !finalCall ? rests(due) : "");
  }

  /** @param {import("../models/chat-session.js").ChatSession} session @param {import("../models/api.js").Api} api */
  async #ask(session, api) {
    const kept = await api.keep(session.seat).catch(() => undefined);
    if (kept) session.chat.keep(kept.due);
    const said = kept ? "chat.kept" : "chat.not_kept";
    this.#say(said);
    this.#spoken.textContent = word(said);
    after(SAID_MS, () => {
      this.#say("chat.keep");
      this.#spoken.textContent = "";
    });
  }

  /** @param {string} said */
  #say(said) {
    for (const [key, text] of this.#says) text.classList.toggle("now", key === said);
  }
}

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

customElements.define("parlour-idle-clock", ParlourIdleClock);
