// One chat: order by seq, receipts that only grow, presence, typing, the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { receiptOf } from "../../assets/app/models/receipts.js";
import { Time } from "./fakes.js";

const AT = "2026-11-21T18:42:00.000Z";

/** @param {object} [changes] */
function chat(changes = {}) {
  const time = new Time();
  const made = new Chat(time);
  const one = { came_in: true, here: true, delivered: 0, seen: 0, tries: 0 };
  const participants = [
    { ...one, participant: "1", name: "Anny" },
    { ...one, participant: "2", name: "Abhi" },
  ];
  made.setState({ me: "1", head: 0, idle: "1d", due: AT, participants, ...changes });
  /** @param {number} seq @param {string} from */
  const message = (seq, from) => ({
    seq,
    from,
    at: AT,
    id: `id-${seq}`,
    text: `text ${seq}`,
  });
  return { chat: made, time, message };
}

test("messages stand in the order of their seq, whatever order they come in, and once", () => {
  const { chat: held, message } = chat();
  for (const seq of [2, 1, 3, 2, 1]) held.insert(message(seq, "2"));
  assert.deepEqual(
    held.messages.map((one) => one.seq),
    [1, 2, 3],
  );
  assert.equal(held.last, 3);
});

test("history is put before what is there only where it fits", () => {
  const { chat: held, message } = chat({ head: 4 });
  held.insert(message(4, "2"));
  held.prepend([message(1, "2"), message(2, "2")]);
  assert.equal(held.first, 4);
  held.prepend([message(2, "2"), message(3, "2")]);
  assert.deepEqual(
    held.messages.map((one) => one.seq),
    [2, 3, 4],
  );
  assert.ok(held.hasOlder);
});

test("a message is sent, then delivered, then seen, and never goes back", () => {
  const { chat: held, message } = chat();
  /** @param {[number, number]} reach @param {string} expected */
  const check = ([delivered, seen], expected) => {
    held.setReceipt({ participant: "2", delivered, seen });
    assert.equal(receiptOf(1, held.reach), expected);
  };
  held.insert(message(1, "1"));
  check([0, 0], "SENT");
  check([1, 0], "DELIVERED");
  check([1, 1], "SEEN");
  check([0, 0], "SEEN");
});

test("unread is what others said and nobody here has seen", () => {
  const { chat: held, message } = chat();
  for (const [seq, from] of /** @type {[number, string][]} */ ([
    [1, "2"],
    [2, "1"],
    [3, "2"],
  ])) {
    held.insert(message(seq, from));
  }
  assert.equal(held.unread, 2);
  held.see(1);
  assert.equal(held.unread, 1);
});

test("only what is new since the page was opened is heard", () => {
  const { chat: held, message } = chat({ head: 1 });
  /** @type {string[]} */
  const heard = [];
  held.addEventListener("heard", (event) => heard.push(/** @type {CustomEvent} */ (event).detail.text));
  held.insert(message(1, "2"));
  held.insert(message(2, "2"));
  held.insert(message(3, "1"));
  assert.deepEqual(heard, ["text 2"]);
});

test("typing fades, and ends with a message or when the other goes", () => {
  const { chat: held, time, message } = chat();
  const typing = () => held.typing.map((one) => one.name);
  held.startTyping("2");
  assert.deepEqual(typing(), ["Abhi"]);
  time.pass(6_000);
  assert.deepEqual(typing(), []);
  held.startTyping("2");
  held.insert(message(1, "2"));
  assert.deepEqual(typing(), []);
  held.startTyping("2");
  held.setPresence({ participant: "2", here: false, last_here: AT });
  assert.deepEqual(typing(), []);
  assert.equal(held.others[0]?.last_here, AT);
});

test("using a chat starts its idle clock again and ends the final call", () => {
  const { chat: held, message } = chat();
  held.setFinalCall(AT);
  assert.equal(held.finalCall, AT);
  held.insert(message(1, "2"));
  assert.equal(held.due, "2026-11-22T18:42:00.000Z");
  assert.equal(held.finalCall, undefined);
});

test("when a chat ends nothing of it stays but how", () => {
  const { chat: held, message } = chat();
  held.insert(message(1, "2"));
  held.end({ at: AT, by: "2", messages: 1 });
  assert.deepEqual(held.messages, []);
  assert.deepEqual(held.ended, { at: AT, by: "other", messages: 1, name: "Abhi" });
  held.insert(message(2, "2"));
  assert.deepEqual(held.messages, []);
});

