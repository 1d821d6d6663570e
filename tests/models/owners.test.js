// Whose a waiting message is, with Web Locks, by asking the other tabs, and where there is neither.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Owners } from "../../assets/app/models/owners.js";
import { Tabs } from "../../assets/app/models/tabs.js";
import { Air, Time, settled } from "./fakes.js";

/** The locks of one browser. @param {Set<string>} held */
function locksOf(held) {
  /** @type {[string, () => Promise<void>][]} */
  const waiting = [];
  const isFree = async (/** @type {string} */ owner) => !held.has(owner);
  const whenFree = (/** @type {string} */ owner, /** @type {() => Promise<void>} */ then) =>
    void waiting.push([owner, then]);
  const frees = async (/** @type {string} */ owner) => {
    held.delete(owner);
    for (const [of, then] of waiting) if (of === owner) await then();
  };
  return { locks: { isFree, whenFree }, frees };
}

test("a document that holds its lock is there, and its end is told", async () => {
  const { locks, frees } = locksOf(new Set(["there"]));
  const time = new Time();
  const owners = new Owners({ self: "me", locks, tabs: new Tabs(undefined), after: time.after });
  /** @type {string[]} */
  const gone = [];
  for (const owner of ["there", "there", "away"])
    await owners.watch(owner, async () => void gone.push(owner));
  assert.deepEqual(gone, ["away"]);
  await frees("there");
  time.pass(2_900);
  await settled();
  assert.deepEqual(gone, ["away"], "it may be loaded again");
  time.pass(100);
  await settled();
  assert.deepEqual(gone, ["away", "there"]);
});

test("without locks a tab of the chat that answers is there, and one that does not is gone", async () => {
  const [air, time] = [new Air(), new Time()];
  const of = (/** @type {string} */ self) =>
    new Owners({ self, locks: undefined, tabs: new Tabs(air.channel()), after: time.after });
  const me = of("me");
  of("there");
  /** @type {string[]} */
  const gone = [];
  const asking = ["there", "away"].map((owner) => me.watch(owner, async () => void gone.push(owner)));
  await settled();
  time.pass(300);
  await Promise.all(asking);
  assert.deepEqual(gone, ["away"]);
});

test("where tabs cannot hear each other every other document counts as gone", async () => {
  const owners = new Owners({
    self: "me",
    locks: undefined,
    tabs: new Tabs(undefined),
    after: new Time().after,
  });
  let gone = 0;
  await owners.watch("other", async () => void (gone += 1));
  assert.equal(gone, 1);
});
