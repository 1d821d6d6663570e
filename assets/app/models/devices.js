// The devices that are in at one's own seat: in which order they stand, and how one is signed out.
//
// Used by "your devices". It keeps nothing.

/**
 * This device first, then the one that came in last: of two that are told apart by their times alone, the
 * newer is the one that is looked for.
 * @param {DeviceRow[]} rows as the house lists them
 */
export function byNewest(rows) {
  const newest = [...rows].sort((one, other) => Date.parse(other.since) - Date.parse(one.since));
  return [...newest.filter((row) => row.this), ...newest.filter((row) => !row.this)];
}

/**
 * Throws the house's Refusal.
 * @param {Pick<import("./api.js").Api, "signOut">} api
 * @param {import("./chat-session.js").ChatSession} session
 * @param {DeviceRow} row
 */
export async function signOut(api, session, { device, this: isThis }) {
  const request = () => api.signOut(session.seat, device);
  await (isThis ? session.leave(request) : request());
}