/** A chat as it comes with the code: Anny has seen the first of three messages. @returns {Opening} */
function opening() {
  const one = { came_in: true, here: true, delivered: 3, tries: 0 };
  const participants = [
    { ...one, participant: "1", name: "Anny", seen: 1 },
    { ...one, participant: "2", name: "Abhi", seen: 3 },
  ];
  const messages = [1, 2, 3].map((seq) => ({ seq, from: "2", at: AT, id: `id-${seq}`, text: `text ${seq}` }));
  return { me: "1", head: 3, idle: "1d", due: AT, participants, messages };
}

/** What of a chat is on the page. @param {Chat} held */
function picture(held) {
  const { messages, participants, newFrom, unread, isWhole, due, head } = held;
  return structuredClone({
    messages,
    people: [...participants.values()],
    newFrom,
    unread,
    isWhole,
    due,
    head,
  });
}

test("a chat that came with its code is there before any frame, with the line before what is new", () => {
  const held = new Chat(new Time());
  held.begin(opening());
  const { messages, participants, due } = opening();
  assert.deepEqual(picture(held), {
    messages,
    people: participants,
    newFrom: 2,
    unread: 2,
    isWhole: true,
    due,
    head: 3,
  });
});

test("frames that tell what is known already change nothing", () => {
  const held = new Chat(new Time());
  let heard = 0;
  held.addEventListener("heard", () => (heard += 1));
  held.begin(opening());
  const before = picture(held);
  const { messages, ...state } = opening();
  held.setState({ ...state });
  for (const message of messages) held.insert({ ...message });
  assert.deepEqual(picture(held), before);
  assert.equal(heard, 0);
});

test("what is said after the code was accepted is heard", () => {
  const held = new Chat(new Time());
  let heard = 0;
  held.addEventListener("heard", () => (heard += 1));
  held.begin(opening());
  held.setState({ ...opening(), head: 4 });
  held.insert({ seq: 4, from: "2", at: AT, id: "id-4", text: "text 4" });
  assert.deepEqual([heard, held.newFrom, held.last], [1, 2, 4]);
});

test("in doubt, what others have seen and where they are is forgotten until it is told again", () => {
  const held = new Chat(new Time());
  held.begin(opening());
  held.setPresence({ participant: "2", here: false, last_here: AT });
  held.doubt();
  const [other] = held.others;
  assert.deepEqual(
    [other?.here, other?.last_here, held.reach],
    [false, undefined, { delivered: 3, seen: 0 }],
  );
  assert.equal(held.self?.seen, 1);
  held.setReceipt({ participant: "2", delivered: 3, seen: 2 });
  assert.equal(held.reach.seen, 2);
});

test("a house that tells less is believed after a doubt", () => {
  const held = new Chat(new Time());
  held.begin(opening());
  held.withhold(["seen"]);
  held.doubt();
  const { participants, ...state } = opening();
  const told = participants.map((person) => (person.participant === "2" ? { ...person, seen: 0 } : person));
  held.setState({ ...state, participants: told });
  assert.equal(receiptOf(3, held.reach), "DELIVERED");
  assert.deepEqual([held.withholds("seen"), held.withholds("here")], [true, false]);
});

test("a person who says or reads something has come in, also where it is not told who is here", () => {
  const one = { came_in: false, here: false, delivered: 0, seen: 0, tries: 0 };
  const participants = [
    { ...one, participant: "1", name: "Anny" },
    { ...one, participant: "2", name: "Abhi" },
  ];
  const { chat: writes, message } = chat({ participants });
  writes.insert(message(1, "2"));
  assert.equal(writes.others[0]?.came_in, true);
  const { chat: reads } = chat({ participants, head: 1 });
  reads.setReceipt({ participant: "2", delivered: 1, seen: 0 });
  assert.equal(reads.others[0]?.came_in, true);
});

test("when somebody was last here is not told where they said something after it", () => {
  const { chat: held, message } = chat();
  const leaves = (/** @type {string} */ last_here) =>
    held.setPresence({ participant: "2", here: false, last_here });
  const lastHere = () => held.others.map((person) => held.lastHere(person));
  leaves("2026-11-21T18:41:00.000Z");
  assert.deepEqual(lastHere(), ["2026-11-21T18:41:00.000Z"]);
  held.insert(message(1, "2"));
  assert.deepEqual(lastHere(), [undefined]);
  leaves("2026-11-21T18:43:00.000Z");
  assert.deepEqual(lastHere(), ["2026-11-21T18:43:00.000Z"]);
});

test("an old message that is acknowledged late makes no gap: it comes with its page of history", () => {
  const { chat: held, message } = chat({ head: 60 });
  for (let seq = 51; seq <= 60; seq += 1) held.insert(message(seq, "2"));
  held.insert(message(5, "1"));
  assert.deepEqual([held.first, held.last], [51, 60]);
  held.insert(message(50, "2"));
  assert.equal(held.first, 50);
});
