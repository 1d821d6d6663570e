// Who ended a chat, as one of its people is told. Stateless.

/**
 * @param {Pick<ChatEnding, "by" | "me">} ending
 * @returns {"you" | "other" | "clock" | "host" | undefined}
 */
export function endedBy({ by, me }) {
  if (by === undefined || by === "clock" || by === "host") return by;
  return by === me ? "you" : "other";
}
