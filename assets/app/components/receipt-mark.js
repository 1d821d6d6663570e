// The mark of a receipt beside a message of one's own. Stateless.
//
// A mark that is pressed sends `receipt-help` (bubbling, detail: the receipt and the seq of the message).
import { el, icon, send, visuallyHidden } from "../helpers/dom.js";
import { word } from "../helpers/words.js";

/** @type {Record<string, string>} */
const DRAWINGS = {
  WAITING: "M12 7v5l3 2M12 4a8 8 0 1 0 .01 0",
  SENT: "M5 13l4 4L19 7",
  DELIVERED: "M2 13l4 4L16 7M10 15l2 2L22 7",
  SEEN: "M2 11l4 4L16 5M10 13l2 2L22 5M4 21h16",
  REFUSED: "M12 6v8M12 17v1",
};

/** The drawing, and for a screen reader its name. @param {string} receipt */
export function namedMark(receipt) {
  return el("span", { class: "mark", "data-mark": receipt }, ...parts(receipt));
}

/** @param {string} receipt @param {number} seq of the message; 0 while it has none */
export function markButton(receipt, seq) {
  const button = el("button", { class: "mark", "data-mark": receipt, type: "button" });
  const question = receipt === "SEEN" ? "receipt_help.about" : "receipt_help.button";
  button.append(...parts(receipt), visuallyHidden(` ${word(question)}`));
  button.addEventListener("click", () => {
    send(button, "receipt-help", { receipt, seq });
  });
  return button;
}

/** @param {string} receipt */
function parts(receipt) {
  return [drawing(receipt), visuallyHidden(word(`receipt.${receipt}`))];
}

/** @param {string} receipt */
export function drawing(receipt) {
  return icon(DRAWINGS[receipt] ?? "");
}
