// Entering: one keyring for all tabs, and no trust in a seat that the house does not know.
import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, heldSeat } from "../../assets/app/models/enter.js";
import { Seats } from "../../assets/app/models/seats.js";
import { Storage } from "./fakes.js";

const ANNYS = "0123456789ABCDEFGHJKMNPQRS";
const ABHIS = "ZYXWVTSRQPNMKJHGFEDCBA9876";

test("two tabs that enter at once end on one keyring", async () => {
  const seats = new Seats(new Storage(), "/");
  let asked = 0;
  const otherTabWasFirst = async () => {
    asked += 1;
    if (asked === 1) seats.device = "of the other tab";
    return answer(asked === 1 ? "of this tab" : undefined);
  };
  await enter({ enter: otherTabWasFirst }, seats, ANNYS, "K7QM-3XRP");
  assert.equal(seats.device, "of the other tab");
  assert.equal(asked, 2);
});

test("a device that the house does not know any more begins anew", async () => {
  const seats = new Seats(new Storage(), "/");
  seats.device = "stale";
  const knowsOnlyNew = async () => {
    if (seats.device) throw Object.assign(new Error(), { code: "not_in" });
    return answer("fresh");
  };
  assert.equal(await enter({ enter: knowsOnlyNew }, seats, ANNYS, "K7QM-3XRP"), "chat-1");
  assert.equal(seats.device, "fresh");
});

test("a wrong code is passed on, and the device stays who it is", async () => {
  const seats = new Seats(new Storage(), "/");
  seats.device = "secret";
  const refuses = async () => {
    throw Object.assign(new Error(), { code: "wrong_code" });
  };
  await assert.rejects(enter({ enter: refuses }, seats, ANNYS, "0000-0000"), { code: "wrong_code" });
  assert.equal(seats.device, "secret");
});

test("a link that was used here leads in only while the house knows the seat", async () => {
  const seats = new Seats(new Storage(), "/");
  seats.device = "secret";
  seats.remember(ANNYS, "chat-1");
  /** @param {string} seat */
  const holding = (seat) => ({ seats: async () => ({ seats: [/** @type {SeatRow} */ ({ seat })] }) });
  assert.equal(await heldSeat(holding("chat-1"), seats, ANNYS), "chat-1");
  assert.equal(await heldSeat(holding("chat-2"), seats, ANNYS), undefined);
  assert.equal(await heldSeat(holding("chat-1"), seats, ABHIS), undefined);
});

/** @param {string | undefined} device @returns {EnterAnswer} */
function answer(device) {
  return { device, seat: "chat-1", name: "Anny", others: ["Abhi"] };
}
