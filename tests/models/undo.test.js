// What a person deletes is out of sight at once, and can be brought back for five seconds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf } from "../../assets/app/models/message-kind.js";
import { Undo } from "../../assets/app/models/undo.js";
import { Time, settled } from "./fakes.js";
import { AT, CHAT, SEAT, message, page } from "./page.js";

/** What becomes of acts that can be taken back. */
function undoing() {
  const time = new Time();
  const undo = new Undo(time.after);
  /** @type {string[]} */
  const done = [];
  const offer = (/** @type {string} */ act) =>
    undo.offer({
      undo: () => done.push(`${act} undone`),
      finish: (isLeaving) => done.push(`${act} finished${isLeaving ? " leaving" : ""}`),
    });
  return { time, undo, done, offer };
}

test("what is not taken back for five seconds stands", () => {
  const { time, undo, done, offer } = undoing();
  offer("one");
  time.pass(4_999);
  assert.deepEqual([done, undo.isOffered], [[], true]);
  time.pass(1);
  assert.deepEqual([done, undo.isOffered], [["one finished"], false]);
  undo.undo();
  assert.deepEqual(done, ["one finished"]);
});

test("what was taken back is never done", () => {
  const { time, undo, done, offer } = undoing();
  offer("one");
  undo.undo();
  time.pass(60_000);
  assert.deepEqual(done, ["one undone"]);
});

test("the next deletion means that the one before stands, and has its own five seconds", () => {
  const { time, done, offer } = undoing();
  offer("one");
  time.pass(4_000);
  offer("two");
  assert.deepEqual(done, ["one finished"]);
  time.pass(4_999);
  assert.deepEqual(done, ["one finished"]);
  time.pass(1);
  assert.deepEqual(done, ["one finished", "two finished"]);
});

test("a page that is left does it at once", () => {
  const { time, undo, done, offer } = undoing();
  offer("one");
  undo.finish(true);
  time.pass(60_000);
  assert.deepEqual(done, ["one finished leaving"]);
});

test("while the keyboard is at it there is a minute", () => {
  const { time, undo, done, offer } = undoing();
  offer("none");
  undo.hold();
  time.pass(60_000);
  assert.deepEqual(done.splice(0), ["none finished"]);
  offer("one");
  undo.hold();
  time.pass(59_999);
  undo.resume();
  time.pass(4_999);
  assert.deepEqual(done, []);
  time.pass(1);
  assert.deepEqual(done, ["one finished"]);
  undo.resume();
  time.pass(60_000);
  assert.deepEqual(done, ["one finished"]);
});

/** Anny's page with three messages, of which she said the second; Abhi's device has all of them. */
async function talked() {
  /** @type {MessageCommand[]} */
  const over = [];
  /** @type {{code?: string}} */
  const house = {};
  const change = async (/** @type {MessageCommand} */ command) => {
    if (house.code) throw house;
    over.push(command);
  };
  const opened = await page({ change });
  const { session, chat, welcomes, tells, asked, socket } = opened;
  welcomes(3);
  for (const seq of [1, 2, 3]) tells(seq, seq === 2 ? "1" : "2");
  const shown = () => chat.messages.filter(kindOf).map(({ text = "gone" }) => text);
  const deletes = (/** @type {number} */ seq) => session.changes.delete({ of: "chat-delete", seq });
  const hides = (/** @type {number} */ seq) => session.changes.delete({ of: "chat-hide", seq });
  /** @param {number} seq @param {number} number @param {Partial<ChatMessage>} how */
  const changes = (seq, number, how) => {
    const changed = { ...message(seq, seq === 2 ? "1" : "2"), ...how, changed: number };
    socket().tells({ type: "chat-changed", chat: CHAT, number, message: changed });
  };
  const sent = () => [...asked("chat-delete"), ...asked("chat-hide")].map(({ seq }) => seq);
  return { ...opened, over, house, shown, deletes, hides, changes, sent };
}

test("a message is out of sight at once, and the house is asked after five seconds", async () => {
  const { time, shown, hides, sent } = await talked();
  hides(1);
  assert.deepEqual([shown(), sent()], [["text 2", "text 3"], []]);
  time.pass(5_000);
  assert.deepEqual([shown(), sent()], [["text 2", "text 3"], [1]]);
});

test("what is deleted for everybody leaves its trace at once, if anybody else had it", async () => {
  const { chat, shown, deletes, session } = await talked();
  deletes(2);
  assert.deepEqual(shown(), ["text 1", "gone", "text 3"]);
  session.undo.undo();
  Object.assign(chat.others[0] ?? {}, { delivered: 1 });
  deletes(2);
  assert.deepEqual(shown(), ["text 1", "text 3"]);
});

