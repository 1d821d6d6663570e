// What is typed is said once and in order, whatever happens to the line. outbox.model.test.js tries it at
// random.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBeTaken } from "../../assets/app/models/outbox-entry.js";
import { settled } from "./fakes.js";
import { outbox } from "./outbox-tab.js";
import { numbered } from "./page.js";

test("a message typed offline is sent once when the connection is back", async () => {
  const { box, opens, says, takes, texts } = await outbox();
  await says("hello");
  assert.deepEqual(texts(), []);
  await opens();
  assert.deepEqual(texts(), ["hello"]);
  await takes("hello");
  box.close();
  await opens();
  assert.deepEqual(texts(), []);
});

test("messages are numbered and sent in the order in which they were typed, without waiting", async () => {
  const { opens, says, sent, producers, numberOf } = await outbox();
  await says("one", "two", "three");
  await opens();
  assert.deepEqual(sent, [
    ["one", 1],
    ["two", 2],
    ["three", 3],
  ]);
  assert.equal(numberOf("two"), numbered(producers[0] ?? "", 2));
});

test("what was never sent has no number", async () => {
  const { says, entryOf } = await outbox();
  await says("hello");
  assert.equal(entryOf("hello")?.number, undefined);
});

test("a message is on the disk with its number before it is sent", async () => {
  const { opens, disk, box, texts } = await outbox();
  await opens();
  disk.hold();
  void box.say("hello");
  await settled();
  assert.deepEqual(texts(), []);
  disk.release();
  await settled();
  assert.deepEqual(texts(), ["hello"]);
  assert.match(await disk.text(), /"number":"a/);
});

test("no more than 64 wait for their answers, and one over HTTP", async () => {
  for (const unansweredMax of [64, 1]) {
    const { opens, says, takes, texts } = await outbox({ unansweredMax });
    const all = Array.from({ length: 70 }, (_, at) => `message ${at}`);
    await says(...all);
    await opens();
    assert.equal(texts().length, unansweredMax);
    await takes("message 0");
    assert.deepEqual(texts(), [`message ${unansweredMax}`]);
  }
});

test("a message whose answer was lost is sent again under its number", async () => {
  const { box, opens, says, takes, sent } = await outbox();
  await says("one", "two");
  await opens();
  await takes("one");
  box.close();
  await opens();
  assert.deepEqual(sent.splice(0), [
    ["one", 1],
    ["two", 2],
    ["two", 2],
  ]);
});

test("what may have been said is not sent again before all that was said is known", async () => {
  const { box, says, opens, texts, numberOf } = await outbox();
  await opens();
  await says("one", "two");
  const first = numberOf("one");
  box.close();
  texts();
  await box.open();
  await says("three");
  assert.deepEqual(texts(), []);
  box.taken(first, 1);
  box.catchUp(true);
  await settled();
  assert.deepEqual(texts(), ["two", "three"]);
});

test("what waits survives a reload, in order", async () => {
  const { says, reloads } = await outbox();
  await says("one", "two");
  const later = await reloads();
  await later.opens();
  assert.deepEqual(later.texts(), ["one", "two"]);
});

test("what an earlier page has sent goes first, under its number, one at a time", async () => {
  const { says, opens, reloads, numberOf } = await outbox();
  await opens();
  await says("one", "two");
  const before = [numberOf("one"), numberOf("two")];
  const later = await reloads();
  await later.says("three");
  await later.opens();
  assert.deepEqual([later.numberOf("one"), later.numberOf("two")], before);
  assert.deepEqual(later.texts(), ["one"]);
  await later.takes("one");
  assert.deepEqual(later.texts(), ["two"]);
  await later.takes("two");
  assert.deepEqual(later.sent, [["three", 1]]);
});

test("what was certainly not taken gets another number, and what is behind it", async () => {
  const { says, opens, reloads } = await outbox();
  await opens();
  await says("one", "two");
  const later = await reloads();
  await later.opens();
  later.texts();
  await later.refuses("one", "out_of_order");
  assert.deepEqual(later.sent, [
    ["one", 1],
    ["two", 2],
  ]);
  assert.equal(later.numberOf("one").slice(0, 16), later.producers[0]);
});

test("a page that the house has forgotten begins with another producer", async () => {
  for (const code of ["out_of_order", "id_taken"]) {
    const { says, opens, takes, refuses, sent, producers } = await outbox();
    await opens();
    await says("one", "two", "three");
    await takes("one");
    sent.splice(0);
    await refuses("two", code);
    assert.deepEqual(sent, [], "until all are answered");
    await refuses("three", "out_of_order");
    assert.deepEqual(sent, [
      ["two", 1],
      ["three", 2],
    ]);
    assert.equal(producers.length, 2);
  }
});

test("what was said long ago is not said again", async () => {
  const { box, says, opens, reloads } = await outbox();
  await opens();
  await says("one");
  const later = await reloads();
  await later.opens();
  await later.refuses("one", "already_taken");
  assert.deepEqual([later.box.entries, box.entries.length], [[], 1]);
});

test("another store is asked once about what was sent, then it gets a new number", async () => {
  const { box, says, opens, takes, refuses, texts, producers, numberOf } = await outbox();
  await opens();
  await says("one", "two", "three");
  await takes("one");
  texts();
  box.close();
  box.restart();
  await opens();
  assert.deepEqual([texts(), numberOf("two").slice(0, 16)], [["two"], producers[0]]);
  await refuses("two", "out_of_order");
  assert.deepEqual([texts(), numberOf("two")], [["two", "three"], numbered(producers[1] ?? "", 1)]);
});

test("what is typed after a reload waits behind what waited before", async () => {
  const { says, time, reloads } = await outbox();
  await says("one");
  time.pass(1_000);
  const later = await reloads();
  await later.says("two");
  assert.deepEqual(
    later.box.entries.map((entry) => entry.text),
    ["one", "two"],
  );
});

test("order is kept where the clock was set back between two visits", async () => {
  const { says, time, disk } = await outbox();
  time.pass(3_600_000);
  await says("one");
  const later = await outbox({ disk });
  await later.says("two");
  const latest = await outbox({ disk });
  assert.deepEqual(
    latest.box.entries.map((entry) => entry.text),
    ["one", "two"],
  );
});

test("a refused message that is tried again is still tried after a reload", async () => {
  const { box, says, opens, refuses, entryOf, reloads } = await outbox();
  await says("one");
  await opens();
  await refuses("one", "message_too_long");
  box.retry(entryOf("one")?.id ?? "");
  await settled();
  const later = await reloads();
  await later.opens();
  assert.deepEqual(later.texts(), ["one"]);
});

test("a refusal that passes holds the order, and what it held is sent again under its numbers", async () => {
  for (const code of ["slow_down", "busy", "failed", "too_slow", "reconnect"]) {
    const { says, opens, takes, refuses, passes, sent } = await outbox();
    await says("one", "two", "three");
    await opens();
    await takes("one");
    sent.splice(0);
    await refuses("two", code, 3);
    await refuses("three", "out_of_order");
    await passes(2_900);
    assert.deepEqual(sent, [], code);
    await passes(200);
    assert.deepEqual(
      sent,
      [
        ["two", 2],
        ["three", 3],
      ],
      code,
    );
  }
});

test("what is typed while others wait for a busy house waits behind them", async () => {
  const { says, opens, refuses, passes, texts } = await outbox();
  await says("one");
  await opens();
  await refuses("one", "busy", 3);
  texts();
  await says("two");
  assert.deepEqual(texts(), []);
  await passes(3_000);
  assert.deepEqual(texts(), ["one", "two"]);
});

test("what the house refuses for what it is cannot be tried again, everything else can", () => {
  /** @param {string} code @returns {OutboxEntry} */
  const refused = (code) => ({ id: "", owner: "", text: "", order: 1, at: "", state: "refused", code });
  for (const code of ["malformed", "empty_message", "message_too_long", "too_large"]) {
    assert.equal(mayBeTaken(refused(code)), false, code);
  }
  for (const code of ["disk_full", "no_such_seat", "unreachable"]) {
    assert.equal(mayBeTaken(refused(code)), true, code);
  }
});

test("a message that is never taken stands aside; what is behind it goes once all is answered", async () => {
  const { box, says, opens, refuses, sent, entryOf } = await outbox();
  await says("too long", "two", "three");
  await opens();
  sent.splice(0);
  await refuses("too long", "message_too_long");
  assert.equal(entryOf("too long")?.state, "refused");
  await refuses("two", "out_of_order");
  assert.deepEqual(sent, []);
  await refuses("three", "out_of_order");
  assert.deepEqual(sent, [
    ["two", 1],
    ["three", 2],
  ]);
  void box.delete(/** @type {OutboxEntry} */ (entryOf("too long")));
  assert.deepEqual(
    box.shown.map((entry) => entry.text),
    ["two", "three"],
  );
});

test("a message that may have been taken before one that never is keeps its number", async () => {
  const { says, opens, refuses, passes, sent, producers, numberOf } = await outbox();
  await says("one", "too long", "three");
  await opens();
  sent.splice(0);
  await refuses("one", "failed");
  await refuses("too long", "message_too_long");
  await refuses("three", "out_of_order");
  await passes(2_000);
  assert.deepEqual([sent, numberOf("one")], [[["one", 1]], numbered(producers[0] ?? "", 1)]);
});

test("nothing of a chat that is gone stays on the disk", async () => {
  const { box, says, disk } = await outbox();
  await says("secret");
  assert.match(await disk.text(), /secret/);
  await box.wipe();
  assert.equal(disk.databases.size, 0);
  assert.deepEqual(box.entries, []);
});

test("an acknowledged message does not stay on the disk", async () => {
  const { opens, says, disk, takes } = await outbox();
  await opens();
  await says("slow", "quick");
  await takes("slow", "quick");
  assert.doesNotMatch(await disk.text(), /slow|quick/);
});

test("a message that is discarded while it is written does not stay on the disk", async () => {
  const { box, opens, says, disk, numberOf, entryOf } = await outbox();
  await opens();
  await says("too long");
  box.refused(numberOf("too long"), { code: "message_too_long" });
  void box.delete(/** @type {OutboxEntry} */ (entryOf("too long")));
  await settled();
  assert.doesNotMatch(await disk.text(), /too long/);
});

test("a full disk keeps nobody from talking", async () => {
  const { says, opens, disk, texts } = await outbox();
  disk.isFull = true;
  await says("hello");
  await opens();
  assert.deepEqual(texts(), ["hello"]);
});

test("what one tab waits to send is not another's while both are there", async () => {
  const one = await outbox();
  await one.says("mine");
  const other = await outbox(one);
  await other.opens();
  assert.deepEqual([other.texts(), other.box.entries], [[], []]);
  await one.opens();
  assert.deepEqual(one.texts(), ["mine"]);
});

test("a tab that only slept sends nothing that another one took over", async () => {
  const asleep = await outbox();
  await asleep.says("one");
  const hears = asleep.channel.onmessage;
  asleep.channel.onmessage = null;
  const awake = await outbox(asleep);
  await awake.opens();
  assert.deepEqual(awake.texts(), ["one"]);
  asleep.channel.onmessage = hears;
  await asleep.opens();
  assert.deepEqual([asleep.texts(), asleep.box.entries], [[], []]);
});

test("what waits in a tab that is closed is taken up by one that stays, with locks", async () => {
  /** @type {(() => Promise<void>)[]} */
  const waiting = [];
  const isFree = async () => false;
  const whenFree = (/** @type {string} */ _, /** @type {() => Promise<void>} */ then) =>
    void waiting.push(then);
  const stays = await outbox({ locks: { isFree, whenFree } });
  await stays.opens();
  const goes = await outbox(stays);
  await goes.says("left behind");
  assert.deepEqual(stays.texts(), []);
  for (const free of waiting) await free();
  await stays.passes(3_000);
  assert.deepEqual(stays.texts(), ["left behind"]);
});
