// The devices that are in at one's own seat: in which order they stand, how one is signed out, and which one
// said a message.
//
// Used by "your devices" and by the menu of a message. It keeps nothing.

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

/**
 * Which device said a message of one's own: its row, `gone` where it is not in the list any more, or nothing
 * where the house does not know. Throws the house's Refusal.
 * @param {Pick<import("./api.js").Api, "page" | "devices">} api
 * @param {string} seat
 * @param {number} seq
 * @returns {Promise<DeviceRow | "gone" | undefined>}
 */
export async function deviceOf(api, seat, seq) {
  const [{ messages }, { devices }] = await Promise.all([api.page(seat, seq + 1, 1), api.devices(seat)]);
  const device = messages.find((message) => message.seq === seq)?.device;
  return device ? (devices.find((row) => row.device === device) ?? "gone") : undefined;
}
