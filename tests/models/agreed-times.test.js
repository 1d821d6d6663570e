// How long messages stay and how long a chat may go unused: what people agree on, and which messages say that
// they will vanish.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AGREED_TIMES } from "../../assets/app/models/agreed-times.js";
import { Api } from "../../assets/app/models/api.js";
import { Chat } from "../../assets/app/models/chat.js";
import { durationMs } from "../../assets/app/models/duration.js";
import { Timeline } from "../../assets/app/models/timeline.js";
import { Time, settled } from "./fakes.js";
import { AT, CHAT, SEAT, message, page, people } from "./page.js";

const HOUR_MS = 3_600_000;
const IN_AN_HOUR = new Date(Date.parse(AT) + HOUR_MS).toISOString();

/** @param {Partial<Opening>} state */
function chatOf(state) {
  const chat = new Chat(new Time());
  chat.setState({ me: "1", head: 0, idle: "1d", due: AT, participants: people(0), ...state });
  return chat;
}

/** @param {number} seq @param {Note} note @returns {ChatMessage} */
const noteOf = (seq, note) => ({ seq, from: "2", at: AT, note });

test("what is agreed is what the house told last, whatever older notes say", () => {
  const chat = chatOf({ head: 2, vanish: "1h" });
  chat.insert(noteOf(1, { what: "vanish", after: "1d" }));
  chat.insert(noteOf(2, { what: "idle", idle: "6mo" }));
  assert.deepEqual([chat.vanishAfter, chat.idle], ["1h", "1d"]);
  chat.insert(noteOf(3, { what: "vanish", after: "never" }));
  chat.insert(noteOf(4, { what: "idle", idle: "1w" }));
  assert.deepEqual([chat.vanishAfter, chat.idle], ["never", "1w"]);
});

test("messages stay where the house says nothing of it", () => {
  const chat = chatOf({});
  assert.deepEqual([chat.vanishAfter, chat.vanishesAt(AT)], ["never", undefined]);
});

test("a duration is as long as the house means it", () => {
  const days = ["never", "1h", "1d", "1w", "4w", "1mo", "6mo", "7y"].map(
    (one) => durationMs(one) / HOUR_MS / 24,
  );
  assert.deepEqual(days, [0, 1 / 24, 1, 7, 28, 30, 182, 0]);
});

test("a message that was sent vanishes from when it was said, before the house tells all of it", async () => {
  const { session, chat, socket, greets, asked } = await page();
  greets();
  const participants = people(0);
  socket().tells({
    type: "chat-state",
    seat: SEAT,
    me: "1",
    head: 0,
    vanish: "1h",
    idle: "1d",
    due: AT,
    participants,
  });
  await session.say("hello");
  await settled();
  const [{ id }] = asked("chat-say");
  socket().tells({ type: "chat-said", seat: SEAT, id, seq: 1, at: AT });
  assert.equal(chat.messages[0]?.vanishes, IN_AN_HOUR);
  const vanishes = new Date(Date.parse(IN_AN_HOUR) + 1).toISOString();
  socket().tells({ type: "chat-message", chat: CHAT, ...message(1, "1"), id, vanishes });
  assert.equal(chat.messages[0]?.vanishes, vanishes);
});

test("what will vanish says so, also while it waits, and not on behalf of what stays", () => {
  const chat = chatOf({ vanish: "1h" });
  chat.insert(message(1));
  chat.insert({ ...message(2), vanishes: IN_AN_HOUR });
  chat.insert({ ...message(3), vanishes: IN_AN_HOUR });
  chat.insert({ ...message(4), vanishes: IN_AN_HOUR, gone: { by: "2", at: AT, stub: true } });
  const entry = { owner: "", text: "", order: 1, at: AT };
  /** @type {OutboxEntry[]} */
  const entries = [
    { ...entry, id: "a", state: "waiting" },
    { ...entry, id: "b", state: "refused" },
  ];
  const outbox = /** @type {import("../../assets/app/models/outbox.js").Outbox} */ ({
    entries,
    shown: entries,
  });
  const timeline = new Timeline({ chat, outbox }, () => "day");
  timeline.update();
  const looks = () => timeline.looks({ from: 1, to: timeline.rows.length }, "day");
  assert.deepEqual(
    looks().map(({ row, isVanishing, isFollowed }) => [row.seq || row.key, isVanishing, isFollowed]),
    [
      [1, false, false],
      [2, true, true],
      [3, true, false],
      [4, false, false],
      ["a", true, false],
      ["b", false, false],
    ],
  );
  const [waiting] = looks().slice(4);
  chat.insert(noteOf(5, { what: "vanish", after: "never" }));
  timeline.update();
  assert.notEqual(looks().at(-2)?.sign, waiting?.sign);
});

/** A house over HTTP. @param {number} status @param {unknown} [body] */
function house(status, body) {
  /** @type {string[]} */
  const asked = [];
  const fetch = /** @type {typeof globalThis.fetch} */ (
    async (address, request) => {
      asked.push([request?.method, address, request?.body].join(" ").trim());
      return new Response(body === undefined ? null : JSON.stringify(body), { status });
    }
  );
  return { asked, api: new Api({ base: "", device: () => "D", fetch, after: () => () => {} }) };
}

test("each of the times is set over HTTP, and is one of those that the house offers", async () => {
  const timer = house(204);
  assert.deepEqual(await AGREED_TIMES.timer.choices(timer.api), ["never", "1h", "1d", "1w", "4w"]);
  await AGREED_TIMES.timer.set(timer.api, SEAT, "1d");
  assert.deepEqual(timer.asked, [`PUT seats/${SEAT}/timer {"after":"1d"}`]);
  const idle = house(200, { idles: ["1h", "1w"], due: AT });
  assert.deepEqual(await AGREED_TIMES.idle.choices(idle.api), ["1h", "1w"]);
  await AGREED_TIMES.idle.set(idle.api, SEAT, "1w");
  assert.deepEqual(idle.asked, ["GET house", `PUT seats/${SEAT}/idle {"idle":"1w"}`]);
});

test("a time that the house does not take is refused with its reason", async () => {
  const body = { code: "bad_idle", detail: "not offered" };
  await assert.rejects(AGREED_TIMES.idle.set(house(422, body).api, SEAT, "1h"), { code: "bad_idle" });
  await assert.rejects(AGREED_TIMES.timer.set(house(429, { code: "slow_down" }).api, SEAT, "1h"), {
    code: "slow_down",
  });
});
