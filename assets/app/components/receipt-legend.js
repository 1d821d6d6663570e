// What the marks of receipts mean. Stateless.
import { el, visuallyHidden } from "../helpers/dom.js";
import { word } from "../helpers/words.js";
import { drawing } from "./receipt-mark.js";

const EXPLAINED = ["WAITING", "SENT", "DELIVERED", "SEEN"];
/** In a group these are for all. */
const FOR_ALL = ["DELIVERED", "SEEN"];

/** @param {boolean} isGroup */
export function receiptLegend(isGroup) {
  const lines = EXPLAINED.map((receipt) => {
    const what = visuallyHidden(word("chat.they_said", { name: word(`receipt.${receipt}`) }));
    const mark = el("span", { class: "mark", "data-mark": receipt }, drawing(receipt));
    const meaning = isGroup && FOR_ALL.includes(receipt) ? `marks.all_${receipt}` : `marks.${receipt}`;
    return el("li", {}, mark, el("span", {}, what, word(meaning)));
  });
  return el("div", { class: "legend" }, el("h3", {}, word("marks.title")), el("ul", {}, ...lines));
}
