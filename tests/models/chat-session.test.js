// Chat, outbox and connection together: what a page does when the line comes and goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seats } from "../../assets/app/models/seats.js";
import { Storage, settled } from "./fakes.js";
import { AT, CHAT, SEAT, message, page, people } from "./page.js";

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

test("a chat that nothing is known of begins with its newest messages", async () => {
  const { asked, welcomes } = await page();
  welcomes(1_000);
  assert.deepEqual(asked("chat-open"), [{ type: "chat-open", seat: SEAT, newest: 50 }]);
});

test("frames of another chat of this browser are nobody's here", async () => {
  const { chat, welcomes, tells } = await page();
  welcomes(0);
  tells(1, "2", "00f1e2d3c4b5a698");
  assert.deepEqual(chat.messages, []);
});

test("what was said while the line was gone stands in the chat once", async () => {
  const { session, chat, outbox, time, socket, welcomes, tells } = await page();
  welcomes(0);
  socket().breaks();
  await session.say("are you there?");
  time.pass(1_000);
  welcomes(0);
  await settled();
  const said = socket().got("chat-say")[0];
  assert.equal(said.text, "are you there?");
  socket().tells({ type: "chat-said", seat: SEAT, id: said.id, seq: 1, at: AT });
  const { id, text } = said;
  socket().tells({ type: "chat-message", chat: CHAT, seq: 1, from: "1", at: AT, id, text });
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
    [undefined, 1],
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
  assert.equal(socket().got("chat-open")[0]?.newest, 50);
  assert.deepEqual(chat.messages, []);
});

test("when the chat ends, its waiting messages are gone, and the line is there for other chats", async () => {
  const { session, chat, disk, connection, socket, welcomes } = await page();
  let gone = 0;
  session.addEventListener("gone", () => (gone += 1));
  welcomes(0);
  await session.say("too late");
  socket().tells({ type: "chat-ended", chat: CHAT, at: AT, by: "clock", messages: 3 });
  await settled();
  assert.deepEqual([gone, disk.databases.size, connection.state], [1, 0, "open"]);
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
    assert.equal(asked("chat-open")[0]?.newest, 50);
    assert.deepEqual(seqs(chat), []);
  }
});

test("a chat that is not looked at is closed, and goes on where it was when it is", async () => {
  const { session, chat, asked, shows, sockets, welcomes, tells } = await page();
  welcomes(0);
  tells(1);
  session.rest();
  await session.say("later");
  assert.deepEqual(asked("chat-close"), [{ type: "chat-close", seat: SEAT }]);
  assert.deepEqual([asked("chat-say"), seqs(chat)], [[], [1]]);
  session.open();
  shows(1);
  await settled();
  assert.deepEqual([sockets.length, asked("chat-open")[1]?.after], [1, 1]);
  assert.equal(asked("chat-say")[0]?.text, "later");
  tells(2);
  assert.deepEqual(seqs(chat), [1, 2]);
});

/** What is heard while Anny looks away, by `leave`, and comes back. @param {"rest" | "breaks"} leave */
async function awayAndBack(leave) {
  const { session, chat, time, socket, shows, welcomes, tells } = await page();
  let heard = 0;
  chat.addEventListener("heard", () => (heard += 1));
  welcomes(1);
  tells(1);
  if (leave === "rest") session.rest();
  else socket().breaks();
  time.pass(1_000);
  session.open();
  if (leave === "rest") shows(3, { seen: 1 });
  else welcomes(3, { seen: 1 });
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
  const { session, chat, shows, welcomes, tells } = await page();
  welcomes(2, { seen: 0 });
  tells(1);
  tells(2);
  assert.equal(chat.newFrom, 1);
  session.see(2);
  session.rest();
  session.open();
  assert.equal(chat.newFrom, 0, "nobody knows yet what is new");
  shows(3, { seen: 2 });
  assert.equal(chat.newFrom, 3);
});

test("a chat that was opened again is heard once", async () => {
  const { session, shows, welcomes, tells } = await page();
  welcomes(0);
  for (let visit = 0; visit < 3; visit += 1) {
    session.rest();
    session.open();
    session.open();
    shows(0);
  }
  let changes = 0;
  session.addEventListener("change", () => (changes += 1));
  tells(1);
  assert.equal(changes, 1);
});

test("a device that tells something else greets again, and opens its chat again", async () => {
  const { connection, sockets, asked, welcomes } = await page();
  welcomes(2, { seen: 2 });
  connection.renew();
  assert.deepEqual([sockets.length, sockets[0]?.readyState], [2, 3]);
  welcomes(2, { seen: 1 });
  assert.deepEqual([asked("hello").length, asked("chat-open").length], [1, 1]);
});

test("a busy house is asked again, and says so until the chat is open", async () => {
  const { session, asked, greets, socket, time } = await page();
  /** @type {string[]} */
  const troubles = [];
  session.addEventListener("change", () => troubles.push(session.trouble));
  greets();
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
  greets();
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "busy", retry_after: 3 });
  time.pass(3_100);
  assert.deepEqual(
    asked("chat-open").map(({ newest }) => newest),
    [50, 50],
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
  socket().tells({ type: "chat-message", chat: CHAT, seq: 1, from: "2", at: AT, id, text: "not yours" });
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

test("a chat that is gone is not opened any more", async () => {
  const { session, connection, asked, socket, welcomes } = await page();
  welcomes(0);
  socket().tells({ type: "chat-ended", chat: CHAT, at: AT, by: "clock", messages: 0 });
  session.open();
  connection.renew();
  welcomes(0);
  assert.deepEqual(asked("chat-open"), []);
});

test("a chat that rests is not opened on a new line until it is looked at", async () => {
  const { session, connection, asked, welcomes } = await page();
  welcomes(2);
  session.rest();
  connection.renew();
  welcomes(2);
  assert.deepEqual(asked("chat-open"), []);
  session.open();
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
  const ended = { code: "ended", at: AT, by: "2", messages: 3, me: "1" };
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, ...ended });
  assert.deepEqual(chat.ended, { at: AT, by: "other", messages: 3, name: "Abhi" });
  await settled();
  assert.equal(disk.databases.size, 0);
});

