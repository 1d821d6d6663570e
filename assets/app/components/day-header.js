// The day of what is at the top of the messages stays in sight, but for the moment when its own line is
// there.
//
//   const header = new ParlourDayHeader();
//   header.show(row, isBelowFirst);
import { setText } from "../helpers/dom.js";
import { day } from "../helpers/format.js";

export class ParlourDayHeader extends HTMLElement {
  connectedCallback() {
    this.className = "day floating-day";
    this.hidden = true;
    this.setAttribute("aria-hidden", "true");
  }

  /** @param {import("../models/timeline.js").Row | undefined} row at the top @param {boolean} isBelowFirst */
  show(row, isBelowFirst) {
    this.hidden = !isBelowFirst || row === undefined || row.kind === "day";
    setText(this, row ? day(row.at) : "");
  }
}

customElements.define("parlour-day-header", ParlourDayHeader);
