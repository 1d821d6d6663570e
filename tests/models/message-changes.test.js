// What a person does with a message that waits or is on its way is shown at once, and stays so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf } from "../../assets/app/models/message-kind.js";
import { settled } from "./fakes.js";
import { AT, CHAT, SEAT, page } from "./page.js";

/** Anny said something that the house has not answered. */
async function saying() {
  const opened = await page();
  const { session, chat, outbox, welcomes, asked, socket } = opened;
  /** @type {string[]} */
  const failed = [];
  session.addEventListener("failed", (event) => failed.push(/** @type {CustomEvent} */ (event).detail.code));
  welcomes(0);
  await session.say("wrong");
  await settled();
  const [entry] = outbox.entries;
  if (!entry) throw new Error("it does not wait");
  const { id } = asked("chat-say")[0];
  const message = { seq: 1, from: "1", at: AT, id, text: "wrong" };
  const answers = async () => {
    socket().tells({ type: "chat-message", chat: CHAT, ...message });
    await settled();
  };
  /** @param {Partial<ChatMessage>} how */
  const changes = (how) =>
    socket().tells({
      type: "chat-changed",
      chat: CHAT,
      number: 7,
      message: { ...message, ...how, changed: 7 },
    });
  const shown = () => chat.messages.filter(kindOf).map(({ text = "gone" }) => text);
  const refuses = async (/** @type {string} */ of, /** @type {string} */ code) => {
    socket().tells({ type: "refused", of, seat: SEAT, seq: 1, code });
    await settled();
  };
  return { ...opened, entry, failed, answers, changes, shown, refuses };
}

test("an edit of what is on its way shows when the message comes, before the house has done it", async () => {
  const { session, entry, answers, changes, shown, asked } = await saying();
  await session.changes.edit({ entry }, "right");
  await answers();
  assert.deepEqual(shown(), ["right"]);
  assert.deepEqual(asked("chat-edit"), [{ type: "chat-edit", seat: SEAT, seq: 1, base: 0, text: "right" }]);
  changes({ text: "right", edits: 1 });
  assert.deepEqual(shown(), ["right"]);
});

test("an edit of what turned out to be there goes to the message", async () => {
  const { session, entry, answers, asked } = await saying();
  await answers();
  void session.changes.edit({ entry }, "right");
  assert.deepEqual(asked("chat-edit")[0], { type: "chat-edit", seat: SEAT, seq: 1, base: 0, text: "right" });
});

test("an edit says which state of the message its person began with, not which it has by now", async () => {
  const { session, chat, answers, changes, asked } = await saying();
  await answers();
  session.draft.begin({ action: "edit", seq: 1, base: chat.find(1)?.edits ?? 0 }, "wrong");
  changes({ text: "of another device", edits: 1 });
  const { subject = {}, draft } = session;
  void session.changes.edit(subject, "right", draft.about?.base);
  assert.deepEqual(asked("chat-edit"), [{ type: "chat-edit", seat: SEAT, seq: 1, base: 0, text: "right" }]);
  draft.rebase(1);
  void session.changes.edit(subject, "right", draft.about?.base);
  assert.deepEqual(asked("chat-edit")[1]?.base, 1);
});

test("an edit that the house refuses is not lost", async () => {
  const { session, entry, answers, shown, refuses, failed } = await saying();
  session.draft.write("half a sentence");
  await session.changes.edit({ entry }, "right");
  await answers();
  await refuses("chat-edit", "too_late");
  assert.deepEqual([shown(), failed], [["wrong"], ["too_late"]]);
  assert.equal(session.draft.text, "half a sentence\nright");
});

test("what was deleted on its way is never seen, and can be brought back", async () => {
  const { session, entry, answers, shown, time, asked } = await saying();
  await session.changes.deleteWaiting(entry);
  await answers();
  assert.deepEqual(shown(), []);
  session.undo.undo();
  await settled();
  assert.deepEqual(shown(), ["wrong"]);
  time.pass(60_000);
  await settled();
  assert.deepEqual(asked("chat-delete"), []);
});

