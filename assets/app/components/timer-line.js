// Above the conversation: that what is said now vanishes, and after how long; nothing if it stays. A screen
// reader says both when it changes.
//
//   const line = new ParlourTimerLine(session);
//   line.show();   whenever the session changed
import { el, icon } from "../helpers/dom.js";
import { word } from "../helpers/words.js";

/** The sign of what vanishes by itself. */
export const HOURGLASS = "M6 3h12M6 21h12M8 3v3.5l4 5.5 4-5.5V3M8 21v-3.5l4-5.5 4 5.5V21";

export class ParlourTimerLine extends HTMLElement {
  #session;
  #said = el("p", { role: "status" });
  #turnedOff = el("p", { role: "status", class: "visually-hidden" });
  #shown = "never";

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    this.replaceChildren(this.#said, this.#turnedOff);
  }

  show() {
    const { vanishAfter, isKnown } = this.#session.chat;
    if (!isKnown || vanishAfter === this.#shown) return;
    this.#shown = vanishAfter;
    const isOn = vanishAfter !== "never";
    const said = () => word("agreed.timer_on", { time: word(`span.${vanishAfter}`) });
    this.#said.replaceChildren(...(isOn ? [icon(HOURGLASS), said()] : []));
    this.#turnedOff.textContent = isOn ? "" : word("agreed.timer_off");
  }
}

customElements.define("parlour-timer-line", ParlourTimerLine);
