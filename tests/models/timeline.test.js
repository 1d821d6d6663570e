// The rows of a conversation: the same whether they grew one by one or were made at once, and no more of them
// is looked at than is on the screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { Timeline } from "../../assets/app/models/timeline.js";
import { Time } from "./fakes.js";
import { people } from "./page.js";

const [ME, OTHER] = ["1", "2"];
/** All that a chat may hold while it scrolls like ten. */
const MANY = 10_000;
/** Rows that are laid out on a large screen, and the steps of a search for them. */
const FEW = 300;

const dayOf = (/** @type {string} */ at) => at.slice(0, 10);

/** @param {number} minute since the chat began */
const at = (minute) => new Date(Date.parse("2026-11-21T18:42:00.000Z") + minute * 60_000).toISOString();

/** @param {number} seq @param {string} from @param {number} [minute] @returns {ChatMessage} */
function message(seq, from, minute = seq) {
  return { seq, from, at: at(minute), id: `id-${seq}`, text: `text ${seq}` };
}

/** @param {number} head @param {number} seen by this person, and by the other */
function chatOf(head, seen = head) {
  const chat = new Chat(new Time());
  chat.setState({ me: ME, head, idle: "1d", due: at(0), participants: people(seen) });
  return chat;
}

/** @param {Chat} chat @param {OutboxEntry[]} [entries] */
function timelineOf(chat, entries = []) {
  const outbox = /** @type {import("../../assets/app/models/outbox.js").Outbox} */ ({ entries });
  return new Timeline({ chat, outbox }, dayOf);
}

/** @param {string} id @param {"waiting" | "refused"} [state] @returns {OutboxEntry} */
function entry(id, state = "waiting") {
  return { id, owner: "", text: id, order: 1, at: at(0), state };
}

/** @param {Timeline} timeline */
const keys = (timeline) => timeline.rows.map(({ key }) => key);

/** @param {Timeline} timeline */
function looks(timeline) {
  return timeline.looks({ from: 0, to: timeline.rows.length }, "today");
}

test("each day has a line, and so has what is new", () => {
  const chat = chatOf(3, 1);
  for (const seq of [1, 2]) chat.insert(message(seq, OTHER));
  chat.insert(message(3, OTHER, 24 * 60));
  const timeline = timelineOf(chat, [entry("waits")]);
  timeline.update();
  assert.deepEqual(keys(timeline), ["day 1", "message 1", "new", "message 2", "day 3", "message 3", "waits"]);
});

test("messages of one sender and minute say the time once, below the last of one mark", () => {
  const chat = chatOf(0, 0);
  for (const seq of [1, 2, 3]) chat.insert(message(seq, ME, 0));
  chat.insert(message(4, OTHER, 0));
  chat.setReceipt({ participant: OTHER, delivered: 1, seen: 1 });
  const timeline = timelineOf(chat);
  timeline.update();
  const said = looks(timeline).filter(({ row }) => row.kind === "message");
  assert.deepEqual(
    said.map(({ row, receipt, isFollowed }) => [row.follows, receipt, isFollowed]),
    [
      [false, "SEEN", false],
      [true, "SENT", true],
      [true, "SENT", false],
      [false, "", false],
    ],
  );
});

test("what waits is below everything, and becomes a message at the same key", () => {
  const chat = chatOf(0);
  const entries = [entry("id-1"), entry("id-9", "refused")];
  const timeline = timelineOf(chat, entries);
  timeline.update();
  assert.deepEqual(
    looks(timeline).map(({ row, receipt, name }) => [row.key, receipt, name]),
    [
      ["id-1", "WAITING", "Anny"],
      ["id-9", "REFUSED", "Anny"],
    ],
  );
  entries.shift();
  chat.insert(message(1, ME));
  timeline.update();
  assert.deepEqual(keys(timeline), ["day 1", "id-1", "id-9"]);
});

/** What may happen to a chat between two redraws. @type {((chat: Chat) => void)[]} */
const EVENTS = [
  (chat) => chat.insert(message(chat.last + 1, ME)),
  (chat) => chat.insert(message(chat.last + 1, OTHER, (chat.last + 1) * 300)),
  (chat) => chat.insert(message(chat.last + 2, OTHER)),
  (chat) => chat.insert(message(chat.first - 1, OTHER)),
  (chat) => chat.prepend([3, 2, 1].map((before) => message(chat.first - before, OTHER))),
  (chat) => chat.see(chat.first + 2),
  (chat) => chat.see(chat.last),
  (chat) => chat.lookBack(),
  (chat) => chat.revisit(),
  (chat) =>
    chat.setState({ me: ME, head: chat.head, idle: "1d", due: at(0), participants: people(chat.first) }),
  (chat) => chat.setReceipt({ participant: OTHER, delivered: chat.last, seen: chat.first }),
];

