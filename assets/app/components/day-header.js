// The day of what is at the top of the messages stays in sight, but for the moment when its own line is there.
//
//   const header = new ParlourDayHeader();
//   header.show(row, isScrolled);
import { el, setText } from "../helpers/dom.js";
import { day } from "../helpers/format.js";

export class ParlourDayHeader extends HTMLElement {
  #day = el("p", { class: "day floating-day", "aria-hidden": "true", hidden: true });

  connectedCallback() {
    this.replaceChildren(this.#day);
  }

  /** @param {import("../models/timeline.js").Row | undefined} row at the top @param {boolean} isBelowTop */
  show(row, isBelowTop) {
    this.#day.hidden = !isBelowTop || row === undefined || row.kind === "day";
    setText(this.#day, row ? day(row.at) : "");
  }
}

customElements.define("parlour-day-header", ParlourDayHeader);
