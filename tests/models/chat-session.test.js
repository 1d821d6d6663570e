// Chat, outbox and connection together: what a page does when the line comes and goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seats } from "../../assets/app/models/seats.js";
import { Storage, settled } from "./fakes.js";
import { AT, SEAT, message, page, people } from "./page.js";

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

test("a chat with more unread messages than the house counts begins further back", async () => {
  const { asked, greets } = await page();
  greets(1_000, "a", 900);
  assert.equal(asked("chat-open")[0]?.after, 700);
});

test("frames of another seat of this browser are nobody's here", async () => {
  const { chat, welcomes, tells } = await page();
  welcomes(0);
  tells(1, "2", "00f1e2d3c4b5a697-2");
  assert.deepEqual(chat.messages, []);
});

test("what was said while the line was gone stands in the chat once", async () => {
  const { session, chat, outbox, time, socket, welcomes, tells } = await page();
  welcomes(0);
  socket().breaks();
  await session.say("are you there?");
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
  const { session, time, socket, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  time.pass(200);
  assert.equal(socket().got("chat-delivered").at(-1)?.seq, 1);
  session.see(1);
  time.pass(200);
  assert.equal(socket().got("chat-seen").at(-1)?.seq, 1);
});

test("a restored house is read from the beginning", async () => {
  const { chat, time, socket, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  socket().breaks();
  time.pass(1_000);
  welcomes(0, { incarnation: "b" });
  assert.equal(socket().got("chat-open")[0]?.after, 0);
  assert.deepEqual(chat.messages, []);
});

test("when the chat ends, its waiting messages are gone and the line is closed", async () => {
  const { session, chat, disk, sockets, socket, time, welcomes } = await page();
  let gone = 0;
  session.addEventListener("gone", () => (gone += 1));
  welcomes(0);
  await session.say("too late");
  socket().tells({ type: "chat-ended", seat: SEAT, at: AT, by: "clock", messages: 3 });
  await settled();
  time.pass(60_000);
  assert.deepEqual([gone, disk.databases.size, sockets.length], [1, 0, 1]);
  assert.equal(chat.ended?.by, "clock");
});

test("a seat that was taken away is lost without a word about the chat", async () => {
  const { session, chat, socket, welcomes } = await page();
  let gone = 0;
  session.addEventListener("gone", () => (gone += 1));
  welcomes(0);
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "no_such_seat", detail: "" });
  assert.equal(gone, 1);
  assert.equal(chat.ended?.by, undefined);
});

/** The chat as the house told it with the code: two messages. @returns {Opening} */
function opening() {
  return {
    me: "1",
    head: 2,
    idle: "1d",
    due: AT,
    participants: people(2),
    messages: [message(1), message(2)],
  };
}

/** @param {import("../../assets/app/models/chat.js").Chat} chat */
const seqs = (chat) => chat.messages.map((one) => one.seq);

test("a chat that came with its code is opened behind its last message", async () => {
  const { chat, asked, welcomes, tells } = await page({ opening: opening() });
  welcomes(3);
  tells(3);
  assert.deepEqual(
    asked("chat-open").map((frame) => frame.after),
    [2],
  );
  assert.deepEqual(seqs(chat), [1, 2, 3]);
});

test("each of two tabs notices that the house was restored", async () => {
  const seats = new Seats(new Storage(), "/");
  const tabs = [await page({ seats }), await page({ seats })];
  for (const tab of tabs) {
    tab.welcomes(1);
    tab.tells(1);
    tab.socket().breaks();
    tab.time.pass(1_000);
  }
  for (const { chat, asked, welcomes } of tabs) {
    welcomes(0, { incarnation: "b" });
    assert.equal(asked("chat-open")[0]?.after, 0);
    assert.deepEqual(seqs(chat), []);
  }
});

