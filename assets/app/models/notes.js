// What a note says happened in the chat, as the key of a sentence and what fills its gaps. Stateless.

/** The times that there are words for. */
const SPANS = new Set(["1h", "1d", "1w", "4w", "1mo", "6mo"]);

/** @typedef {{key: string, other: string, span: string}} Said `other` is a participant, if it has one */

/**
 * Nothing where this version does not know what happened.
 * @param {ChatMessage} message
 * @param {string} me
 * @returns {Said | undefined}
 */
export function saidOfNote({ from, note }, me) {
  const { participant: other = "", after, idle } = note ?? {};
  const what = keyOf(note ?? { what: "" }, whose(other, from, me));
  if (!what) return undefined;
  return { key: `${from === me ? "you" : "name"}.${what}`, other, span: after ?? idle ?? "" };
}

/** @param {Note} note @param {string} owner whose link it was @returns {string | undefined} */
function keyOf({ what, after = "", idle = "" }, owner) {
  if (what === "new-device") return "new_device";
  if (what === "replaced") return `replaced${owner}`;
  if (what === "vanish" && after === "never") return "stay";
  const isKnown = (what === "vanish" && SPANS.has(after)) || (what === "idle" && SPANS.has(idle));
  return isKnown ? what : undefined;
}

/** @param {string} participant @param {string} from @param {string} me */
function whose(participant, from, me) {
  if (participant === from) return "_own";
  return participant === me ? "_yours" : "";
}
