// Chat, outbox and connection together: what a page does when the line comes and goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { Connection } from "../../assets/app/models/connection.js";
import { Outbox } from "../../assets/app/models/outbox.js";
import { Seats } from "../../assets/app/models/seats.js";
import { Talk } from "../../assets/app/models/talk.js";
import { FakeSocket, Shelf, Storage, Time, settled } from "./fakes.js";

const SEAT = "00f1e2d3c4b5a697-1";
const AT = "2026-11-21T18:42:00.000Z";

async function page() {
  const time = new Time();
  /** @type {FakeSocket[]} */
  const sockets = [];
  const connection = new Connection({
    hello: () => ({ type: "hello", device: "D" }),
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    after: time.after,
    now: time.now,
    random: () => 1,
  });
  let count = 0;
  const shelf = new Shelf();
  const send = (/** @type {OutboxEntry} */ { id, text }) =>
    connection.send({ type: "chat-say", seat: SEAT, id, text });
  const makeId = () => `id-${(count += 1)}`;
  const outbox = new Outbox({ seat: SEAT, store: shelf, send, after: time.after, now: time.now, makeId });
  const chat = new Chat(time.after);
  const seats = new Seats(new Storage(), "/");
  const talk = new Talk({ seat: SEAT, connection, chat, outbox, seats, after: time.after, now: time.now });
  talk.open();
  await settled();
  const socket = () => /** @type {FakeSocket} */ (sockets.at(-1));
  /** @param {number} head @param {string} [incarnation] */
  const welcomes = (head, incarnation = "a") => {
    socket().opens();
    socket().tells({ type: "welcome", incarnation, seats: [{ seat: SEAT, head, unread: 0 }] });
    const one = { came_in: true, here: true, delivered: head, seen: head, tries: 0 };
    const participants = [
      { ...one, participant: "1", name: "Anny" },
      { ...one, participant: "2", name: "Abhi" },
    ];
    socket().tells({ type: "chat-state", seat: SEAT, me: "1", head, idle: "1d", due: AT, participants });
  };
  /** @param {number} seq @param {string} [from] @param {string} [seat] */
  const tells = (seq, from = "2", seat = SEAT) =>
    socket().tells({
      type: "chat-message",
      seat,
      seq,
      from,
      at: AT,
      id: `${from}-${seq}`,
      text: `text ${seq}`,
    });
  return { talk, chat, outbox, shelf, time, socket, sockets, welcomes, tells };
}

test("a page that comes back asks for what comes after the last message that it has", async () => {
  const { time, socket, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  tells(2);
  socket().breaks();
  time.pass(1_000);
  welcomes(3);
  assert.equal(socket().got("chat-open")[0]?.after, 2);
});

test("a long chat begins with its last messages", async () => {
  const { socket, welcomes } = await page();
  welcomes(1_000);
  assert.equal(socket().got("chat-open")[0]?.after, 950);
});

test("frames of another seat of this browser are nobody's here", async () => {
  const { chat, welcomes, tells } = await page();
  welcomes(0);
  tells(1, "2", "00f1e2d3c4b5a697-2");
  assert.deepEqual(chat.messages, []);
});

test("what was said while the line was gone stands in the chat once", async () => {
  const { talk, chat, outbox, time, socket, welcomes, tells } = await page();
  welcomes(0);
  socket().breaks();
  await talk.say("are you there?");
  time.pass(1_000);
  welcomes(0);
  const said = socket().got("chat-say")[0];
  assert.equal(said.text, "are you there?");
  socket().tells({ type: "chat-said", seat: SEAT, id: said.id, seq: 1, at: AT });
  socket().tells({
    type: "chat-message",
    seat: SEAT,
    seq: 1,
    from: "1",
    at: AT,
    id: said.id,
    text: said.text,
  });
  tells(2);
  assert.deepEqual(
    chat.messages.map((one) => one.text),
    ["are you there?", "text 2"],
  );
  assert.deepEqual(outbox.entries, []);
});

test("a resync asks again from the last message", async () => {
  const { socket, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  socket().tells({ type: "chat-resync", seat: SEAT });
  assert.deepEqual(
    socket()
      .got("chat-open")
      .map((frame) => frame.after),
    [0, 1],
  );
});

test("what arrives is told as delivered, and what was looked at as seen", async () => {
  const { talk, time, socket, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  time.pass(200);
  assert.equal(socket().got("chat-delivered").at(-1)?.seq, 1);
  talk.see(1);
  time.pass(200);
  assert.equal(socket().got("chat-seen").at(-1)?.seq, 1);
});

test("a restored house is read from the beginning", async () => {
  const { chat, time, socket, welcomes, tells } = await page();
  welcomes(0, "a");
  tells(1);
  socket().breaks();
  time.pass(1_000);
  welcomes(0, "b");
  assert.equal(socket().got("chat-open")[0]?.after, 0);
  assert.deepEqual(chat.messages, []);
});

test("when the chat ends, its waiting messages are gone and the line is closed", async () => {
  const { talk, chat, shelf, sockets, socket, time, welcomes } = await page();
  let gone = 0;
  talk.addEventListener("gone", () => (gone += 1));
  welcomes(0);
  await talk.say("too late");
  socket().tells({ type: "chat-ended", seat: SEAT, at: AT, by: "clock", messages: 3 });
  await settled();
  time.pass(60_000);
  assert.deepEqual([gone, shelf.kept.size, sockets.length], [1, 0, 1]);
  assert.equal(chat.ended?.by, "clock");
});

test("a seat that was taken away is lost without a word about the chat", async () => {
  const { talk, chat, socket, welcomes } = await page();
  let gone = 0;
  talk.addEventListener("gone", () => (gone += 1));
  welcomes(0);
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "no_such_seat", detail: "" });
  assert.equal(gone, 1);
  assert.equal(chat.ended?.by, undefined);
});
