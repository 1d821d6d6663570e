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
  const outbox = /** @type {import("../../assets/app/models/outbox.js").Outbox} */ ({ shown: entries });
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

/** Some message that is held changes. @param {Chat} chat @param {Partial<ChatMessage>} how */
function changes(chat, how) {
  const held = chat.messages[Math.floor(Math.random() * chat.messages.length)];
  const number = chat.changed + 1;
  if (held) chat.change(number, { ...held, ...how, changed: number });
}

/** What may happen to a chat between two redraws. @type {((chat: Chat) => void)[]} */
const EVENTS = [
  (chat) => chat.insert(message(chat.last + 1, ME)),
  (chat) => chat.insert(message(chat.last + 1, OTHER, (chat.last + 1) * 300)),
  (chat) => chat.insert(message(chat.last + 2, OTHER)),
  (chat) => chat.insert(message(chat.first - 1, OTHER)),
  (chat) => chat.prepend([3, 2, 1].map((before) => message(chat.first - before, OTHER))),
  (chat) => changes(chat, { text: "edited", edits: 1 }),
  (chat) => changes(chat, { gone: { by: OTHER, at: at(0), stub: true } }),
  (chat) => changes(chat, { gone: { by: OTHER, at: at(0) } }),
  (chat) => changes(chat, { hidden: true }),
  (chat) => changes(chat, { reply_to: chat.last }),
  (chat) => chat.insert({ ...message(chat.last + 1, OTHER), note: { what: "new-device" } }),
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

test("a change of one message makes no other row, and costs no look at the others", () => {
  const { chat, reads, forget } = counted();
  const timeline = timelineOf(chat);
  redraw(chat, timeline);
  const before = [...timeline.rows];
  forget();
  chat.change(1, { ...message(5, OTHER), text: "edited", edits: 1, changed: 1 });
  const { from } = redraw(chat, timeline);
  assert.ok(reads() < FEW, `a change looked at ${reads()} messages`);
  assert.equal(from, timeline.rows.length);
  const others = timeline.rows.filter((row, place) => row !== before[place]);
  assert.deepEqual(
    others.map(({ seq, message: now }) => [seq, now?.text]),
    [[5, "edited"]],
  );
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

test("what is deleted, hidden or vanished has no row, and no day of its own", () => {
  const chat = chatOf(5);
  const long = "1969-01-01T00:00:00.000Z";
  chat.insert(message(1, OTHER));
  chat.insert({ ...message(2, OTHER, 24 * 60), gone: { by: OTHER, at: at(2) } });
  chat.insert({ ...message(3, OTHER, 24 * 60), hidden: true });
  chat.insert({ ...message(4, OTHER, 2 * 24 * 60), gone: { by: OTHER, at: long, stub: true } });
  chat.insert({ ...message(5, ME, 3 * 24 * 60), vanishes: long });
  const timeline = timelineOf(chat);
  timeline.update();
  assert.deepEqual(keys(timeline), ["day 1", "message 1"]);
});

test("a note has a row of its own, and no message follows it", () => {
  const chat = chatOf(3);
  chat.insert({ seq: 1, from: OTHER, at: at(0), note: { what: "replaced", participant: ME } });
  chat.insert(message(2, OTHER, 0));
  chat.insert({ seq: 3, from: ME, at: at(0), note: { what: "dance" } });
  const timeline = timelineOf(chat);
  timeline.update();
  assert.ok(looks(timeline).every(({ isFollowed }) => !isFollowed));
  const notes = looks(timeline).filter(({ row }) => row.kind === "note");
  assert.deepEqual(
    notes.map(({ name, receipt, note }) => [name, receipt, note]),
    [
      ["Abhi", "", { key: "name.replaced_yours", other: "Anny", span: "" }],
      ["Anny", "", undefined],
    ],
  );
  assert.equal(timeline.rows.find(({ seq, kind }) => seq === 2 && kind === "message")?.follows, false);
});

test("a quote is of the message as it is now, and its row is drawn again when that changes", () => {
  const chat = chatOf(3);
  chat.insert(message(2, OTHER));
  chat.insert({ ...message(3, ME), reply_to: 1 });
  const timeline = timelineOf(chat);
  const look = () => {
    timeline.update();
    const { sign, quote } = /** @type {import("../../assets/app/models/timeline.js").Look} */ (
      looks(timeline).at(-1)
    );
    return { sign, name: quote?.name, text: quote?.message?.text, gone: quote?.message?.gone?.by };
  };
  const unknown = look();
  chat.quote(message(1, OTHER));
  const known = look();
  chat.change(1, { ...message(1, OTHER), text: undefined, gone: { by: OTHER, at: at(0) }, changed: 1 });
  const gone = look();
  assert.equal(new Set([unknown.sign, known.sign, gone.sign]).size, 3);
  assert.deepEqual([unknown.name, known.name, gone.name], ["", "Abhi", "Abhi"]);
  assert.deepEqual([unknown.text, known.text, gone.text], [undefined, "text 1", undefined]);
  assert.deepEqual([unknown.gone, known.gone, gone.gone], [undefined, undefined, OTHER]);
});

test("reactions are told with the names of those who reacted, each emoji once", () => {
  const chat = chatOf(1);
  const [heart, thumb] = ["\u2764\ufe0f", "\u{1f44d}"];
  const reactions = [
    { from: ME, emoji: heart },
    { from: OTHER, emoji: heart },
    { from: "3", emoji: thumb },
  ];
  chat.insert({ ...message(1, OTHER), reactions, changed: 3 });
  const timeline = timelineOf(chat);
  timeline.update();
  assert.deepEqual(looks(timeline).at(-1)?.reactions, [
    { emoji: heart, names: ["Anny", "Abhi"] },
    { emoji: thumb, names: [""] },
  ]);
});

test("an edited message says its time itself", () => {
  const chat = chatOf(2);
  chat.insert({ ...message(1, OTHER, 0), edits: 1, changed: 1 });
  chat.insert(message(2, OTHER, 0));
  const timeline = timelineOf(chat);
  timeline.update();
  assert.deepEqual(
    looks(timeline).map(({ isFollowed }) => isFollowed),
    [false, false, false],
  );
});
