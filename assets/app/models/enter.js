// Getting in: the link's token and the code become a seat of this device.
//
// Used by the join page and by "take me in" on the start page. It keeps the device secret and which link
// leads where; it never keeps the token or the code.

/**
 * Enters, and answers with the seat and the state of the chat. Throws the house's Refusal.
 * @param {Pick<import("./api.js").Api, "enter">} api
 * @param {import("./seats.js").Seats} seats
 * @param {string} token
 * @param {string} code
 * @param {string[]} [withholds] what this device does not tell
 * @returns {Promise<EnterAnswer>}
 */
export async function enter(api, seats, token, code, withholds = []) {
  const before = seats.device;
  const ask = () => api.enter(token, code, withholds);
  let answer = await admitted(seats, ask);
  // Another tab was given a secret while this request was under way: this seat must go on the same keyring.
  if (answer.device && seats.device && seats.device !== before) answer = await ask();
  if (answer.device) seats.device = answer.device;
  seats.remember(token, answer.seat);
  return answer;
}

/**
 * A device that the house does not know any more (its store was restored) starts again without a secret.
 * @param {import("./seats.js").Seats} seats
 * @param {() => Promise<EnterAnswer>} ask
 */
async function admitted(seats, ask) {
  try {
    return await ask();
  } catch (refusal) {
    if (seats.device === undefined || /** @type {{code?: string}} */ (refusal).code !== "not_in")
      throw refusal;
    seats.device = undefined;
    return ask();
  }
}

/**
 * The seat that this device already holds behind a link. The house is asked, so that a seat that is gone is
 * not trusted; a house that does not answer is no reason to ask for a code again. Throws its Refusal.
 * @param {Pick<import("./api.js").Api, "seats">} api
 * @param {import("./seats.js").Seats} seats
 * @param {string} token
 */
export async function heldSeat(api, seats, token) {
  const seat = seats.behind(token);
  if (!seat || !seats.device) return undefined;
  const held = await api.seats().catch((refusal) => {
    if (refusal.code === "not_in") return { seats: [] };
    throw refusal;
  });
  return held.seats.some((row) => row.seat === seat) ? seat : undefined;
}