test("what was deleted on its way is deleted in the house when that stands", async () => {
  const { session, entry, answers, shown, time, asked } = await saying();
  await session.changes.deleteWaiting(entry);
  await answers();
  time.pass(5_000);
  await settled();
  assert.deepEqual([shown(), asked("chat-delete")], [[], [{ type: "chat-delete", seat: SEAT, seq: 1 }]]);
});

test("a person who deletes what waits, when it was just taken, deletes the message", async () => {
  const { session, entry, answers, time, asked } = await saying();
  await answers();
  await session.changes.deleteWaiting(entry);
  time.pass(5_000);
  assert.deepEqual(asked("chat-delete"), [{ type: "chat-delete", seat: SEAT, seq: 1 }]);
});

test("what another tab has taken over is not deleted, and the page says where it is", async () => {
  const { session, socket, time, store, entry, failed } = await saying();
  socket().breaks();
  await store.adopt(entry.owner, "another");
  await session.changes.deleteWaiting(entry);
  time.pass(60_000);
  assert.deepEqual([failed, session.undo.isOffered], [["in_other_tab"], false]);
});

test("what was deleted is not among what a signed-out device shows as unsent, and edits are", async () => {
  const { session, outbox, socket, entry } = await saying();
  await session.changes.edit({ entry }, "right");
  await session.say("a mistake");
  await session.changes.deleteWaiting(/** @type {OutboxEntry} */ (outbox.entries[1]));
  socket().tells({ type: "refused", of: "chat-open", seat: SEAT, code: "no_such_seat", detail: "" });
  assert.deepEqual(session.unsent, ["right"]);
});

test("a message that was edited on its way, deleted and brought back is as it was edited", async () => {
  const { session, entry, answers, shown, asked } = await saying();
  await session.changes.edit({ entry }, "right");
  await session.changes.deleteWaiting(entry);
  await answers();
  assert.deepEqual([shown(), asked("chat-edit")], [[], []]);
  session.undo.undo();
  await settled();
  assert.deepEqual([shown(), asked("chat-edit").map(({ text }) => text)], [["right"], ["right"]]);
});

/** What was edited on its way has come, and is deleted before the house answers the edit. */
async function deletedWhileEdited() {
  const opened = await saying();
  await opened.session.changes.edit({ entry: opened.entry }, "right");
  await opened.answers();
  opened.session.changes.delete({ of: "chat-delete", seq: 1 });
  assert.deepEqual(opened.shown(), []);
  return opened;
}

test("an edit that the house refuses does not bring back what was deleted since", async () => {
  const { session, shown, refuses } = await deletedWhileEdited();
  await refuses("chat-edit", "too_late");
  assert.deepEqual(shown(), []);
  session.undo.undo();
  assert.deepEqual(shown(), ["wrong"]);
});

test("what is brought back is as it was edited, and as it was said if the house refuses that", async () => {
  const { session, shown, refuses } = await deletedWhileEdited();
  session.undo.undo();
  assert.deepEqual(shown(), ["right"]);
  await refuses("chat-edit", "too_late");
  assert.deepEqual(shown(), ["wrong"]);
});

test("an edit that is done while its message is deleted shows nothing until that is taken back", async () => {
  const { session, shown, changes } = await deletedWhileEdited();
  changes({ text: "right", edits: 1 });
  assert.deepEqual(shown(), []);
  session.undo.undo();
  assert.deepEqual(shown(), ["right"]);
});

for (const [who, by, isKept] of /** @type {const} */ ([
  ["its person", "1", false],
  ["somebody else", "2", true],
])) {
  const what = isKept ? "is not lost" : "bothers nobody";
  test(`an edit of what ${who} deleted meanwhile ${what}`, async () => {
    const { session, entry, answers, changes, shown, refuses, failed } = await saying();
    await session.changes.edit({ entry }, "right");
    await answers();
    changes({ text: undefined, gone: { by, at: AT } });
    await refuses("chat-edit", "gone");
    assert.deepEqual([shown(), failed], [[], isKept ? ["gone"] : []]);
    assert.equal(session.draft.text, isKept ? "right" : "");
  });
}
