// What waits to be sent can be edited and deleted: it is never sent as it was, and what is on its way is
// changed once the house has it. outbox.model.test.js tries it at random.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, settled } from "./fakes.js";
import { outbox } from "./outbox-tab.js";
import { SEAT, numbered } from "./page.js";

/** What another tab took over while this one slept. */
async function takenOver() {
  const asleep = await outbox();
  await asleep.says("one", "two");
  const hears = asleep.channel.onmessage;
  asleep.channel.onmessage = null;
  const awake = await outbox(asleep);
  asleep.channel.onmessage = hears;
  return { asleep, awake };
}

test("what was never sent is sent as it was edited, and the old text is nowhere", async () => {
  const { edits, says, opens, texts, takes, changes, disk } = await outbox();
  await says("wrong", "two");
  await edits("wrong", "right");
  assert.doesNotMatch(await disk.text(), /wrong/);
  await opens();
  assert.deepEqual(texts(), ["right", "two"]);
  await takes("right");
  assert.deepEqual(changes, []);
});

test("what was never sent and is deleted is never sent, and is not on the disk", async () => {
  const { box, deletes, says, opens, sent, disk } = await outbox();
  await says("a mistake", "two");
  const { entry } = await deletes("a mistake");
  assert.deepEqual(
    box.shown.map(({ text }) => text),
    ["two"],
  );
  assert.doesNotMatch(await disk.text(), /mistake/);
  box.confirm(entry, false);
  await opens();
  assert.deepEqual(sent, [["two", 1]]);
});

test("what was brought back is sent after all, also after a reload", async () => {
  const { box, deletes, says, reloads } = await outbox();
  await says("one", "two");
  box.restore((await deletes("one")).entry);
  const later = await reloads();
  await later.opens();
  assert.deepEqual(later.texts(), ["one", "two"]);
});

test("what is on its way is edited once the house has it", async () => {
  const { box, edits, says, opens, texts, takes, changes } = await outbox();
  await opens();
  await says("wrong");
  await edits("wrong", "better");
  await edits("wrong", "right");
  assert.deepEqual([texts(), changes, box.shown[0]?.edit], [["wrong"], [], "right"]);
  box.close();
  await opens();
  assert.deepEqual(texts(), ["wrong"], "the house must get the same again");
  await takes("wrong");
  assert.deepEqual(changes, [{ of: "chat-edit", seq: 1, base: 0, text: "right" }]);
  assert.deepEqual(box.entries, []);
});

test("an edit back to what was said asks for nothing", async () => {
  const { edits, says, opens, takes, changes } = await outbox();
  await opens();
  await says("right");
  await edits("right", "wrong");
  await edits("right", "right");
  await takes("right");
  assert.deepEqual(changes, []);
});

test("what is deleted on a dead line and was not taken is not sent again, nor kept on the disk", async () => {
  const { box, deletes, says, opens, texts, takes, changes, disk } = await outbox();
  await opens();
  await says("a mistake", "two");
  const { entry } = await deletes("a mistake");
  box.confirm(entry, false);
  box.close();
  await opens();
  assert.deepEqual(texts(), ["a mistake", "two", "two"]);
  assert.doesNotMatch(await disk.text(), /mistake/);
  await takes("two");
  box.close();
  await opens();
  assert.deepEqual([box.entries, changes, texts()], [[], [], []]);
});

test("what was on its way all the while, though it was deleted, is deleted when it comes", async () => {
  const { box, deletes, says, opens, numberOf, changes, texts } = await outbox();
  await opens();
  await says("a mistake");
  const number = numberOf("a mistake");
  const { entry } = await deletes("a mistake");
  box.confirm(entry, false);
  box.close();
  await opens();
  assert.deepEqual(texts(), ["a mistake"]);
  box.taken(number, 1);
  await settled();
  assert.deepEqual([changes, box.entries], [[{ of: "chat-delete", seq: 1 }], []]);
});

test("what is deleted on a dead line and brought back is sent under the number that it had", async () => {
  const { box, deletes, says, opens, sent } = await outbox();
  await opens();
  await says("no mistake");
  const { entry } = await deletes("no mistake");
  box.close();
  await opens();
  box.restore(entry);
  await settled();
  assert.deepEqual(sent, [
    ["no mistake", 1],
    ["no mistake", 1],
  ]);
});