test("a chat that is not looked at has no line, and goes on where it was when it is", async () => {
  const { session, chat, asked, time, sockets, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  session.rest();
  time.pass(600_000);
  await session.say("later");
  assert.deepEqual([sockets.length, sockets[0]?.readyState, seqs(chat)], [1, 3, [1]]);
  session.open();
  welcomes(1);
  assert.equal(asked("chat-open")[0]?.after, 1);
  assert.equal(asked("chat-say")[0]?.text, "later");
  tells(2);
  assert.deepEqual(seqs(chat), [1, 2]);
});

/** What is heard while Anny looks away, by `leave`, and comes back. @param {"rest" | "breaks"} leave */
async function awayAndBack(leave) {
  const { session, chat, time, socket, welcomes, tells } = await page();
  let heard = 0;
  chat.addEventListener("heard", () => (heard += 1));
  welcomes(1);
  tells(1);
  if (leave === "rest") session.rest();
  else socket().breaks();
  time.pass(1_000);
  session.open();
  welcomes(3, { seen: 1 });
  tells(2);
  tells(3);
  return { heard, newFrom: chat.newFrom };
}

test("what was said while the chat was not looked at stands below a line, and does not ring", async () => {
  assert.deepEqual(await awayAndBack("rest"), { heard: 0, newFrom: 2 });
});

test("what was said while the line was gone stands below a line, and rings", async () => {
  assert.deepEqual(await awayAndBack("breaks"), { heard: 2, newFrom: 2 });
});

test("where the line stood before is forgotten when one comes back to the chat", async () => {
  const { session, chat, welcomes, tells } = await page();
  welcomes(2, { seen: 0 });
  tells(1);
  tells(2);
  assert.equal(chat.newFrom, 1);
  session.see(2);
  session.rest();
  session.open();
  assert.equal(chat.newFrom, 0, "nobody knows yet what is new");
  welcomes(3, { seen: 2 });
  assert.equal(chat.newFrom, 3);
});

test("a chat that was opened again is heard once", async () => {
  const { session, welcomes, tells } = await page();
  welcomes(0);
  for (let visit = 0; visit < 3; visit += 1) {
    session.rest();
    session.open();
    session.open();
    welcomes(0);
  }
  let changes = 0;
  session.addEventListener("change", () => (changes += 1));
  tells(1);
  assert.equal(changes, 1);
});

test("a device that tells something else greets again, and doubts what was told before", async () => {
  const { session, chat, sockets, asked, welcomes } = await page();
  welcomes(2, { seen: 2 });
  assert.equal(chat.reach.seen, 2);
  session.renew();
  assert.deepEqual([sockets.length, sockets[0]?.readyState, chat.reach.seen], [2, 3, 0]);
  assert.equal(chat.others[0]?.here, false);
  welcomes(2, { seen: 1 });
  assert.deepEqual([asked("hello").length, chat.reach.seen, chat.others[0]?.here], [1, 1, true]);
});

test("a busy house is asked again, and says so until the chat is open", async () => {
  const { session, asked, greets, socket, time } = await page();
  /** @type {string[]} */
  const troubles = [];
  session.addEventListener("change", () => troubles.push(session.trouble));
  greets(0);
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "busy", retry_after: 3 });
  assert.equal(troubles.at(-1), "busy");
  time.pass(2_900);
  assert.equal(asked("chat-open").length, 1);
  time.pass(200);
  assert.equal(asked("chat-open").length, 2);
  const participants = people(0);
  socket().tells({ type: "chat-state", seat: SEAT, me: "1", head: 0, idle: "1d", due: AT, participants });
  assert.equal(troubles.at(-1), "");
});

test("a busy house is asked again for no more than at first", async () => {
  const { asked, greets, socket, time } = await page();
  greets(1_000);
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "busy", retry_after: 3 });
  time.pass(3_100);
  assert.deepEqual(
    asked("chat-open").map(({ after }) => after),
    [950, 950],
  );
});

for (const [how, answers] of /** @type {const} */ ([
  ["was refused", true],
  ["was never answered", false],
])) {
  test(`a page of history that ${how} can be asked for again after a while`, async () => {
    const { session, asked, welcomes, tells, socket, time } = await page();
    welcomes(60);
    for (let seq = 11; seq <= 60; seq += 1) tells(seq);
    session.loadOlder();
    if (answers) socket().tells({ type: "refused", of: "chat-page", seat: SEAT, code: "busy" });
    session.loadOlder();
    assert.equal(asked("chat-page").length, 1);
    let changes = 0;
    session.addEventListener("change", () => (changes += session.isLoadingOlder ? 0 : 1));
    time.pass(10_100);
    assert.ok(changes > 0, "nobody is told that it is time to ask again");
    session.loadOlder();
    assert.equal(asked("chat-page").length, 2);
  });
}

