// A chat as a text file: a line for each message, in the time of this device.
//
// The house would write UTC: only a browser knows its time zone, and what the clock there said on the day.
import { isSaid } from "./message-kind.js";

/** What does something to a terminal instead of being shown: controls, and what turns text the other way. */
const DOING = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * What people said, and can be read. Further lines of a message are set in, so that none passes for a
 * message.
 * @param {{messages: Omit<ChatMessage, "seq">[]}} transcript
 * @param {string} unsupported what is written of a message that this version cannot show
 */
export function transcriptText({ messages }, unsupported) {
  return messages
    .filter(isSaid)
    .map(({ from, at, text = unsupported }) => `[${minute(new Date(at))}] ${from}: ${printable(text)}\n`)
    .join("");
}

/** @param {string} text */
function printable(text) {
  return text.replace(/\r\n|[\r\n\u2028\u2029]/g, "\n    ").replace(DOING, "");
}

/** Such as `2026-11-21 19:42 +01:00`, which also tells the two hours of an autumn night apart. */
function minute(/** @type {Date} */ at) {
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  const offset = -at.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const zone = `${offset < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())} ${zone}`;
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}