test("where not all that was said is known, what is deleted is sent again to be deleted", async () => {
  const { box, deletes, says, opens, texts } = await outbox();
  await opens();
  await says("a mistake");
  const { entry } = await deletes("a mistake");
  box.confirm(entry, false);
  box.close();
  await opens({ isGapless: false });
  assert.deepEqual(texts(), ["a mistake", "a mistake"]);
});

for (const isTakenFirst of [true, false]) {
  const when = isTakenFirst ? "after" : "before";
  test(`what is on its way is deleted once that stands, ${when} the house has it`, async () => {
    const { box, deletes, says, opens, takes, changes } = await outbox();
    await opens();
    await says("a mistake");
    const { entry } = await deletes("a mistake");
    assert.deepEqual(box.shown, []);
    if (isTakenFirst) await takes("a mistake");
    assert.deepEqual(changes, []);
    box.confirm(entry, false);
    if (!isTakenFirst) await takes("a mistake");
    await settled();
    assert.deepEqual([changes, box.entries], [[{ of: "chat-delete", seq: 1 }], []]);
  });

  test(`what is on its way is brought back ${when} the house has it, and nothing is deleted`, async () => {
    const { box, deletes, says, opens, takes, changes } = await outbox();
    await opens();
    await says("no mistake");
    const { entry } = await deletes("no mistake");
    if (isTakenFirst) await takes("no mistake");
    box.restore(entry);
    await settled();
    if (!isTakenFirst) await takes("no mistake");
    assert.deepEqual([changes, box.entries], [[], []]);
  });
}

test("a page that is left deletes at once what the house has", async () => {
  const { box, deletes, says, opens, takes, house } = await outbox();
  await opens();
  await says("a mistake");
  const { entry } = await deletes("a mistake");
  await takes("a mistake");
  box.confirm(entry, true);
  await settled();
  assert.equal(house.isLeft, true);
});

test("what was done with messages on their way is done by a later page", async () => {
  const { edits, deletes, says, opens, reloads, disk } = await outbox();
  await opens();
  await says("wrong", "a mistake", "three");
  await edits("wrong", "right");
  await deletes("a mistake");
  const rows = [...disk.databases.values()].flatMap((tables) => [
    ...(tables.get("messages")?.rows.values() ?? []),
  ]);
  assert.doesNotMatch(JSON.stringify(rows), /wrong|right|mistake/, "texts are in files of their own");
  const later = await reloads();
  await later.opens();
  for (const text of ["wrong", "a mistake", "three"]) {
    assert.deepEqual(later.texts(), [text]);
    await later.takes(text);
  }
  assert.deepEqual(later.changes, [
    { of: "chat-edit", seq: 1, base: 0, text: "right" },
    { of: "chat-delete", seq: 2 },
  ]);
});

test("what was certainly not taken becomes what it was made, and leaves no gap in the numbers", async () => {
  const { edits, deletes, says, opens, refuses, sent, producers } = await outbox();
  await opens();
  await says("wrong", "a mistake", "three");
  await edits("wrong", "right");
  await deletes("a mistake");
  sent.splice(0);
  for (const text of ["wrong", "a mistake", "three"]) await refuses(text, "out_of_order");
  assert.deepEqual(sent, [
    ["right", 1],
    ["three", 2],
  ]);
  assert.equal(producers.length, 2);
});

test("what the house refused for what it was is tried again as it was edited", async () => {
  const { edits, says, opens, refuses, texts, entryOf } = await outbox();
  await opens();
  await says("too long", "much too long");
  await edits("much too long", "short");
  await refuses("too long", "message_too_long");
  await refuses("much too long", "message_too_long");
  texts();
  assert.equal(entryOf("short")?.state, "waiting");
  await edits("too long", "shorter");
  assert.deepEqual(texts(), ["shorter"]);
});

test("what waits behind a deleted message goes out with numbers that follow each other", async () => {
  const { deletes, says, opens, sent, box, numberOf, producers } = await outbox();
  await says("one", "a mistake", "three");
  await deletes("a mistake");
  await opens();
  assert.deepEqual(sent, [
    ["one", 1],
    ["three", 2],
  ]);
  assert.equal(numberOf("three"), numbered(producers[0] ?? "", 2));
  assert.equal(box.entries.length, 2);
});

