// A link's token is kept for a reload, until somebody is in or a day has passed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Doors } from "../../assets/app/models/doors.js";
import { Disk, Time, settled } from "./fakes.js";

const TOKEN = "0123456789ABCDEFGHJKMNPQRS";
const DAY_MS = 86_400_000;

/** A tab that somebody opened a link in. */
async function opened({ disk = new Disk(), time = new Time(), isWanted = true } = {}) {
  const parts = { prefix: "parlour:/:door ", after: time.after, now: time.now };
  const doors = new Doors({ databases: () => disk.tellingFactory, ...parts });
  const door = doors.make();
  await doors.keep(door, TOKEN, () => isWanted);
  await settled();
  return { disk, time, doors, door };
}

test("a reload finds the token, until somebody is in", async () => {
  const { disk, doors, door } = await opened();
  assert.equal(await doors.token(door), TOKEN);
  assert.doesNotMatch(door, new RegExp(TOKEN));
  await doors.forget(door);
  assert.equal(await doors.token(door), undefined);
  assert.doesNotMatch(await disk.text(), new RegExp(TOKEN));
});

test("a token whose owner came in meanwhile is not kept", async () => {
  const { disk } = await opened({ isWanted: false });
  assert.equal(disk.databases.size, 0);
});

test("a day later a reload asks for the link, and the token is gone", async () => {
  const { disk, time, doors, door } = await opened();
  time.pass(DAY_MS);
  assert.equal(await doors.token(door), TOKEN);
  time.pass(1);
  assert.equal(await doors.token(door), undefined);
  assert.equal(disk.databases.size, 0);
});

test("any start of the page sweeps what is a day old, and nothing else", async () => {
  const { disk, time } = await opened();
  await opened({ disk, time });
  time.pass(DAY_MS - 60_000);
  const { doors, door } = await opened({ disk, time });
  disk.open("parlour:/:00f1e2d3c4b5a697-1");
  disk.open("parlour:/sub/:door 0.x");
  await settled();
  time.pass(120_000);
  await doors.forgetOld();
  const left = [...disk.databases.keys()].sort();
  const kept = ["parlour:/:00f1e2d3c4b5a697-1", `parlour:/:door ${door}`, "parlour:/sub/:door 0.x"];
  assert.deepEqual(left, kept);
});

test("a browser that does not tell what it keeps is left alone", async () => {
  const time = new Time();
  const parts = { prefix: "parlour:/:door ", after: time.after, now: time.now };
  for (const databases of [() => undefined, () => new Disk().factory]) {
    const doors = new Doors({ databases, ...parts });
    await doors.forgetOld();
  }
});
