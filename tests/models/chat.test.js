// One chat: order by seq, receipts that only grow, presence, typing, the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { Time } from "./fakes.js";

const AT = "2026-11-21T18:42:00.000Z";

/** @param {object} [changes] */
function chat(changes = {}) {
  const time = new Time();
  const made = new Chat(time.after);
  const one = { came_in: true, here: true, delivered: 0, seen: 0, tries: 0 };
  const participants = [
    { ...one, participant: "1", name: "Anny" },
    { ...one, participant: "2", name: "Abhi" },
  ];
  made.take({ type: "chat-state", me: "1", head: 0, idle: "1d", due: AT, participants, ...changes });
  /** @param {number} seq @param {string} from */
  const message = (seq, from) => ({
    type: "chat-message",
    seq,
    from,
    at: AT,
    id: `id-${seq}`,
    text: `text ${seq}`,
  });
  return { chat: made, time, message };
}

test("messages stand in the order of their seq, whatever order they come in, and once", () => {
  const { chat: talk, message } = chat();
  for (const seq of [2, 1, 3, 2, 1]) talk.take(message(seq, "2"));
  assert.deepEqual(
    talk.messages.map((one) => one.seq),
    [1, 2, 3],
  );
  assert.equal(talk.last, 3);
});

test("history is put before what is there only where it fits", () => {
  const { chat: talk, message } = chat({ head: 4 });
  talk.take(message(4, "2"));
  talk.take({ type: "chat-page", messages: [message(1, "2"), message(2, "2")] });
  assert.equal(talk.first, 4);
  talk.take({ type: "chat-page", messages: [message(2, "2"), message(3, "2")] });
  assert.deepEqual(
    talk.messages.map((one) => one.seq),
    [2, 3, 4],
  );
  assert.ok(talk.hasOlder);
});

test("a message is sent, then delivered, then seen, and never goes back", () => {
  const { chat: talk, message } = chat();
  talk.take(message(1, "1"));
  const mine = /** @type {ChatMessage} */ (talk.messages[0]);
  assert.equal(talk.receiptOf(mine), "SENT");
  talk.take({ type: "chat-receipt", participant: "2", delivered: 1, seen: 0 });
  assert.equal(talk.receiptOf(mine), "DELIVERED");
  talk.take({ type: "chat-receipt", participant: "2", delivered: 1, seen: 1 });
  assert.equal(talk.receiptOf(mine), "SEEN");
  talk.take({ type: "chat-receipt", participant: "2", delivered: 0, seen: 0 });
  assert.equal(talk.receiptOf(mine), "SEEN");
});

test("unread is what others said and nobody here has seen", () => {
  const { chat: talk, message } = chat();
  for (const [seq, from] of /** @type {[number, string][]} */ ([
    [1, "2"],
    [2, "1"],
    [3, "2"],
  ])) {
    talk.take(message(seq, from));
  }
  assert.equal(talk.unread, 2);
  talk.see(1);
  assert.equal(talk.unread, 1);
});

test("only what is new since the page was opened is heard", () => {
  const { chat: talk, message } = chat({ head: 1 });
  /** @type {string[]} */
  const heard = [];
  talk.addEventListener("heard", (event) => heard.push(/** @type {CustomEvent} */ (event).detail.text));
  talk.take(message(1, "2"));
  talk.take(message(2, "2"));
  talk.take(message(3, "1"));
  assert.deepEqual(heard, ["text 2"]);
});

test("typing fades, and ends with a message or when the other goes", () => {
  const { chat: talk, time, message } = chat();
  const typing = () => talk.typing.map((one) => one.name);
  talk.take({ type: "chat-typing", participant: "2" });
  assert.deepEqual(typing(), ["Abhi"]);
  time.pass(6_000);
  assert.deepEqual(typing(), []);
  talk.take({ type: "chat-typing", participant: "2" });
  talk.take(message(1, "2"));
  assert.deepEqual(typing(), []);
  talk.take({ type: "chat-typing", participant: "2" });
  talk.take({ type: "chat-presence", participant: "2", here: false, last_here: AT });
  assert.deepEqual(typing(), []);
  assert.equal(talk.others[0]?.last_here, AT);
});

test("using a chat starts its idle clock anew and ends the final call", () => {
  const { chat: talk, message } = chat();
  talk.take({ type: "chat-due", at: AT });
  assert.equal(talk.finalCall, AT);
  talk.take(message(1, "2"));
  assert.equal(talk.due, "2026-11-22T18:42:00.000Z");
  assert.equal(talk.finalCall, undefined);
});

test("when a chat ends nothing of it stays but how", () => {
  const { chat: talk, message } = chat();
  talk.take(message(1, "2"));
  talk.take({ type: "chat-ended", at: AT, by: "other", messages: 1 });
  assert.deepEqual(talk.messages, []);
  assert.deepEqual(talk.ended, { at: AT, by: "other", messages: 1, name: "Abhi" });
  talk.take(message(2, "2"));
  assert.deepEqual(talk.messages, []);
});