test("what was taken back is there again, as it is by then, and the house was never asked", async () => {
  const { session, time, shown, hides, changes, sent, over } = await talked();
  hides(1);
  changes(1, 4, { text: "edited meanwhile" });
  assert.deepEqual(shown(), ["text 2", "text 3"]);
  session.undo.undo();
  assert.deepEqual(shown(), ["edited meanwhile", "text 2", "text 3"]);
  time.pass(60_000);
  assert.deepEqual([sent(), over], [[], []]);
});

test("a message that its person hides is no news, and is when it comes back", async () => {
  const { session, chat, tells, hides } = await talked();
  tells(4);
  assert.equal(chat.unread, 1);
  hides(4);
  assert.equal(chat.unread, 0);
  session.undo.undo();
  assert.equal(chat.unread, 1);
});

test("nobody sees a message again between the deletion and the news of it", async () => {
  const { time, socket, shown, deletes, changes } = await talked();
  deletes(2);
  time.pass(5_000);
  socket().tells({ type: "chat-done", seat: SEAT, of: "chat-delete", seq: 2, number: 5 });
  await settled();
  changes(2, 4, { reactions: [{ from: "2", emoji: "👍" }] });
  assert.deepEqual(shown(), ["text 1", "gone", "text 3"]);
  changes(2, 5, { text: undefined, gone: { by: "1", at: AT } });
  assert.deepEqual(shown(), ["text 1", "text 3"]);
});

test("what the house refuses comes back, and the page says why", async () => {
  const { session, time, socket, shown, hides } = await talked();
  /** @type {string[]} */
  const said = [];
  session.addEventListener("failed", (event) => said.push(/** @type {CustomEvent} */ (event).detail.code));
  hides(1);
  time.pass(5_000);
  socket().tells({ type: "refused", of: "chat-hide", seat: SEAT, seq: 1, code: "slow_down" });
  await settled();
  assert.deepEqual([shown(), said], [["text 1", "text 2", "text 3"], ["slow_down"]]);
});

test("a chat that is left deletes at once, by a request that outlives the page", async () => {
  const { session, hides, over, sent } = await talked();
  hides(1);
  session.rest();
  await settled();
  assert.deepEqual([over, sent()], [[{ of: "chat-hide", seq: 1 }], []]);
});

test("what could not be deleted as the page was left is deleted when the chat is opened again", async () => {
  const { session, house, hides, shown, disk } = await talked();
  house.code = "unreachable";
  hides(1);
  session.rest();
  await settled();
  assert.deepEqual(shown(), ["text 2", "text 3"]);

  const later = await page({ disk });
  later.welcomes(3);
  for (const seq of [1, 2, 3]) later.tells(seq, "2");
  assert.deepEqual(
    later.asked("chat-hide").map(({ seq }) => seq),
    [1],
  );
  assert.deepEqual(
    later.chat.messages.filter(kindOf).map(({ seq }) => seq),
    [2, 3],
  );
  later.socket().tells({ type: "chat-done", seat: SEAT, of: "chat-hide", seq: 1, number: 5 });
  await settled();
  later.session.rest();
  await settled();

  const last = await page({ disk });
  last.welcomes(3);
  assert.deepEqual(last.asked("chat-hide"), []);
});

test("what the house refuses to delete at the next opening comes back, and the page says why", async () => {
  const { session, house, hides, disk } = await talked();
  house.code = "unreachable";
  hides(1);
  session.rest();
  await settled();

  const later = await page({ disk });
  /** @type {string[]} */
  const said = [];
  later.session.addEventListener("failed", (event) =>
    said.push(/** @type {CustomEvent} */ (event).detail.code),
  );
  later.welcomes(1);
  later.tells(1);
  later.socket().tells({ type: "refused", of: "chat-hide", seat: SEAT, seq: 1, code: "no_such_message" });
  await settled();
  assert.deepEqual([later.chat.messages.filter(kindOf).length, said], [1, ["no_such_message"]]);
});

test("in a restored house, and after the end, nothing is deleted any more", async () => {
  const { session, time, socket, welcomes, hides, sent, over } = await talked();
  hides(1);
  socket().breaks();
  time.pass(1_000);
  welcomes(3, { incarnation: "b" });
  time.pass(60_000);
  hides(1);
  session.end({});
  time.pass(60_000);
  assert.deepEqual([sent(), over], [[], []]);
});
