// What is typed is sent once and in order, whatever happens to the line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../assets/app/models/outbox.js";
import { Shelf, Time, settled } from "./fakes.js";

const SEAT = "00f1e2d3c4b5a697-1";

/** @param {Shelf} [shelf] */
async function outbox(shelf = new Shelf()) {
  const time = new Time();
  /** @type {string[]} */
  const sent = [];
  let count = 0;
  const box = new Outbox({
    seat: SEAT,
    store: shelf,
    send: (entry) => sent.push(entry.text) > 0,
    after: time.after,
    now: time.now,
    makeId: () => `id-${(count += 1)}`,
  });
  await box.load();
  /** @param {string} text */
  const idOf = (text) => box.entries.find((entry) => entry.text === text)?.id ?? "";
  return { box, sent, time, shelf, idOf };
}

test("a message typed offline is sent once when the connection is back", async () => {
  const { box, sent, idOf } = await outbox();
  await box.say("hello");
  assert.deepEqual(sent, []);
  box.open();
  assert.deepEqual(sent, ["hello"]);
  box.taken(idOf("hello"));
  box.close();
  box.open();
  assert.deepEqual(sent, ["hello"]);
});

test("messages are sent in the order in which they were typed, one after the other", async () => {
  const { box, sent, idOf } = await outbox();
  for (const text of ["one", "two", "three"]) await box.say(text);
  box.open();
  assert.deepEqual(sent, ["one"]);
  box.taken(idOf("one"));
  box.taken(idOf("two"));
  assert.deepEqual(sent, ["one", "two", "three"]);
});

test("a message whose acknowledgement was lost is sent again with the same id", async () => {
  const { box, sent, idOf } = await outbox();
  await box.say("hello");
  const id = idOf("hello");
  box.open();
  box.close();
  box.open();
  assert.deepEqual(sent, ["hello", "hello"]);
  assert.equal(idOf("hello"), id);
});

test("what waits survives a reload, in order, and only at its own seat", async () => {
  const { box, shelf } = await outbox();
  await box.say("one");
  await box.say("two");
  shelf.kept.set("x", { id: "x", seat: "other-2", text: "not mine", order: 1, at: "", state: "waiting" });
  const { box: later, sent, idOf } = await outbox(shelf);
  later.open();
  later.taken(idOf("one"));
  assert.deepEqual(sent, ["one", "two"]);
});

test("a refusal that passes holds the order and is tried again after its time", async () => {
  const { box, sent, time, idOf } = await outbox();
  await box.say("one");
  await box.say("two");
  box.open();
  box.refused(idOf("one"), { code: "slow_down", retry_after: 3 });
  time.pass(2_900);
  assert.deepEqual(sent, ["one"]);
  time.pass(200);
  assert.deepEqual(sent, ["one", "one"]);
});

test("a message that the house never takes stands aside, and the next one goes", async () => {
  const { box, sent, idOf } = await outbox();
  await box.say("too long");
  await box.say("two");
  box.open();
  box.refused(idOf("too long"), {
    code: "message_too_long",
    detail: "A message has at most 4,000 characters.",
  });
  assert.deepEqual(sent, ["too long", "two"]);
  assert.equal(box.entries[0]?.state, "refused");
  box.discard(idOf("too long"));
  assert.deepEqual(
    box.entries.map((entry) => entry.text),
    ["two"],
  );
});

test("nothing of a chat that is gone stays on the shelf", async () => {
  const { box, shelf } = await outbox();
  await box.say("secret");
  await box.wipe();
  await settled();
  assert.equal(shelf.kept.size, 0);
  assert.deepEqual(box.entries, []);
});

test("an acknowledged message does not stay on the shelf", async () => {
  const { box, shelf, idOf } = await outbox();
  box.open();
  const said = box.say("quick");
  box.taken(idOf("quick"));
  await said;
  await settled();
  assert.equal(shelf.kept.size, 0);
});