test("a device that opens nothing any more learns why", async () => {
  const ending = { at: AT, by: "2", messages: 3, me: "1" };
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
  socket().tells({ type: "chat-guess", chat: CHAT, participant: "2", tries: 3 });
  assert.equal(chat.others[0]?.tries, 3);
  socket().tells({ type: "chat-invited", chat: CHAT, participant: "2", by: "1", due: AT });
  assert.equal(chat.others[0]?.tries, 0);
});

test("two seats of one chat in one page: each has what it was told, and a message once", async () => {
  const other = `${CHAT}-2`;
  const { session, chat, opens, shows, welcomes, tells, time, socket } = await page();
  welcomes(0);
  tells(1);
  time.pass(200);
  session.rest();
  const second = await opens(other);
  socket().sent.splice(0);
  second.session.open();
  tells(2);
  assert.deepEqual(seqs(second.chat), [], "its own beginning has not come yet");
  shows(2, { seat: other });
  tells(1);
  tells(2);
  tells(3);
  assert.deepEqual([seqs(chat), seqs(second.chat)], [[1], [1, 2, 3]]);
  time.pass(200);
  assert.deepEqual(
    [
      ...new Set(
        socket()
          .got("chat-delivered")
          .map(({ seat }) => seat),
      ),
    ],
    [other],
  );
});

test("what is acknowledged waits no more, also in a chat that rests", async () => {
  const { session, outbox, chat, asked, welcomes, socket } = await page();
  welcomes(0);
  await session.say("one");
  await session.say("two");
  await settled();
  session.rest();
  const [one, two] = asked("chat-say");
  socket().tells({ type: "chat-said", seat: SEAT, id: one?.id, seq: 1, at: AT });
  socket().tells({ type: "chat-message", chat: CHAT, seq: 2, from: "1", at: AT, id: two?.id, text: "two" });
  assert.deepEqual([outbox.entries, seqs(chat)], [[], [1]]);
});

for (const [command, run] of /** @type {const} */ ([
  ["chat-keep", "keep"],
  ["chat-end", "destroy"],
])) {
  test(`${command} goes by the socket while it is open, and over HTTP where it is not`, async () => {
    let asked = 0;
    const keep = async () => ((asked += 1), { due: "2027" });
    const endChat = async () => ((asked += 1), { at: AT, by: "1", messages: 0 });
    const there = await page({ keep, endChat });
    there.welcomes(0);
    const running = there.session[run]();
    assert.deepEqual([there.asked(command), asked], [[{ type: command, seat: SEAT }], 0]);
    if (command === "chat-keep") there.socket().tells({ type: "chat-kept", chat: CHAT, due: "2027" });
    else there.socket().tells({ type: "chat-ended", chat: CHAT, at: AT, by: "1", messages: 0 });
    await running;
    const away = await page({ keep, endChat });
    await away.session[run]();
    assert.deepEqual([asked, away.chat.due ?? away.chat.ended?.by], [1, run === "keep" ? "2027" : "other"]);
  });

  test(`${command} is asked over HTTP where the line is lost or dead`, async () => {
    for (const how of ["lost", "dead"]) {
      let asked = 0;
      const keep = async () => ((asked += 1), { due: "2027" });
      const endChat = async () => ((asked += 1), { at: AT, by: "1", messages: 0 });
      const { session, socket, time, welcomes } = await page({ keep, endChat });
      welcomes(0);
      const running = session[run]();
      if (how === "lost") socket().breaks();
      else time.pass(4_100);
      await running;
      assert.equal(asked, 1, how);
    }
  });

  test(`${command} that is refused says why`, async () => {
    const { session, socket, welcomes } = await page();
    welcomes(0);
    const running = session[run]();
    socket().tells({ type: "refused", of: command, seat: SEAT, code: "busy", detail: "Busy." });
    await assert.rejects(running, { code: "busy", message: "Busy." });
  });
}

test("one's own end is learned once, whichever word of it comes first", async () => {
  const { session, chat, socket, welcomes } = await page();
  let gone = 0;
  session.addEventListener("gone", () => (gone += 1));
  welcomes(0);
  const ending = session.destroy();
  const ended = { type: "chat-ended", chat: CHAT, at: AT, by: "1", messages: 2 };
  socket().tells(ended);
  socket().tells(ended);
  await ending;
  session.end({ at: AT, by: "2", messages: 7 });
  assert.deepEqual([gone, chat.ended?.by, chat.ended?.messages], [1, "you", 2]);
});

test("another store makes every chat of the page begin again", async () => {
  const { session, opens, connection, welcomes, tells, greets } = await page();
  const second = await opens(`${CHAT}-2`);
  welcomes(0);
  tells(1);
  session.rest();
  connection.renew();
  greets("b");
  assert.deepEqual([seqs(session.chat), seqs(second.chat)], [[], []]);
});
