// The message that another one answers, as it is now: who said it, and its first line. Stateless.
//
// A quote that is pressed sends `go-to` (bubbling, detail: the seq). Its height is the same before the
// message is known, so nothing moves when it comes.
import { el, name, send, visuallyHidden } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { isSaid } from "../models/message-kind.js";

/** More of a line than any screen has room for. */
const LINE_CHARS = 200;

/** @param {import("../models/timeline.js").Quote} quote */
export function quoteElement({ seq, message, name: who }) {
  const quote = button("quote", () => send(quote, "go-to", seq), visuallyHidden(word("message.answers")));
  if (message && isSaid(message)) quote.append(name(who), line(message.text ?? word("chat.unsupported")));
  else if (message) quote.append(line(word("message.gone")));
  return quote;
}

/** @param {string} text */
function line(text) {
  return el("span", { dir: "auto" }, text.slice(0, LINE_CHARS).trim().replace(/\s+/g, " "));
}
