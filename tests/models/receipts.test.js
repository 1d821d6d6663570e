// Receipts of a page whose line comes and goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { Connection } from "../../assets/app/models/connection.js";
import { Outbox } from "../../assets/app/models/outbox.js";
import { Seats } from "../../assets/app/models/seats.js";
import { Talk } from "../../assets/app/models/talk.js";
import { FakeSocket, Shelf, Storage, Time, settled } from "./fakes.js";

const SEAT = "chat-1";
const AT = "2026-11-21T18:42:00.000Z";

test("what was seen while the line was down is told when it is back", async () => {
  const { time, talk, opens, sent, breaks } = await page();
  opens();
  time.pass(200);
  breaks();
  talk.see(1);
  time.pass(1_000);
  opens();
  time.pass(200);
  assert.deepEqual(sent("chat-seen"), [{ type: "chat-seen", seat: SEAT, seq: 1 }]);
});

/** A page whose house holds one message of the other, which nobody has seen. */
async function page() {
  const time = new Time();
  /** @type {FakeSocket[]} */
  const sockets = [];
  const openSocket = () => {
    sockets.push(new FakeSocket());
    return socket();
  };
  const socket = () => /** @type {FakeSocket} */ (sockets.at(-1));
  const { after, now } = time;
  const connection = new Connection({
    hello: () => ({ type: "hello" }),
    openSocket,
    after,
    now,
    random: () => 1,
  });
  const outbox = new Outbox({
    seat: SEAT,
    store: new Shelf(),
    send: () => false,
    after,
    now,
    makeId: () => "id",
  });
  const seats = new Seats(new Storage(), "/");
  const talk = new Talk({ seat: SEAT, connection, chat: new Chat(after), outbox, seats, after, now });
  talk.open();
  await settled();
  const opens = () => {
    const one = { came_in: true, here: true, delivered: 0, seen: 0, tries: 0 };
    const participants = [
      { ...one, participant: "1", name: "Anny" },
      { ...one, participant: "2", name: "Abhi" },
    ];
    socket().opens();
    socket().tells({ type: "welcome", incarnation: "a", seats: [{ seat: SEAT, head: 1, unread: 1 }] });
    socket().tells({ type: "chat-state", seat: SEAT, me: "1", head: 1, idle: "1d", due: AT, participants });
    socket().tells({ type: "chat-message", seat: SEAT, seq: 1, from: "2", at: AT, id: "x", text: "hi" });
  };
  /** @param {string} type */
  const sent = (type) => socket().got(type);
  return { time, talk, opens, sent, breaks: () => socket().breaks() };
}