test("what waits is not taken by another's message that has the same id", async () => {
  const { session, outbox, asked, welcomes, socket } = await page();
  welcomes(0);
  await session.say("hello");
  const { id } = asked("chat-say")[0] ?? { id: "" };
  socket().tells({ type: "chat-message", seat: SEAT, seq: 1, from: "2", at: AT, id, text: "not yours" });
  assert.equal(outbox.entries.length, 1);
});

test("a person who looks at the page again finds a line before what came meanwhile", async () => {
  const { session, chat, welcomes, tells } = await page();
  welcomes(1);
  tells(1);
  session.see(1);
  tells(2);
  tells(3);
  assert.equal(chat.newFrom, 0);
  chat.lookBack();
  assert.deepEqual([chat.newFrom, chat.newTo], [2, 3]);
  session.see(3);
  chat.lookBack();
  assert.equal(chat.newFrom, 2, "the line stays where it was");
});

test("a chat that is gone opens no line any more", async () => {
  const { session, socket, sockets, welcomes } = await page();
  welcomes(0);
  socket().tells({ type: "chat-ended", seat: SEAT, at: AT, by: "clock", messages: 0 });
  session.renew();
  session.wake();
  session.open();
  assert.equal(sockets.length, 1);
});

test("a chat that rests opens no line until it is looked at, and doubts what it was told", async () => {
  const { session, chat, asked, sockets, welcomes } = await page();
  welcomes(2);
  session.rest();
  session.renew();
  assert.deepEqual([sockets.length, chat.reach.seen], [1, 0]);
  session.open();
  welcomes(2);
  assert.equal(asked("chat-open").length, 1);
});

test("the page knows who ended the chat even by a name from an earlier visit", async () => {
  const { disk, seats, session, welcomes } = await page();
  welcomes(0);
  session.rest();
  await settled();
  const { chat, socket } = await page({ disk, seats });
  socket().opens();
  socket().tells({ type: "welcome", incarnation: "a", seats: [] });
  socket().tells({
    type: "refused",
    of: "chat-open",
    seat: SEAT,
    code: "ended",
    at: AT,
    by: "other",
    messages: 3,
  });
  assert.deepEqual(chat.ended, { at: AT, by: "other", messages: 3, name: "Abhi" });
  await settled();
  assert.equal(disk.databases.size, 0);
});

test("a device that opens nothing any more learns why", async () => {
  const ending = { at: AT, by: "other", messages: 3 };
  /** @type {[{code: string, ending?: object}, object][]} */
  const cases = [
    [
      { code: "ended", ending },
      { by: "other", departure: undefined, sockets: 1 },
    ],
    [{ code: "no_such_seat" }, { by: undefined, departure: "signed_out", sockets: 1 }],
    [{ code: "unreachable" }, { by: undefined, departure: undefined, sockets: 2 }],
  ];
  for (const [refusal, expected] of cases) {
    const askHouse = async () => {
      throw refusal;
    };
    const { session, chat, time, socket, sockets, welcomes } = await page({ askHouse });
    welcomes(3);
    socket().breaks();
    time.pass(1_000);
    socket().opens();
    const before = sockets.length;
    socket().tells({ type: "refused", of: "hello", code: "not_in" });
    await settled();
    time.pass(2_000);
    const found = { by: chat.ended?.by, departure: session.departure, sockets: 1 + sockets.length - before };
    assert.deepEqual(found, expected, refusal.code);
  }
});

test("nobody has tried the code of an invite that took the place of another", async () => {
  const { chat, socket, welcomes } = await page();
  welcomes(0);
  socket().tells({ type: "chat-guess", seat: SEAT, participant: "2", tries: 3 });
  assert.equal(chat.others[0]?.tries, 3);
  socket().tells({ type: "chat-invited", seat: SEAT, participant: "2", by: "1", due: AT });
  assert.equal(chat.others[0]?.tries, 0);
});
