// Entering: one keyring for all tabs, and no trust in a seat that the house does not know.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../assets/app/models/api.js";
import { enter, heldSeat } from "../../assets/app/models/enter.js";
import { Seats } from "../../assets/app/models/seats.js";
import { Storage, Time } from "./fakes.js";

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

test("a device that the house does not know any more starts over", async () => {
  const seats = new Seats(new Storage(), "/");
  seats.device = "stale";
  const knowsOnlyNew = async () => {
    if (seats.device) throw Object.assign(new Error(), { code: "not_in" });
    return answer("fresh");
  };
  assert.equal((await enter({ enter: knowsOnlyNew }, seats, ANNYS, "K7QM-3XRP")).seat, "chat-1");
  assert.equal(seats.device, "fresh");
});

test("a person who comes in gets the chat at once, and says what this device does not tell", async () => {
  const seats = new Seats(new Storage(), "/");
  const chat = { me: "1", head: 0, idle: "1d", due: "", participants: [], messages: [] };
  /** @type {unknown[]} */
  const asked = [];
  const api = {
    /** @param {string} token @param {string} code @param {string[]} withholds */
    enter: async (token, code, withholds) => {
      asked.push([token, code, withholds]);
      return { ...answer("fresh"), chat };
    },
  };
  const entered = await enter(api, seats, ANNYS, "K7QM-3XRP", ["typing", "seen"]);
  assert.deepEqual(asked, [[ANNYS, "K7QM-3XRP", ["typing", "seen"]]]);
  assert.equal(entered.chat, chat);
  assert.equal(seats.behind(ANNYS), "chat-1");
});

test("a device that tells everything says nothing of withholding", async () => {
  /** @type {string[]} */
  const bodies = [];
  const fetch = async (/** @type {unknown} */ _address, /** @type {RequestInit} */ request) => {
    bodies.push(String(request.body));
    return Response.json(answer("D"));
  };
  const api = new Api({
    base: "http://house/api/v1/",
    device: () => undefined,
    fetch: /** @type {typeof globalThis.fetch} */ (fetch),
    after: new Time().after,
  });
  await api.enter(ANNYS, "K7QM-3XRP", []);
  await api.enter(ANNYS, "K7QM-3XRP", ["here"]);
  const body = { token: ANNYS, code: "K7QM-3XRP" };
  assert.deepEqual(
    bodies.map((text) => JSON.parse(text)),
    [body, { ...body, withholds: ["here"] }],
  );
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

test("a house that does not answer is no reason to ask for a code again", async () => {
  const seats = new Seats(new Storage(), "/");
  seats.device = "secret";
  seats.remember(ANNYS, "chat-1");
  /** @param {string} code */
  const refusing = (code) => ({
    seats: async () => {
      throw Object.assign(new Error(), { code });
    },
  });
  await assert.rejects(heldSeat(refusing("unreachable"), seats, ANNYS), { code: "unreachable" });
  assert.equal(await heldSeat(refusing("not_in"), seats, ANNYS), undefined);
});

/** @param {string | undefined} device @returns {EnterAnswer} */
function answer(device) {
  return { device, seat: "chat-1", name: "Anny", others: ["Abhi"] };
}
