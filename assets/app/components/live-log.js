// Reads what is new to a screen reader, once.
//
//   const log = new ParlourLiveLog();
//   log.speak("Abhi: ", "Good evening");
import { el } from "../helpers/dom.js";
import { after } from "../helpers/timer.js";

const KEPT_MS = 6_000;

export class ParlourLiveLog extends HTMLElement {
  connectedCallback() {
    this.className = "visually-hidden";
    this.setAttribute("role", "log");
    this.setAttribute("aria-live", "polite");
  }

  /** @param {...string} said */
  speak(...said) {
    const line = el("p", {}, ...said);
    this.append(line);
    after(KEPT_MS, () => line.remove());
  }
}

customElements.define("parlour-live-log", ParlourLiveLog);
