// What a note says happened in the chat, as the key of a sentence and what fills its gaps. Stateless.
import { ROLES } from "./deeds.js";

/** The times that there are words for. */
const SPANS = new Set(["1h", "1d", "1w", "4w", "1mo", "6mo"]);

const WRITERS = new Set(["everybody", "admins"]);

/**
 * Which sentence it is; nothing where there is none for it.
 * @type {Record<string, (note: Note, owner: string) => string | undefined>}
 */
const KEYS = {
  "new-device": () => "new_device",
  replaced: (_, owner) => `replaced${owner}`,
  vanish: ({ after = "" }) => (after === "never" ? "stay" : SPANS.has(after) ? "vanish" : undefined),
  idle: ({ idle = "" }) => (SPANS.has(idle) ? "idle" : undefined),
  added: ({ history }, owner) => `added${history ? "_all" : ""}${owner}`,
  removed: () => "removed",
  left: () => "left",
  role: ({ role }, owner) => (role && ROLES.includes(role) ? `role_${role}${owner}` : undefined),
  heir: (_, owner) => `heir${owner}`,
  renamed: () => "renamed",
  described: () => "described",
  writers: ({ writers = "" }) => (WRITERS.has(writers) ? `writers_${writers}` : undefined),
  roster: ({ roster = "" }) => (WRITERS.has(roster) ? `roster_${roster}` : undefined),
};
/** @typedef {{key: string, other: string, span: string}} Said `other` is a participant, if it has one */

/**
 * Nothing where this version does not know what happened.
 * @param {ChatMessage} message
 * @param {string} me
 * @returns {Said | undefined}
 */
export function saidOfNote({ from, note }, me) {
  const { participant: other = "", after, idle } = note ?? {};
  const what = note && KEYS[note.what]?.(note, whose(other, from, me));
  if (!what) return undefined;
  return { key: `${from === me ? "you" : "name"}.${what}`, other, span: after ?? idle ?? "" };
}

/** @param {string} participant @param {string} from @param {string} me */
function whose(participant, from, me) {
  if (participant === from) return "_own";
  return participant === me ? "_yours" : "";
}