test("rows that grew are the rows that are made at once, whatever happened in between", () => {
  for (let turn = 0; turn < 200; turn += 1) {
    const chat = chatOf(1_000, 999);
    chat.insert(message(1_000, OTHER));
    const grown = timelineOf(chat);
    const done = [];
    for (let step = 0; step < 25; step += 1) {
      const event = Math.floor(Math.random() * EVENTS.length);
      done.push(event);
      EVENTS[event]?.(chat);
      const before = keys(grown);
      const from = grown.update();
      const made = timelineOf(chat);
      made.update();
      assert.deepEqual(looks(grown), looks(made), `after ${done}`);
      assert.deepEqual(
        keys(grown).slice(0, from),
        before.slice(0, from),
        `after ${done}: rows before ${from}`,
      );
    }
  }
});

/** The chat with so many messages, and how often one of them was looked at. */
function counted(count = MANY) {
  const chat = chatOf(count);
  const messages = Array.from({ length: count }, (_, place) => message(place + 1, place % 2 ? ME : OTHER));
  let reads = 0;
  const counting = new Proxy(messages, {
    get: (all, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
      return Reflect.get(all, key);
    },
  });
  chat.begin({
    me: ME,
    head: count,
    idle: "1d",
    due: at(0),
    participants: people(count),
    messages: counting,
  });
  return { chat, reads: () => reads, forget: () => (reads = 0) };
}

/** Everything that a redraw asks of a chat. @param {Chat} chat @param {Timeline} timeline */
function redraw(chat, timeline) {
  const from = timeline.update();
  const { length } = timeline.rows;
  timeline.looks({ from: Math.max(0, length - 60), to: length }, "today");
  const { unread, isWhole, isSeen, typing, firstNew, hasOlder } = chat;
  const lastHere = chat.others.map((person) => chat.lastHere(person));
  return { from, unread, isWhole, isSeen, typing, firstNew, hasOlder, lastHere };
}

test("a redraw, and a message, cost what is on the screen and not what was ever said", () => {
  const { chat, reads, forget } = counted();
  const timeline = timelineOf(chat);
  redraw(chat, timeline);
  forget();
  redraw(chat, timeline);
  assert.ok(reads() < FEW, `a redraw looked at ${reads()} messages`);
  forget();
  chat.insert(message(MANY + 1, OTHER));
  const { from, unread } = redraw(chat, timeline);
  assert.ok(reads() < FEW, `a message looked at ${reads()} messages`);
  assert.equal(unread, 1);
  assert.ok(from >= MANY, `rows are made again from ${from} on`);
});

test("a line before what is new is put there without a look at what is above it", () => {
  const { chat, reads, forget } = counted();
  const timeline = timelineOf(chat);
  redraw(chat, timeline);
  for (let seq = MANY + 1; seq <= MANY + 5; seq += 1) chat.insert(message(seq, OTHER));
  redraw(chat, timeline);
  forget();
  chat.lookBack();
  redraw(chat, timeline);
  assert.ok(reads() < FEW, `the line looked at ${reads()} messages`);
  assert.ok(keys(timeline).includes("new"));
});

test("what is sent keeps its row when the house has it", () => {
  const chat = chatOf(0);
  const waiting = { ...entry("a"), number: "b-1" };
  const timeline = timelineOf(chat, [waiting]);
  timeline.update();
  assert.deepEqual(keys(timeline).slice(-1), ["b-1"]);
});

test("messages that were sent under one id have a row each", () => {
  const chat = chatOf(4);
  for (const [seq, from] of /** @type {[number, string][]} */ ([
    [1, OTHER],
    [2, OTHER],
    [3, ME],
    [4, ME],
  ]))
    chat.insert({ ...message(seq, from), id: "the same" });
  const timeline = timelineOf(chat);
  timeline.update();
  const of = timeline.rows.filter(({ kind }) => kind === "message");
  assert.deepEqual(
    of.map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
  assert.equal(new Set(of.map(({ key }) => key)).size, 4);
});
