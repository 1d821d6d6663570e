// What a browser keeps for one chat, and that nothing of it stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, Time, settled } from "./fakes.js";

/** @param {Disk} disk @param {string} [name] */
const open = (disk, name = "parlour:/:a-1") => openLocalStore(() => disk.factory, name, new Time().after);

/** @param {string} id @returns {OutboxEntry} */
const entry = (id) => ({ id, owner: "me", text: `text of ${id}`, order: 1, at: "", state: "waiting" });

/** What a later page finds of this one's. @param {Disk} disk */
const left = async (disk) => (await open(disk)).adopt("me", "later");

/** @param {string} id */
const found = (id) => ({ ...entry(id), owner: "later" });

/** A factory that does as it is told to. @param {object} factory */
const made = (factory) => /** @type {IDBFactory} */ (factory);

test("notes and waiting messages are there at the next visit", async () => {
  const disk = new Disk();
  const store = await open(disk);
  store.keep("draft", "half a sentence");
  store.keep("others", "Abhi");
  await store.put(entry("one"));
  await store.put({ ...entry("two"), state: "refused", code: "busy" });
  await store.put(entry("gone"));
  await store.remove(entry("gone"));
  await settled();
  const later = await open(disk);
  assert.deepEqual(
    [later.note("draft"), later.note("others"), later.note("noticed")],
    ["half a sentence", "Abhi", ""],
  );
  assert.deepEqual(await left(disk), [found("one"), { ...found("two"), state: "refused", code: "busy" }]);
});

test("a draft that was emptied leaves no word on the disk", async () => {
  const disk = new Disk();
  const store = await open(disk);
  store.keep("draft", "half a sentence");
  await settled();
  store.keep("draft", "");
  await settled();
  assert.doesNotMatch(await disk.text(), /draft|half/);
});

test("of what is typed while it is being written only the last counts", async () => {
  const disk = new Disk();
  const store = await open(disk);
  disk.hold();
  for (const text of ["h", "he", "hel", "hell", "hello"]) store.keep("draft", text);
  store.keep("others", "Abhi");
  disk.release();
  await settled();
  assert.equal(disk.writes, 3, "the first letter, the whole draft, the name");
  assert.equal((await open(disk)).note("draft"), "hello");
  assert.equal((await open(disk)).note("others"), "Abhi");
});

test("what is sent while its draft is being written leaves no draft", async () => {
  const disk = new Disk();
  const store = await open(disk);
  disk.hold();
  store.keep("draft", "hello");
  store.keep("draft", "");
  disk.release();
  await settled();
  assert.doesNotMatch(await disk.text(), /hello/);
});

test("each chat keeps its own", async () => {
  const disk = new Disk();
  const [one, other] = [await open(disk, "a-1"), await open(disk, "a-2")];
  one.keep("draft", "mine");
  await one.put(entry("one"));
  await settled();
  assert.deepEqual([other.note("draft"), (await other.look("later")).owners], ["", []]);
  assert.deepEqual(
    [(await open(disk, "a-2")).note("draft"), (await open(disk, "a-1")).note("draft")],
    ["", "mine"],
  );
  await one.wipe();
  assert.deepEqual([...disk.databases.keys()], ["a-2"]);
});

test("what the disk refuses is there until the page is closed", async () => {
  const disk = new Disk();
  const store = await open(disk);
  disk.isFull = true;
  store.keep("draft", "half a sentence");
  await store.put(entry("one"));
  await settled();
  assert.deepEqual([store.note("draft"), store.isUnsaved], ["half a sentence", true]);
  disk.isFull = false;
  store.keep("draft", "a whole sentence");
  await settled();
  assert.equal((await open(disk)).note("draft"), "a whole sentence");
});

test("where nothing can be kept it is kept until the page is closed", async () => {
  const forbidden = () => {
    throw new Error("forbidden");
  };
  const closed = made({ open: forbidden, deleteDatabase: forbidden });
  for (const find of [() => undefined, () => closed, forbidden]) {
    const store = await openLocalStore(find, "a-1", new Time().after);
    store.keep("draft", "half a sentence");
    await store.put(entry("one"));
    assert.deepEqual([store.note("draft"), store.isUnsaved], ["half a sentence", true]);
    await store.wipe();
    assert.deepEqual([store.note("draft"), store.isUnsaved], ["", false]);
  }
});

test("a database that does not answer holds nobody up", async () => {
  const time = new Time();
  const disk = new Disk();
  disk.hold();
  const opening = openLocalStore(() => disk.factory, "a-1", time.after);
  time.pass(2_000);
  const store = await opening;
  store.keep("draft", "half a sentence");
  assert.equal(store.note("draft"), "half a sentence");
  const wiping = store.wipe();
  time.pass(2_000);
  await wiping;
  assert.equal(store.note("draft"), "");
});

test("a page that goes hands over what is not written yet", async () => {
  const disk = new Disk();
  const store = await open(disk);
  disk.hold();
  for (const text of ["h", "he", "hello"]) store.keep("draft", text);
  store.flush();
  disk.release();
  await settled();
  assert.equal((await open(disk)).note("draft"), "hello");
});

