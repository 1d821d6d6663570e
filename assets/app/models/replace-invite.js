// Putting a new link and code in the place of a participant's.
//
// Used by the question about it. It keeps neither link nor code.
import { parseToken } from "./code.js";

/** Refusals after which nobody knows whether it was done. */
const UNCERTAIN = new Set(["unreachable", "reconnect", "failed"]);

/**
 * Answers with the new invite. A link for oneself leads into the chat on this device, without its code, as
 * the old one did. Throws the house's Refusal.
 * @param {Pick<import("./api.js").Api, "replace">} api
 * @param {import("./seats.js").Seats} seats
 * @param {import("./chat-session.js").ChatSession} session
 * @param {string} participant
 * @param {boolean} isSigningOut whether the participant's devices are signed out, but for this one
 */
export async function replaceInvite(api, seats, session, participant, isSigningOut) {
  const request = () => api.replace(session.seat, participant, isSigningOut);
  const invite = await session.notices.own(participant, request);
  if (participant === session.chat.me) seats.remember(parseToken(invite.link) ?? "", session.seat);
  return invite;
}

/** Whether the old link may be gone all the same. @param {unknown} refusal */
export function isUncertain(refusal) {
  return UNCERTAIN.has(/** @type {{code?: string}} */ (refusal).code ?? "");
}
