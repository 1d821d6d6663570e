// How long the chat is kept if nobody uses it, the final call before its end, and "keep this chat".
//
//   const clock = new ParlourIdleClock(session);
//   clock.show();
import { el, setText } from "../helpers/dom.js";
import { keptUntil, when } from "../helpers/format.js";
import { after } from "../helpers/timer.js";
import { button, spokenLine } from "../helpers/parts.js";
import { word } from "../helpers/words.js";

const IDLE_SAID_MS = 3_000;

export class ParlourIdleClock extends HTMLElement {
  #session;
  #keptUntil = el("p", { class: "kept-until" });
  #finalCall = el("p", { class: "final-call", role: "alert" });
  #spoken = spokenLine();
  /** All that the button can say: it is as wide as the longest, so that nothing moves. */
  #labels = new Map(
    ["chat.keep", "chat.kept", "chat.not_kept"].map((key) => [key, el("span", {}, word(key))]),
  );
  #keep = button("plain keep", () => this.#ask());

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    this.#keep.replaceChildren(...this.#labels.values());
    this.#label("chat.keep");
    this.replaceChildren(this.#finalCall, this.#keptUntil, this.#keep, this.#spoken);
  }

  show() {
    const { due, finalCall } = this.#session.chat;
    this.toggleAttribute("data-final", finalCall !== undefined);
    this.hidden = !due;
    setText(this.#finalCall, finalCall ? word("chat.final", { time: when(finalCall) }) : "");
    setText(this.#keptUntil, due && !finalCall ? keptUntil(due) : "");
  }

  async #ask() {
    const said = await this.#session.keep().then(
      () => "chat.kept",
      () => "chat.not_kept",
    );
    this.#label(said);
    this.#spoken.textContent = word(said);
    after(IDLE_SAID_MS, () => {
      this.#label("chat.keep");
      this.#spoken.textContent = "";
    });
  }

  /** @param {string} said */
  #label(said) {
    for (const [key, text] of this.#labels) text.classList.toggle("now", key === said);
  }
}

customElements.define("parlour-idle-clock", ParlourIdleClock);