test("a chat that is gone leaves nothing, on the disk or in memory", async () => {
  const disk = new Disk();
  const store = await open(disk);
  store.keep("draft", "half a sentence");
  await store.put(entry("one"));
  await store.wipe();
  assert.equal(disk.databases.size, 0);
  assert.deepEqual([store.note("draft"), store.isUnsaved], ["", false]);
  store.keep("draft", "typed afterwards");
  await store.put(entry("late"));
  await settled();
  assert.equal(disk.databases.size, 0);
});

test("a chat that is gone while its draft is being written leaves nothing", async () => {
  const disk = new Disk();
  const store = await open(disk);
  disk.hold();
  for (const text of ["h", "he", "hello"]) store.keep("draft", text);
  const wiped = store.wipe();
  disk.release();
  await wiped;
  await settled();
  assert.equal(disk.databases.size, 0);
  assert.doesNotMatch(await disk.text(), /hello/);
});

test("another tab that has the chat open does not keep it on the disk", async () => {
  const disk = new Disk();
  const [here, there] = [await open(disk), await open(disk)];
  there.keep("draft", "half a sentence");
  await settled();
  await here.wipe();
  assert.equal(disk.databases.size, 0);
  there.keep("draft", "typed afterwards");
  await settled();
  assert.equal(disk.databases.size, 0);
  assert.equal(there.note("draft"), "typed afterwards");
});

test("a browser that keeps nothing says so, and what would be lost", async () => {
  const disk = new Disk();
  const [kept, memory] = [await open(disk), await openLocalStore(() => undefined, "a-1", new Time().after)];
  for (const store of [kept, memory]) store.keep("others", "Abhi");
  assert.deepEqual([memory.isKept, memory.isUnsaved], [false, false], "names are no work of the person");
  for (const store of [kept, memory]) store.keep("draft", "half a sentence");
  await settled();
  assert.deepEqual([kept.isKept, kept.isUnsaved], [true, false]);
  assert.deepEqual([memory.isKept, memory.isUnsaved], [false, true]);
  memory.keep("draft", " ");
  assert.equal(memory.isUnsaved, false);
  await memory.put(entry("one"));
  assert.equal(memory.isUnsaved, true);
  await memory.remove(entry("one"));
  assert.equal(memory.isUnsaved, false);
});

test("a disk that becomes full is told, and that it has room again as well", async () => {
  const disk = new Disk();
  const store = await open(disk);
  /** @type {boolean[]} */
  const told = [];
  store.addEventListener("change", () => told.push(store.isKept));
  disk.isFull = true;
  await store.put(entry("one"));
  await store.put(entry("two"));
  assert.deepEqual([told, store.isUnsaved], [[false], true]);
  disk.isFull = false;
  await store.put(entry("three"));
  assert.deepEqual([told, store.isUnsaved], [[false, true], false]);
  assert.deepEqual((await left(disk)).map(({ id }) => id).sort(), ["one", "three", "two"]);
});

test("a chat that is gone leaves nothing unsaved", async () => {
  const store = await openLocalStore(() => undefined, "a-1", new Time().after);
  store.keep("draft", "half a sentence");
  await store.wipe();
  assert.equal(store.isUnsaved, false);
});

test("what a page left behind becomes another's once, however many ask for it", async () => {
  const disk = new Disk();
  await (await open(disk)).put(entry("one"));
  const stores = [await open(disk), await open(disk)];
  assert.deepEqual((await stores[0]?.look("first"))?.owners, ["me"]);
  const adopted = await Promise.all(stores.map((store, at) => store.adopt("me", `tab ${at}`)));
  assert.deepEqual(
    adopted.map((entries) => entries.length),
    [1, 0],
  );
});

test("a page whose messages another one took over finds that out, and writes them no more", async () => {
  const disk = new Disk();
  const [asleep, awake] = [await open(disk), await open(disk)];
  for (const id of ["one", "two"]) assert.ok(await asleep.put(entry(id)));
  await awake.adopt("me", "awake");
  assert.equal(await asleep.put({ ...entry("one"), number: "1" }), false);
  assert.deepEqual(await asleep.look("me"), { owners: ["awake"], lost: ["two"] });
  await awake.remove({ owner: "awake", id: "one" });
  assert.deepEqual(await asleep.look("me"), { owners: ["awake"], lost: [] });
});

test("two tabs that send the same version of a draft write it once", async () => {
  const disk = new Disk();
  const tabs = [await open(disk), await open(disk)];
  const put = await Promise.all(tabs.map((tab, at) => tab.put({ ...entry("draft"), owner: `tab ${at}` })));
  assert.deepEqual(put, [true, false]);
});

test("a message that cannot be written with its number does not stay without it", async () => {
  const disk = new Disk();
  const store = await open(disk);
  await store.put(entry("one"));
  disk.refuses = (row) => row.number !== undefined;
  assert.equal(await store.put({ ...entry("one"), number: "1" }), true);
  assert.deepEqual(await left(disk), []);
  assert.equal(await store.put({ ...entry("one"), number: "2" }), true, "it is still this page's");
});

test("a disk that hangs keeps nobody from talking", async () => {
  const disk = new Disk();
  const time = new Time();
  const store = await openLocalStore(() => disk.factory, "parlour:/:a-1", time.after);
  disk.hold();
  const putting = store.put(entry("one"));
  await settled();
  time.pass(2_000);
  assert.equal(await putting, true);
  assert.equal(store.isKept, false);
});
