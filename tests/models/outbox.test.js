// What is typed is sent once and in order, whatever happens to the line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, mayBeTaken } from "../../assets/app/models/outbox.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, Time, settled } from "./fakes.js";

const SEAT = "00f1e2d3c4b5a697-1";

let count = 0;

async function outbox(disk = new Disk(), time = new Time()) {
  /** @type {string[]} */
  const sent = [];
  const box = new Outbox({
    store: await openLocalStore(() => disk.factory, SEAT, time.after),
    send: (entry) => sent.push(entry.text) > 0,
    after: time.after,
    now: time.now,
    makeId: () => `id-${(count += 1)}`,
  });
  box.load();
  /** @param {string} text */
  const idOf = (text) => box.entries.find((entry) => entry.text === text)?.id ?? "";
  return { box, sent, time, disk, idOf };
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

test("what waits survives a reload, in order", async () => {
  const { box, disk } = await outbox();
  await box.say("one");
  await box.say("two");
  const { box: later, sent, idOf } = await outbox(disk);
  later.open();
  later.taken(idOf("one"));
  assert.deepEqual(sent, ["one", "two"]);
});

test("what is typed after a reload waits behind what waited before", async () => {
  const { box, disk, time } = await outbox();
  await box.say("one");
  time.pass(1_000);
  const { box: later } = await outbox(disk, time);
  await later.say("two");
  later.load();
  assert.deepEqual(
    later.entries.map((entry) => entry.text),
    ["one", "two"],
  );
});

test("order is kept where the clock was set back between two visits", async () => {
  const { box, disk, time } = await outbox();
  time.pass(3_600_000);
  await box.say("one");
  const { box: later } = await outbox(disk, new Time());
  await later.say("two");
  const { box: latest } = await outbox(disk, new Time());
  assert.deepEqual(
    latest.entries.map((entry) => entry.text),
    ["one", "two"],
  );
});

test("a refused message that is tried again is still tried after a reload", async () => {
  const { box, disk, idOf } = await outbox();
  await box.say("one");
  box.open();
  box.refused(idOf("one"), { code: "message_too_long" });
  box.retry(idOf("one"));
  await settled();
  const { box: later, sent } = await outbox(disk);
  later.open();
  assert.deepEqual(sent, ["one"]);
});

test("a refusal that passes holds the order, and the message is tried again with its id", async () => {
  for (const code of ["slow_down", "busy", "failed", "too_slow", "reconnect"]) {
    const { box, sent, time, idOf } = await outbox();
    await box.say("one");
    await box.say("two");
    const id = idOf("one");
    box.open();
    box.refused(id, { code, retryAfter: 3 });
    time.pass(2_900);
    assert.deepEqual(sent, ["one"], code);
    time.pass(200);
    assert.deepEqual(sent, ["one", "one"], code);
    assert.equal(idOf("one"), id);
    box.taken(id);
    assert.deepEqual(sent, ["one", "one", "two"], code);
  }
});

test("what the house refuses for what it is cannot be tried again, everything else can", () => {
  /** @param {string} code @returns {OutboxEntry} */
  const refused = (code) => ({ id: "", text: "", order: 1, at: "", state: "refused", code });
  for (const code of ["malformed", "empty_message", "message_too_long", "too_large"]) {
    assert.equal(mayBeTaken(refused(code)), false, code);
  }
  for (const code of ["disk_full", "no_such_seat", "unreachable"]) {
    assert.equal(mayBeTaken(refused(code)), true, code);
  }
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

test("nothing of a chat that is gone stays on the disk", async () => {
  const { box, disk } = await outbox();
  await box.say("secret");
  assert.match(await disk.text(), /secret/);
  await box.wipe();
  assert.equal(disk.databases.size, 0);
  assert.deepEqual(box.entries, []);
});

test("an acknowledged message does not stay on the disk", async () => {
  const { box, disk, idOf } = await outbox();
  box.open();
  await box.say("slow");
  const said = box.say("quick");
  box.taken(idOf("slow"));
  box.taken(idOf("quick"));
  await said;
  await settled();
  assert.doesNotMatch(await disk.text(), /slow|quick/);
});

test("a full disk keeps nobody from talking", async () => {
  const { box, disk, sent } = await outbox();
  disk.isFull = true;
  await box.say("hello");
  box.open();
  assert.deepEqual(sent, ["hello"]);
});
