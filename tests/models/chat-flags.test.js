// What a browser notes of each chat, beside the chat itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatFlags } from "../../assets/app/models/chat-flags.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, Storage, Time } from "./fakes.js";

/** @param {ChatFlags} flags */
function changesOf(flags) {
  const counted = { changes: 0 };
  flags.addEventListener("change", () => (counted.changes += 1));
  return counted;
}

test("a flag is kept for the next visit, and only what changes it is told", () => {
  const storage = new Storage();
  const flags = new ChatFlags(storage, "/");
  const counted = changesOf(flags);
  flags.set("a", "pinned", true);
  flags.set("a", "pinned", true);
  flags.set("a", "muted", true);
  flags.set("b", "muted", false);
  const later = new ChatFlags(storage, "/");
  assert.deepEqual(
    [later.has("a", "pinned"), later.has("a", "muted"), later.has("a", "draft"), later.has("b", "muted")],
    [true, true, false, false],
  );
  assert.equal(counted.changes, 2);
});

test("a chat that is gone leaves nothing, and the last one not even the key", () => {
  const storage = new Storage();
  const flags = new ChatFlags(storage, "/");
  flags.set("a", "pinned", true);
  flags.set("b", "draft", true);
  flags.forget("a");
  assert.ok(![...storage.kept.values()].join().includes('"a"'));
  flags.forget("b");
  assert.equal(storage.kept.size, 0);
});

test("what another tab changed is heard, and what is no list of flags is none", () => {
  const storage = new Storage();
  const [one, other] = [new ChatFlags(storage, "/"), new ChatFlags(storage, "/")];
  const counted = changesOf(other);
  one.set("a", "muted", true);
  for (const key of [...storage.kept.keys(), "elsewhere"]) other.heed(key);
  assert.deepEqual([other.has("a", "muted"), counted.changes], [true, 1]);
  for (const key of storage.kept.keys()) storage.setItem(key, "{");
  assert.ok(!other.has("a", "muted"));
});

test("a store tells when something is half-written, without another look at the disk", async () => {
  const { after } = new Time();
  const store = await openLocalStore(() => new Disk().factory, "a", after);
  /** @type {boolean[]} */
  const told = [];
  store.addEventListener("noted", () => told.push(store.hasDraft));
  store.keep("others", "Abhi");
  store.keep("draft", "  ");
  store.keep("draft", "half a sen");
  store.learn("draft", "");
  store.keep("edit", "another word");
  assert.deepEqual(told, [false, false, true, false, true]);
});
