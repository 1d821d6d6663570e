// What of a conversation is copied: what was said, without buttons and marks. Stateless.
import { word } from "./words.js";

/** @typedef {{name: string, time: string}} Saying who said a message, and when */

/**
 * The marked text of one message as it is; of several, each below its name and time. Nothing where no message
 * is marked.
 * @param {Element[]} rows messages, from top to bottom
 * @param {Selection | null} selection
 * @param {(row: Element) => Saying} saying
 */
export function copiedText(rows, selection, saying) {
  const all = rows.map((row) => ({ row, text: markedIn(row, selection) }));
  const marked = all.filter(({ text }) => text !== "");
  if (marked.length < 2) return marked[0]?.text ?? "";
  return marked.map(({ row, text }) => `${word("copied.heading", saying(row))}\n${text}`).join("\n\n");
}

/** @param {Element} row @param {Selection | null} selection */
function markedIn(row, selection) {
  const text = row.querySelector(".text");
  if (!text || !selection || selection.rangeCount === 0) return "";
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(text)) return "";
  const whole = document.createRange();
  whole.selectNodeContents(text);
  const isInside = (/** @type {number} */ how) => range.compareBoundaryPoints(how, whole) > 0;
  const part = whole.cloneRange();
  if (isInside(Range.START_TO_START)) part.setStart(range.startContainer, range.startOffset);
  if (!isInside(Range.END_TO_END)) part.setEnd(range.endContainer, range.endOffset);
  return part.toString();
}
