// One draft a chat and browser, whichever tab it is typed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seats } from "../../assets/app/models/seats.js";
import { Air, Disk, Storage, settled } from "./fakes.js";
import { AT, CHAT, SEAT, message, page } from "./page.js";

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

/**
 * A page on which Abhi has said something, and Anny something else.
 * @param {Parameters<typeof page>[0]} [shared]
 */
async function talked(shared) {
  const opened = await page(shared);
  const { welcomes, tells, socket } = opened;
  welcomes(2);
  tells(1);
  tells(2, "1");
  /** @param {number} seq @param {Partial<ChatMessage>} how */
  const changes = (seq, how) => {
    const changed = { ...message(seq), ...how, changed: 9 };
    socket().tells({ type: "chat-changed", chat: CHAT, number: 9, message: changed });
  };
  return { ...opened, changes };
}

test("which message is answered is there after a reload, and the answer goes out with it", async () => {
  const disk = new Disk();
  const { session } = await talked({ disk });
  session.draft.begin({ action: "reply", seq: 1 });
  session.draft.write("half an answer");
  await settled();
  const { session: later, asked } = await talked({ disk });
  assert.equal(later.subject?.message?.text, "text 1");
  assert.equal(later.draft.text, "half an answer");
  await later.say("an answer");
  await settled();
  assert.equal(asked("chat-say")[0].reply_to, 1);
  assert.deepEqual([later.draft.about, later.draft.text], [undefined, ""]);
});

test("an edit is there after a reload, and the draft comes back when it is done", async () => {
  const disk = new Disk();
  const { session } = await talked({ disk });
  session.draft.write("half a sentence");
  session.draft.begin({ action: "edit", seq: 2 }, "text 2");
  session.draft.write("half an edit");
  await settled();
  const { session: later } = await talked({ disk });
  assert.deepEqual([later.draft.text, later.draft.isEditing], ["half an edit", true]);
  assert.equal(later.subject?.message?.seq, 2);
  later.draft.drop();
  assert.deepEqual([later.draft.text, later.draft.isEditing], ["half a sentence", false]);
  await settled();
  assert.doesNotMatch(await disk.text(), /half an edit/);
});

test("what is half-written stands in files of its own, and in no row", async () => {
  const { session, disk } = await talked();
  session.draft.begin({ action: "edit", seq: 2 }, "text 2");
  session.draft.write("half an edit");
  await settled();
  const notes = [...disk.databases.values()].flatMap((tables) => [
    ...(tables.get("notes")?.rows.values() ?? []),
  ]);
  assert.ok(notes.length > 1);
  assert.ok(notes.every((note) => note instanceof Blob));
});

test("what an edit was for is gone: its text comes below what was half-written", async () => {
  const { session } = await talked();
  session.draft.write("half a sentence");
  session.draft.begin({ action: "edit", seq: 2 }, "text 2");
  session.draft.write("half an edit");
  session.draft.release();
  assert.deepEqual([session.draft.text, session.draft.about], ["half a sentence\nhalf an edit", undefined]);
});

test("an answer to what is gone stays as a message of its own", async () => {
  const { session } = await talked();
  session.draft.write("half an answer");
  session.draft.begin({ action: "reply", seq: 1 });
  session.draft.release();
  assert.deepEqual([session.draft.text, session.draft.about], ["half an answer", undefined]);
});

test("a restored house has none of the messages, and no text is lost", async () => {
  const { session, socket, time, welcomes } = await talked();
  session.draft.begin({ action: "edit", seq: 2 }, "text 2");
  session.draft.write("half an edit");
  socket().breaks();
  time.pass(1_000);
  welcomes(0, { incarnation: "b" });
  assert.deepEqual([session.draft.text, session.draft.about], ["half an edit", undefined]);
});

test("all tabs answer and edit the same, and one that calls it off calls it off for all", async () => {
  const tab = browser();
  const [one, other] = [await tab(), await tab()];
  let changes = 0;
  other.session.draft.addEventListener("change", () => (changes += 1));
  one.session.draft.begin({ action: "reply", seq: 1 });
  await settled();
  assert.deepEqual([other.session.draft.about, changes], [{ action: "reply", seq: 1 }, 1]);
  const third = await tab();
  assert.deepEqual(third.session.draft.about, { action: "reply", seq: 1 });
  other.session.draft.begin({ action: "edit", seq: 2 }, "text 2");
  await settled();
  assert.deepEqual(drafts(one, other), ["text 2", "text 2"]);
  one.session.draft.drop();
  await settled();
  assert.deepEqual([drafts(one, other), other.session.draft.about], [["", ""], undefined]);
});

test("what waits and is edited is still edited when it has become a message", async () => {
  const { session, outbox, asked, socket, welcomes } = await page();
  welcomes(0);
  await session.say("wrong");
  await settled();
  session.draft.begin({ action: "edit", id: outbox.entries[0]?.id }, "wrong");
  session.draft.write("right");
  assert.equal(session.subject?.entry?.text, "wrong");
  const { id } = asked("chat-say")[0];
  socket().tells({ type: "chat-message", chat: CHAT, seq: 1, from: "1", at: AT, id, text: "wrong" });
  assert.deepEqual(session.draft.about, { action: "edit", seq: 1 });
  assert.deepEqual([session.subject?.message?.seq, session.draft.text], [1, "right"]);
});

test("a person who deletes what waits while they edit it keeps the text of the edit", async () => {
  const { session, outbox } = await page();
  await session.say("wrong");
  session.draft.begin({ action: "edit", id: outbox.entries[0]?.id }, "wrong");
  session.draft.write("right");
  await session.changes.deleteWaiting(/** @type {OutboxEntry} */ (outbox.entries[0]));
  assert.deepEqual([session.draft.text, session.draft.about], ["right", undefined]);
});

test("a signed-out device shows the draft and the edit", async () => {
  const { session, socket } = await talked();
  session.draft.write("half a sentence");
  session.draft.begin({ action: "edit", seq: 2 }, "half an edit");
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "no_such_seat", detail: "" });
  assert.deepEqual(session.unsent, ["half a sentence", "half an edit"]);
});

test("a browser that keeps nothing asks before an edit is lost", async () => {
  const { session, store, disk } = await talked();
  disk.isFull = true;
  session.draft.begin({ action: "edit", seq: 2 }, "half an edit");
  await settled();
  assert.equal(store.isUnsaved, true);
});