test("a change that a busy house refuses is asked for again", async () => {
  const { box, edits, says, opens, takes, passes, changes, house } = await outbox();
  await opens();
  await says("wrong");
  await edits("wrong", "right");
  house.refuses = "slow_down";
  await takes("wrong");
  house.refuses = undefined;
  await passes(2_000);
  assert.deepEqual([changes.length, box.entries], [2, []]);
});

test("a change for which there was no way is asked for when there is one", async () => {
  const { box, edits, says, opens, takes, passes, changes, house } = await outbox();
  await opens();
  await says("wrong");
  await edits("wrong", "right");
  house.refuses = "unreachable";
  await takes("wrong");
  box.close();
  await passes(60_000);
  assert.equal(changes.length, 1);
  house.refuses = undefined;
  await opens();
  assert.deepEqual([changes.length, box.entries], [2, []]);
});

test("a change that the house refuses for good is told, with what was wanted", async () => {
  const { box, edits, says, opens, takes, house } = await outbox();
  /** @type {any[]} */
  const told = [];
  box.addEventListener("unchanged", (event) => told.push(/** @type {CustomEvent} */ (event).detail));
  await opens();
  await says("wrong");
  await edits("wrong", "right");
  house.refuses = "changed_meanwhile";
  await takes("wrong");
  assert.deepEqual(
    told.map(({ entry, refusal }) => [entry.seq, entry.edit, refusal.code]),
    [[1, "right", "changed_meanwhile"]],
  );
  assert.deepEqual(box.entries, []);
});

test("in a restored house a message is looked for under its number before it is changed", async () => {
  const { box, edits, says, opens, takes, refuses, texts, changes, house } = await outbox();
  await opens();
  await says("wrong");
  await edits("wrong", "right");
  house.refuses = "unreachable";
  await takes("wrong");
  box.close();
  box.restart();
  changes.splice(0);
  texts();
  await opens();
  assert.deepEqual([texts(), changes], [["wrong"], []]);
  await refuses("wrong", "out_of_order");
  assert.deepEqual(texts(), ["right"]);
});

test("a tab that only slept changes nothing that another one took over, and is told so", async () => {
  const { asleep, awake } = await takenOver();
  assert.equal(await asleep.edits("one", "edited"), false);
  assert.equal((await asleep.deletes("two")).isOurs, false);
  assert.deepEqual(asleep.box.entries, []);
  await awake.opens();
  await asleep.opens();
  assert.deepEqual([awake.texts(), asleep.texts()], [["one", "two"], []]);
});

test("what has left the outbox cannot be edited in it", async () => {
  const { box, says, opens, takes, entryOf, disk } = await outbox();
  await opens();
  await says("one");
  const entry = /** @type {OutboxEntry} */ (entryOf("one"));
  await takes("one");
  assert.deepEqual([await box.edit(entry, "edited"), entry.seq], [false, 1]);
  assert.doesNotMatch(await disk.text(), /edited/);
});

test("a deletion of which a page was torn away is not forgotten", async () => {
  const { disk, time } = await outbox({ disk: new Disk() });
  const store = await openLocalStore(() => disk.factory, SEAT, time.after);
  /** @type {OutboxEntry} */
  const entry = { id: "x", owner: "gone", text: "a mistake", order: 1, at: "", state: "waiting" };
  await store.put({ ...entry, isDeleted: true });
  const later = await outbox({ disk });
  await later.opens();
  assert.deepEqual([later.texts(), later.box.entries], [[], []]);
  assert.doesNotMatch(await disk.text(), /mistake/);
});

test("a refused message takes the undo of another one from nobody", async () => {
  const { box, deletes, says, opens, takes, refuses, changes } = await outbox();
  await opens();
  await says("one", "too long");
  const { entry } = await deletes("one");
  await takes("one");
  await refuses("too long", "message_too_long");
  assert.deepEqual([entry.seq, changes], [1, []]);
  box.restore(entry);
  await settled();
  assert.deepEqual([changes, box.shown.map(({ text }) => text)], [[], ["too long"]]);
});
