// One draft a chat and browser, whichever tab it is typed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seats } from "../../assets/app/models/seats.js";
import { Air, Disk, Storage, settled } from "./fakes.js";
import { SEAT, page } from "./page.js";

/** Two tabs of one browser that show the same chat; the other may be opened later. */
function browser() {
  const shared = { disk: new Disk(), seats: new Seats(new Storage(), "/"), air: new Air() };
  return () => page(shared);
}

/** @param {Awaited<ReturnType<typeof page>>[]} tabs */
const drafts = (...tabs) => tabs.map(({ session }) => session.draft.text);

test("what is typed in one tab is shown in the other", async () => {
  const tab = browser();
  const [one, other] = [await tab(), await tab()];
  let changes = 0;
  other.session.draft.addEventListener("change", () => (changes += 1));
  one.session.draft.write("half");
  one.session.draft.write("half a sentence");
  await settled();
  assert.deepEqual([drafts(one, other), changes], [["half a sentence", "half a sentence"], 2]);
});

test("the last writer counts, also after a reload of either tab", async () => {
  const tab = browser();
  const [one, other] = [await tab(), await tab()];
  one.session.draft.write("from one");
  await settled();
  other.session.draft.write("from one and the other");
  await settled();
  assert.deepEqual(drafts(one, other, await tab()), Array(3).fill("from one and the other"));
});

test("a tab that empties the draft empties it in both, and it stays so", async () => {
  const tab = browser();
  const [one, other] = [await tab(), await tab()];
  one.session.draft.write("half a sentence");
  await settled();
  other.session.draft.write("");
  await settled();
  assert.deepEqual(drafts(one, other, await tab()), ["", "", ""]);
});

test("sending takes the draft from both tabs", async () => {
  const tab = browser();
  const [one, other] = [await tab(), await tab()];
  one.session.draft.write("hello");
  await settled();
  other.session.say("hello");
  await settled();
  assert.deepEqual(drafts(one, other, await tab()), ["", "", ""]);
});

test("a tab that was just opened shows what is typed elsewhere and not written down yet", async () => {
  const tab = browser();
  const one = await tab();
  one.disk.hold();
  one.session.draft.write("half a sentence");
  const opening = tab();
  one.disk.release();
  const other = await opening;
  await settled();
  assert.deepEqual(drafts(other), ["half a sentence"]);
});

for (const how of ["typed in one of them", "loaded in both"]) {
  test(`a draft ${how} that both tabs send at the same moment is one message`, async () => {
    const tab = browser();
    const first = await tab();
    first.session.draft.write("hello");
    await settled();
    if (how === "loaded in both") first.session.tabs.close();
    const [one, other] = [how === "loaded in both" ? await tab() : first, await tab()];
    for (const { welcomes } of [one, other]) welcomes(0);
    for (const { session } of [one, other]) session.say("hello");
    await settled();
    const said = [one, other].flatMap(({ socket }) => socket().got("chat-say"));
    assert.deepEqual([said.length, other.outbox.entries], [1, []]);
  });
}

test("two versions of a draft are two messages", async () => {
  const tab = browser();
  const [one, other] = [await tab(), await tab()];
  for (const { welcomes } of [one, other]) welcomes(0);
  one.session.draft.write("hello");
  await settled();
  one.session.say("hello");
  other.session.draft.write("hello you");
  other.session.say("hello you");
  await settled();
  const [said, again] = [one, other].map(({ socket }) => socket().got("chat-say")[0]);
  assert.notEqual(said.id, again.id);
});

test("a browser without channels between tabs keeps the draft all the same", async () => {
  const { session, store, disk } = await page();
  session.tabs.close();
  session.draft.write("half a sentence");
  session.say("another");
  session.draft.write("and the next");
  await settled();
  assert.deepEqual([store.note("draft"), disk.databases.has(SEAT)], ["and the next", true]);
});
