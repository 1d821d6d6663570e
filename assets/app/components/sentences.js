/**
 * Sentences that several elements say: what a refusal means, how far links work, how a chat ended.
 */
import { Refused } from "../models/api.js";
import { say } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { word } from "../helpers/words.js";

/**
 * How far links work, where that is not everywhere.
 * @param {HTMLElement} target
 * @param {string} reach
 */
export function sayReach(target, reach) {
  target.hidden = reach === "anywhere";
  if (!target.hidden) say(target, word(`start.reach.${reach}`));
}

/**
 * What a person is told of an error.
 * @param {unknown} error
 */
export function sentence(error) {
  if (!(error instanceof Refused)) return word("error.unknown");
  if (error.code === "network") return word("error.network");
  return error.message || word("error.unknown");
}

/**
 * @param {any} ended `at`, `by` and `messages`, from a frame or a refusal
 * @param {string} other the other person's name, where it is still known
 */
export function howItEnded(ended, other) {
  const when = moment(new Date(ended.at));
  if (ended.by === "other" && other === "") return word("ended.other_nameless", { when });
  return word(`ended.${ended.by}`, { when, name: other });
}

/** @param {any} ended */
export function howMuch(ended) {
  return word("ended.count", { count: Number(ended.messages ?? 0) });
}
