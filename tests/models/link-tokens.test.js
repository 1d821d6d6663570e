// A link's token is kept for a reload, until somebody is in or a day has passed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkTokens } from "../../assets/app/models/link-tokens.js";
import { Disk, Time, settled } from "./fakes.js";

const TOKEN = "0123456789ABCDEFGHJKMNPQRS";
const DAY_MS = 86_400_000;

/** A tab that somebody opened a link in. */
async function opened({ disk = new Disk(), time = new Time(), isWanted = true } = {}) {
  const parts = { prefix: "parlour:/:link ", after: time.after, now: time.now };
  const tokens = new LinkTokens({ databases: () => disk.tellingFactory, ...parts });
  const place = tokens.makePlace();
  await tokens.keep(place, TOKEN, () => isWanted);
  await settled();
  return { disk, time, tokens, place };
}

test("a reload finds the token, until somebody is in", async () => {
  const { disk, tokens, place } = await opened();
  assert.equal(await tokens.token(place), TOKEN);
  assert.doesNotMatch(place, new RegExp(TOKEN));
  await tokens.forget(place);
  assert.equal(await tokens.token(place), undefined);
  assert.doesNotMatch(await disk.text(), new RegExp(TOKEN));
});

test("a token whose owner came in meanwhile is not kept", async () => {
  const { disk } = await opened({ isWanted: false });
  assert.equal(disk.databases.size, 0);
});

test("a day later a reload asks for the link, and the token is gone", async () => {
  const { disk, time, tokens, place } = await opened();
  time.pass(DAY_MS);
  assert.equal(await tokens.token(place), TOKEN);
  time.pass(1);
  assert.equal(await tokens.token(place), undefined);
  assert.equal(disk.databases.size, 0);
});

test("any start of the page sweeps what is a day old, and nothing else", async () => {
  const { disk, time } = await opened();
  await opened({ disk, time });
  time.pass(DAY_MS - 60_000);
  const { tokens, place } = await opened({ disk, time });
  disk.open("parlour:/:00f1e2d3c4b5a697-1");
  disk.open("parlour:/sub/:link 0.x");
  await settled();
  time.pass(120_000);
  await tokens.forgetOld();
  const left = [...disk.databases.keys()].sort();
  const kept = ["parlour:/:00f1e2d3c4b5a697-1", `parlour:/:link ${place}`, "parlour:/sub/:link 0.x"];
  assert.deepEqual(left, kept);
});

test("a browser that does not tell what it keeps is left alone", async () => {
  const time = new Time();
  const parts = { prefix: "parlour:/:link ", after: time.after, now: time.now };
  for (const databases of [() => undefined, () => new Disk().factory]) {
    const tokens = new LinkTokens({ databases, ...parts });
    await tokens.forgetOld();
  }
});
