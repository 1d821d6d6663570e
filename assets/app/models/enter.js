// Getting in: the link's token and the code become a seat of this device.
//
// Used by the join page and by "take me in" on the start page. It keeps the device secret and which link
// leads where; it never keeps the token or the code.

/**
 * Enters, and answers with the seat. Throws the house's Refusal.
 * @param {Pick<import("./api.js").Api, "enter">} api
 * @param {import("./seats.js").Seats} seats
 * @param {string} token
 * @param {string} code
 * @returns {Promise<string>}
 */
export async function enter(api, seats, token, code) {
  const before = seats.device;
  let answer = await admitted(api, seats, token, code);
  // Another tab was given a secret while this request was under way: this seat must go on the same keyring.
  if (answer.device && seats.device && seats.device !== before) answer = await api.enter(token, code);
  if (answer.device) seats.device = answer.device;
  seats.remember(token, answer.seat);
  return answer.seat;
}

/**
 * A device that the house does not know any more (its store was restored) begins anew.
 * @param {Pick<import("./api.js").Api, "enter">} api
 * @param {import("./seats.js").Seats} seats
 * @param {string} token
 * @param {string} code
 */
async function admitted(api, seats, token, code) {
  try {
    return await api.enter(token, code);
  } catch (refusal) {
    if (seats.device === undefined || /** @type {{code?: string}} */ (refusal).code !== "not_in")
      throw refusal;
    seats.device = undefined;
    return api.enter(token, code);
  }
}

/**
 * The seat that this device already holds behind a link. The house is asked, so that a seat that is gone is
 * not trusted.
 * @param {Pick<import("./api.js").Api, "seats">} api
 * @param {import("./seats.js").Seats} seats
 * @param {string} token
 */
export async function heldSeat(api, seats, token) {
  const seat = seats.behind(token);
  if (!seat || !seats.device) return undefined;
  const held = await api.seats().catch(() => ({ seats: [] }));
  return held.seats.some((row) => row.seat === seat) ? seat : undefined;
}
