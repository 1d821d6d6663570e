// The emoji with their names in the page's language. Fetched when they are first asked for: the service
// worker keeps them from then on.
import { Refusal } from "../models/refusal.js";
import { language } from "./words.js";

/** @typedef {import("../models/emoji-list.js").EmojiGroup} EmojiGroup */

/** @type {Promise<EmojiGroup[]> | undefined} */
let loading;

/** Throws that the house cannot be reached; then it is asked again the next time. */
export function emojiGroups() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** @returns {Promise<EmojiGroup[]>} */
async function load() {
  const link = document.querySelector(`link[data-emoji="${language()}"]`);
  const address = link instanceof HTMLLinkElement ? link.href : "";
  const answer = await fetch(address).catch(() => undefined);
  if (!answer?.ok) throw new Refusal({ code: "unreachable" });
  return answer.json();
}
