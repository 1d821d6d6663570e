// Messages that change: what a page that was away makes up for, and what is left when a message's time is
// over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { kindOf } from "../../assets/app/models/message-kind.js";
import { actionsOn, lastEditable } from "../../assets/app/models/message-actions.js";
import { saidOfNote } from "../../assets/app/models/notes.js";
import { Time, settled } from "./fakes.js";
import { AT, CHAT, SEAT, message, page, people } from "./page.js";

const HOUR_MS = 3_600_000;

/** @param {number} [head] */
function chatOf(head = 0) {
  const time = new Time();
  const chat = new Chat(time);
  /** @type {ChatMessage[]} */
  const heard = [];
  chat.setState({ me: "1", head, idle: "1d", due: AT, participants: people(head) });
  chat.addEventListener("heard", (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
  const inMs = (/** @type {number} */ ms) => new Date(time.now() + ms).toISOString();
  return { chat, time, heard, inMs };
}

/** @param {Chat} chat */
const texts = (chat) => chat.messages.map(({ text }) => text);

test("a change takes the place of an older state, and an older one changes nothing", () => {
  const { chat } = chatOf();
  chat.insert(message(1));
  chat.change(5, { ...message(1), text: "newer", changed: 5 });
  chat.change(4, { ...message(1), text: "older", changed: 4 });
  chat.insert({ ...message(1), text: "as it was" });
  assert.deepEqual([texts(chat), chat.changed], [["newer"], 5]);
  assert.deepEqual(chat.changes, [1]);
});

test("a change of a message that is not held only counts", () => {
  const { chat } = chatOf(9);
  chat.insert(message(9));
  chat.change(7, { ...message(2), changed: 7 });
  assert.deepEqual([chat.messages.length, chat.changed], [1, 7]);
});

test("what is read again in a newer state is newer", () => {
  const { chat } = chatOf();
  chat.insert({ ...message(1), changed: -1 });
  chat.insert({ ...message(1), vanishes: AT });
  assert.equal(chat.messages[0]?.vanishes, AT);
});

test("notes, and what is gone or hidden, are never unread and make no sound", () => {
  const { chat, heard } = chatOf();
  chat.insert({ seq: 1, from: "2", at: AT, note: { what: "vanish", after: "1d" } });
  chat.insert({ ...message(2), gone: { by: "2", at: AT } });
  chat.insert({ ...message(3), hidden: true });
  const seqs = () => heard.map(({ seq }) => seq);
  assert.deepEqual([chat.unread, seqs(), chat.last], [0, [], 3]);
  chat.lookBack();
  assert.deepEqual([chat.firstNew], [undefined]);
  chat.insert(message(4));
  assert.deepEqual([chat.unread, seqs()], [1, [4]]);
  chat.lookBack();
  assert.equal(chat.firstNew?.seq, 4);
  chat.change(1, { ...message(4), gone: { by: "2", at: AT }, changed: 1 });
  assert.deepEqual([chat.unread, chat.firstNew], [0, undefined]);
});

test("a note is no use of the chat, and no message that was said", () => {
  const { chat } = chatOf();
  const { due } = chat;
  chat.insert({ seq: 1, from: "2", at: "2027-01-01T00:00:00.000Z", note: { what: "idle", idle: "1w" } });
  assert.deepEqual([chat.due, chat.saidCount, chat.isSeen], [due, 0, true]);
  chat.insert({ ...message(2), at: "2027-01-01T00:00:00.000Z" });
  assert.deepEqual([chat.due, chat.saidCount], ["2027-01-08T00:00:00.000Z", 1]);
});

test("a message vanishes when its time has come, though nothing is told, and its text is forgotten", () => {
  const { chat, time, inMs } = chatOf();
  chat.insert({ ...message(1), vanishes: inMs(HOUR_MS) });
  chat.insert({ ...message(2), vanishes: inMs(40 * 24 * HOUR_MS) });
  chat.insert({ ...message(3), vanishes: inMs(-1) });
  assert.deepEqual(texts(chat), ["text 1", "text 2", undefined]);
  time.pass(HOUR_MS - 1);
  assert.equal(texts(chat)[0], "text 1");
  time.pass(1);
  assert.deepEqual(texts(chat), [undefined, "text 2", undefined]);
  time.pass(40 * 24 * HOUR_MS);
  assert.deepEqual(chat.messages.map(kindOf), [undefined, undefined, undefined]);
});

test("a machine that slept hides what vanished meanwhile", () => {
  const { chat, time, inMs } = chatOf();
  chat.insert({ ...message(1), vanishes: inMs(HOUR_MS) });
  time.sleep(2 * HOUR_MS);
  assert.deepEqual(texts(chat), [undefined]);
});

test("that something was deleted is shown for a day", () => {
  const { chat, time, inMs } = chatOf();
  chat.insert(message(1));
  chat.change(1, { ...message(1), text: undefined, gone: { by: "2", at: inMs(0), stub: true }, changed: 1 });
  time.pass(24 * HOUR_MS - 1);
  assert.equal(kindOf(/** @type {ChatMessage} */ (chat.messages[0])), "message");
  time.pass(1);
  assert.equal(kindOf(/** @type {ChatMessage} */ (chat.messages[0])), undefined);
});

test("that a message can be read no more is told once, for whatever reason", () => {
  const { chat, time, inMs } = chatOf();
  /** @type {number[]} */
  const unsaid = [];
  chat.addEventListener("unsaid", (event) => unsaid.push(/** @type {CustomEvent} */ (event).detail));
  for (const seq of [1, 2, 3]) chat.insert(message(seq));
  chat.insert({ ...message(4), vanishes: inMs(HOUR_MS) });
  chat.change(5, { ...message(1), text: "edited", changed: 5 });
  assert.deepEqual(unsaid, []);
  const gone = { by: "2", at: inMs(0), stub: true };
  chat.change(6, { ...message(1), gone, changed: 6 });
  chat.change(7, { ...message(2), hidden: true, changed: 7 });
  chat.cover({ of: "chat-hide", seq: 3 });
  chat.change(8, { ...message(3), hidden: true, changed: 8 });
  time.pass(HOUR_MS);
  assert.deepEqual(unsaid, [1, 2, 3, 4]);
});

test("a quoted message follows its changes, and gives way to its page of history", () => {
  const { chat } = chatOf(9);
  chat.insert(message(9));
  chat.quote(message(2));
  chat.change(3, { ...message(2), text: "edited", changed: 3 });
  assert.equal(chat.find(2)?.text, "edited");
  assert.equal(chat.messages.length, 1);
  chat.prepend([2, 3, 4, 5, 6, 7, 8].map((seq) => ({ ...message(seq), changed: 4 })));
  assert.equal(chat.find(2)?.changed, 4);
});

/** @param {number} number @param {Partial<ChatMessage> & {seq: number}} how */
const changed = (number, how) => ({
  type: "chat-changed",
  chat: CHAT,
  number,
  message: { ...message(how.seq), ...how, changed: number },
});

/** How the chat is told when it is opened. @param {number} head @param {number} number */
const state = (head, number) => ({
  type: "chat-state",
  seat: SEAT,
  me: "1",
  head,
  changed: number,
  idle: "1d",
  due: AT,
  participants: people(head),
});

test("a page that comes back asks for what was changed since the last change that it has", async () => {
  const { chat, time, socket, greets, tells, asked } = await page();
  greets();
  socket().tells(state(2, 7));
  tells(1);
  assert.equal(chat.changed, 0);
  tells(2);
  assert.equal(chat.changed, 7);
  socket().tells(changed(9, { seq: 1, text: "edited" }));
  socket().breaks();
  time.pass(1_000);
  greets();
  assert.deepEqual(asked("chat-open"), [{ type: "chat-open", seat: SEAT, after: 2, changed: 9 }]);
});

test("a line that is lost between two missed changes loses none", async () => {
  const { chat, time, socket, greets, tells, asked } = await page();
  greets();
  socket().tells(state(2, 7));
  for (const seq of [1, 2]) tells(seq);
  socket().breaks();
  time.pass(1_000);
  greets();
  socket().tells(state(2, 12));
  socket().tells(changed(9, { seq: 1, text: "edited" }));
  socket().breaks();
  time.pass(3_000);
  greets();
  assert.equal(asked("chat-open")[0]?.changed, 9);
  socket().tells(state(3, 12));
  tells(3);
  assert.equal(chat.changed, 9);
  // What was said meanwhile comes with the messages that were missed, and so before the changes.
  tells(4);
  assert.equal(chat.changed, 9);
  socket().tells(changed(12, { seq: 2, text: "edited" }));
  assert.equal(chat.changed, 12);
});

test("where too much was changed the chat is read afresh", async () => {
  const { chat, socket, greets, tells, asked } = await page();
  greets();
  socket().tells(state(1, 7));
  tells(1);
  socket().tells({ type: "chat-resync", seat: SEAT, afresh: true });
  assert.deepEqual([chat.messages, chat.changed], [[], 0]);
  assert.deepEqual(asked("chat-open").at(-1), { type: "chat-open", seat: SEAT, newest: 50 });
  socket().tells(state(1, 2_000));
  socket().tells({ type: "chat-message", chat: CHAT, ...message(1), changed: 1_999 });
  assert.deepEqual([chat.last, chat.changed], [1, 2_000]);
});

test("a quoted message is asked for once, and is not taken for a page of history", async () => {
  const { session, chat, socket, greets, tells, asked } = await page();
  greets();
  socket().tells(state(300, 0));
  for (let seq = 251; seq <= 300; seq += 1) tells(seq);
  session.loadQuoted(7);
  session.loadQuoted(7);
  assert.deepEqual(asked("chat-page"), [{ type: "chat-page", seat: SEAT, before: 8, limit: 1 }]);
  session.loadOlder();
  socket().tells({ type: "chat-page", seat: SEAT, messages: [message(7)], more: true });
  assert.deepEqual([chat.find(7)?.text, chat.first, session.isLoadingOlder], ["text 7", 251, true]);
});

test("the first message of all may be quoted and be the whole page before", async () => {
  const { session, chat, socket, greets, tells } = await page();
  greets();
  socket().tells(state(2, 0));
  tells(2);
  session.loadQuoted(1);
  session.loadOlder();
  for (let answer = 0; answer < 2; answer += 1)
    socket().tells({ type: "chat-page", seat: SEAT, messages: [message(1)], more: false });
  assert.deepEqual([texts(chat), session.isLoadingOlder], [["text 1", "text 2"], false]);
});

test("a note takes nothing out of the outbox", async () => {
  const { session, outbox, socket, greets } = await page();
  greets();
  socket().tells(state(0, 0));
  socket().breaks();
  void session.say("hi");
  await settled();
  session.arrived({ seq: 1, from: "1", at: AT, note: { what: "new-device" } });
  assert.equal(outbox.entries.length, 1);
});

test("a note says what happened, from where one stands", () => {
  const note = (/** @type {string} */ from, /** @type {Note} */ what) =>
    saidOfNote({ seq: 1, from, at: AT, note: what }, "1")?.key;
  const replaced = (/** @type {string} */ participant) => ({ what: "replaced", participant });
  assert.deepEqual(
    [
      note("2", { what: "new-device" }),
      note("1", { what: "new-device" }),
      note("1", replaced("2")),
      note("1", replaced("1")),
      note("2", replaced("1")),
      note("2", replaced("2")),
      note("2", replaced("3")),
      note("2", { what: "vanish", after: "4w" }),
      note("1", { what: "vanish", after: "never" }),
      note("2", { what: "idle", idle: "6mo" }),
      note("2", { what: "idle", idle: "7y" }),
      note("2", { what: "dance" }),
    ],
    [
      "name.new_device",
      "you.new_device",
      "you.replaced",
      "you.replaced_own",
      "name.replaced_yours",
      "name.replaced_own",
      "name.replaced",
      "name.vanish",
      "you.stay",
      "name.idle",
      undefined,
      undefined,
    ],
  );
});

const NOW = Date.parse(AT) + HOUR_MS;
const IN_A_PAIR = { me: "1", may: (/** @type {string} */ deed) => deed !== "delete_others" };

test("one may edit one's own text for a day, and delete only one's own for everybody", () => {
  const on = (/** @type {ChatMessage} */ one, now = NOW) => actionsOn(one, IN_A_PAIR, now).join(" ");
  assert.equal(on(message(1, "1")), "reply copy edit hide delete");
  assert.equal(on(message(1, "1"), NOW + 23 * HOUR_MS), "reply copy hide delete");
  assert.equal(on(message(1, "2")), "reply copy hide");
  assert.equal(on({ ...message(1, "1"), text: undefined }), "reply hide delete");
  assert.equal(on({ ...message(1, "1"), gone: { by: "1", at: AT, stub: true } }), "");
  assert.equal(on({ seq: 1, from: "1", at: AT, note: { what: "new-device" } }), "");
});

test("the last thing that one said may be edited, unless it is too old", () => {
  const said = [message(1, "1"), message(2, "1"), { ...message(3, "1"), hidden: true }, message(4)];
  assert.equal(lastEditable({ ...IN_A_PAIR, messages: said }, [], NOW)?.message?.seq, 2);
  assert.equal(lastEditable({ ...IN_A_PAIR, messages: said }, [], NOW + 24 * HOUR_MS), undefined);
  assert.equal(lastEditable({ ...IN_A_PAIR, messages: [message(1)] }, [], NOW), undefined);
});

test("a change is asked for on the line, and done when the house says so", async () => {
  const { session, socket, greets, asked } = await page();
  greets();
  socket().tells(state(2, 0));
  const edit = session.change({ of: "chat-edit", seq: 1, base: 0, text: "new" });
  const hide = session.change({ of: "chat-hide", seq: 2 });
  assert.equal(asked("chat-edit")[0]?.text, "new");
  const refused = { type: "refused", of: "chat-edit", seat: SEAT, seq: 1, code: "changed_meanwhile" };
  socket().tells({ type: "chat-done", seat: SEAT, of: "chat-hide", seq: 2, number: 1 });
  await hide;
  socket().tells(refused);
  await assert.rejects(edit, { code: "changed_meanwhile" });
});

test("without a line, or where it is lost before the answer, a change goes over HTTP", async () => {
  /** @type {MessageCommand[]} */
  const over = [];
  const { session, socket, greets } = await page({ change: async (command) => over.push(command) });
  const early = /** @type {MessageCommand} */ ({ of: "chat-hide", seq: 1 });
  await session.change(early);
  greets();
  socket().tells(state(2, 0));
  const late = /** @type {MessageCommand} */ ({ of: "chat-delete", seq: 2 });
  const done = session.change(late);
  socket().breaks();
  await done;
  assert.deepEqual(over, [early, late]);
});

test("an answer goes out with the message that it answers, and keeps it on the disk", async () => {
  const { session, chat, outbox, socket, greets, asked, disk } = await page();
  greets();
  socket().tells(state(1, 0));
  socket().tells({ type: "chat-message", chat: CHAT, ...message(1) });
  session.draft.begin({ action: "reply", seq: 1 });
  await session.say("yes");
  await settled();
  const [{ id, reply_to: answered }] = asked("chat-say");
  assert.equal(answered, 1);
  assert.match(await disk.text(), /"reply_to":1/);
  socket().tells({ type: "chat-said", seat: SEAT, id, seq: 2, at: AT });
  assert.equal(chat.messages.at(-1)?.reply_to, 1);
  assert.equal(outbox.entries.length, 0);
});

test("an answer to what was deleted meanwhile may be sent as no answer", async () => {
  const { session, outbox, socket, greets, asked } = await page();
  greets();
  socket().tells(state(0, 0));
  session.draft.begin({ action: "reply", seq: 1 });
  await session.say("yes");
  await settled();
  const [{ id }] = asked("chat-say");
  socket().tells({ type: "refused", of: "chat-say", seat: SEAT, id, code: "gone" });
  assert.equal(outbox.entries[0]?.state, "refused");
  outbox.retry(outbox.entries[0]?.id ?? "");
  await settled();
  assert.deepEqual(
    asked("chat-say").map((frame) => frame.reply_to),
    [1, undefined],
  );
});
