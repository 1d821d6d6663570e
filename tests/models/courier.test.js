// A chat goes on over HTTP as it would by a socket: nobody behind the Connection knows which way was taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../assets/app/models/api.js";
import { Courier } from "../../assets/app/models/courier.js";
import { Outbox } from "../../assets/app/models/outbox.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, Time, settled } from "./fakes.js";
import { AT, SEAT, message, people } from "./page.js";

/** How the chat stands. @param {number} head @param {object} [also] */
function state(head, also = {}) {
  const participants = people(head);
  return { seat: SEAT, name: "Anny", me: "1", head, idle: "1d", due: AT, participants, ...also };
}

/** A house that a test plays: it has these messages, and notes what it was asked for. */
class FakeHouse {
  incarnation = "a";
  state = state(0);
  /** @type {ChatMessage[]} */
  messages = [];
  pageMax = 100;
  /** @type {unknown[][]} */
  asked = [];
  /** @type {Refusal | undefined} */
  refusal;

  /** @param {number} seq */
  hears(seq) {
    this.messages.push(message(seq));
    this.state = { ...this.state, head: seq };
  }

  /** @param {string} _seat @param {number} after @param {string[]} withholds */
  async news(_seat, after, withholds) {
    this.#ask("news", after, ...withholds);
    const all = this.messages.filter(({ seq }) => seq > after);
    const messages = all.slice(0, this.pageMax);
    return { incarnation: this.incarnation, state: this.state, messages, more: all.length > messages.length };
  }

  /** @param {string} _seat @param {number} before @param {number} limit */
  async page(_seat, before, limit) {
    this.#ask("page", before, limit);
    return { messages: this.messages.filter(({ seq }) => seq < before), more: false };
  }

  /** @param {string} _seat @param {string} id @param {string} text */
  async say(_seat, id, text) {
    this.#ask("say", id, text);
    return { seq: 1, at: AT };
  }

  /** @param {string} _seat @param {object} reach */
  async tellReceipts(_seat, reach) {
    this.#ask("receipts", reach);
  }

  /** @param {...unknown} what */
  #ask(...what) {
    this.asked.push(what);
    if (this.refusal) throw this.refusal;
  }
}

/** A courier that is open, as a Connection would use it. */
async function courier() {
  const time = new Time();
  const house = new FakeHouse();
  const screen = { isShown: true };
  /** @type {Frame[]} */
  const told = [];
  let closed = 0;
  const line = new Courier({ seat: SEAT, api: house, after: time.after, isShown: () => screen.isShown });
  line.onmessage = ({ data }) => told.push(JSON.parse(data));
  line.onclose = () => (closed += 1);
  time.pass(0);
  /** @param {Frame} frame */
  const send = async (frame) => {
    line.send(JSON.stringify(frame));
    await settled();
  };
  /** @param {number} ms */
  const pass = async (ms) => {
    time.pass(ms);
    await settled();
  };
  const newly = () => told.splice(0).filter(({ type }) => type !== "pong");
  return { line, house, screen, send, pass, told, newly, closed: () => closed };
}

/** In the chat, with nothing said yet. */
async function opened() {
  const found = await courier();
  await found.send({ type: "hello", device: "D" });
  await found.send({ type: "chat-open", seat: SEAT, after: 0 });
  found.newly();
  found.house.asked = [];
  return found;
}

test("it is welcomed as by a socket, with the run of the store and how much is unread", async () => {
  const { house, send, newly } = await courier();
  house.state = state(12, { participants: people(9) });
  await send({ type: "hello", device: "D" });
  const seats = [{ seat: SEAT, head: 12, unread: 3 }];
  assert.deepEqual(newly(), [{ type: "welcome", seat: SEAT, incarnation: "a", seats }]);
});

test("opening the chat tells how it stands and what came after, in order, however much", async () => {
  const { house, send, newly } = await courier();
  for (let seq = 1; seq <= 5; seq += 1) house.hears(seq);
  house.pageMax = 2;
  await send({ type: "hello", device: "D" });
  newly();
  await send({ type: "chat-open", seat: SEAT, after: 1 });
  const told = newly();
  assert.deepEqual(
    told.map(({ type }) => type),
    ["chat-state", ...Array(4).fill("chat-message")],
  );
  assert.deepEqual(
    told.slice(1).map(({ seq }) => seq),
    [2, 3, 4, 5],
  );
});

test("what is new is asked for every two seconds while the chat is on the screen", async () => {
  const { house, screen, pass, newly } = await opened();
  house.hears(1);
  await pass(1_999);
  assert.deepEqual(newly(), []);
  await pass(1);
  assert.deepEqual(
    newly().map(({ type, seq }) => [type, seq]),
    [["chat-message", 1]],
  );
  await pass(2_000);
  assert.deepEqual(house.asked, [
    ["news", 0],
    ["news", 1],
  ]);
  screen.isShown = false;
  await pass(2_000);
  house.asked = [];
  await pass(60_000);
  assert.deepEqual(house.asked, []);
});

test("a ping asks at once, also while nobody looks, and is heard as an answer", async () => {
  const { house, screen, send, pass, told } = await opened();
  screen.isShown = false;
  await pass(2_000);
  told.splice(0);
  house.hears(1);
  await send({ type: "ping" });
  assert.deepEqual(
    told.map(({ type }) => type),
    ["chat-message", "pong"],
  );
});

test("receipts, coming and going, wrong codes and the clock become the frames of a socket", async () => {
  const { house, pass, newly } = await opened();
  const [anny, abhi] = people(0);
  const other = { ...abhi, here: false, last_here: AT, delivered: 2, seen: 1, tries: 3 };
  house.state = state(0, { participants: [anny, other], final_call: AT });
  await pass(2_000);
  const participant = "2";
  assert.deepEqual(newly(), [
    { type: "chat-receipt", seat: SEAT, participant, delivered: 2, seen: 1 },
    { type: "chat-presence", seat: SEAT, participant, here: false, came_in: true, last_here: AT },
    { type: "chat-guess", seat: SEAT, participant, tries: 3 },
    { type: "chat-due", seat: SEAT, at: AT },
  ]);
  house.state = state(0, { participants: [anny, other] });
  await pass(2_000);
  assert.deepEqual(newly(), [{ type: "chat-kept", seat: SEAT, due: AT }]);
  await pass(2_000);
  assert.deepEqual(newly(), []);
});

test("saying, history and receipts become requests, and their answers the frames", async () => {
  const { house, send, newly } = await opened();
  await send({ type: "chat-say", seat: SEAT, id: "x", text: "hello" });
  await send({ type: "chat-page", seat: SEAT, before: 9, limit: 50 });
  await send({ type: "chat-delivered", seat: SEAT, seq: 3 });
  await send({ type: "chat-seen", seat: SEAT, seq: 3 });
  await send({ type: "chat-typing", seat: SEAT });
  assert.deepEqual(house.asked, [
    ["say", "x", "hello"],
    ["page", 9, 50],
    ["receipts", { delivered: 3 }],
    ["receipts", { seen: 3 }],
  ]);
  assert.deepEqual(newly(), [
    { type: "chat-said", seat: SEAT, id: "x", seq: 1, at: AT },
    { type: "chat-page", seat: SEAT, messages: [], more: false },
  ]);
});

test("who does not tell what was seen tells over HTTP no more than over a socket", async () => {
  const { house, send } = await courier();
  await send({ type: "hello", device: "D", withholds: ["seen"] });
  await send({ type: "chat-open", seat: SEAT, after: 0 });
  await send({ type: "chat-seen", seat: SEAT, seq: 3 });
  assert.deepEqual(house.asked.slice(1), [
    ["news", 0, "seen"],
    ["receipts", { read: 3 }],
  ]);
});

test("a message that is refused is refused as by a socket, and the line stays", async () => {
  const { house, send, newly, closed } = await opened();
  house.refusal = new Refusal({ code: "slow_down", detail: "Too fast.", retry_after: 2 });
  await send({ type: "chat-say", seat: SEAT, id: "x", text: "hello" });
  const refused = { code: "slow_down", detail: "Too fast.", retry_after: 2 };
  assert.deepEqual(newly(), [{ type: "refused", of: "chat-say", seat: SEAT, id: "x", ...refused }]);
  assert.equal(closed(), 0);
});

test("a message whose way broke in the house is sent again over HTTP, before the next one", async () => {
  const { house, line, pass } = await opened();
  const time = new Time();
  const store = await openLocalStore(() => new Disk().factory, SEAT, time.after);
  let ids = 0;
  const box = new Outbox({
    store,
    send: ({ id, text }) => (line.send(JSON.stringify({ type: "chat-say", seat: SEAT, id, text })), true),
    after: time.after,
    now: time.now,
    makeId: () => `id-${(ids += 1)}`,
  });
  line.onmessage = ({ data }) => {
    const { type, id, code } = JSON.parse(data);
    if (type === "refused") box.refused(id, { code });
    if (type === "chat-said") box.taken(id);
  };
  box.load();
  await box.say("one");
  await box.say("two");
  house.refusal = new Refusal({ code: "reconnect" });
  box.open();
  await pass(0);
  house.refusal = undefined;
  time.pass(2_000);
  await pass(0);
  const said = house.asked.filter(([what]) => what === "say");
  assert.deepEqual(said, [
    ["say", "id-1", "one"],
    ["say", "id-1", "one"],
    ["say", "id-2", "two"],
  ]);
});

test("a house that cannot be reached is a line that is lost", async () => {
  for (const frame of [{ type: "chat-say", id: "x", text: "hello" }, { type: "ping" }]) {
    const { line, house, send, newly, closed } = await opened();
    house.refusal = new Refusal({ code: "unreachable" });
    await send({ seat: SEAT, ...frame });
    assert.deepEqual(
      newly().map(({ of, code }) => [of, code]),
      [["hello", "unreachable"]],
    );
    assert.deepEqual([closed(), line.readyState], [1, 3]);
  }
});

test("a house that is busy is asked again", async () => {
  const { house, pass, newly, closed } = await opened();
  house.refusal = new Refusal({ code: "busy", retry_after: 1 });
  await pass(2_000);
  house.refusal = undefined;
  house.hears(1);
  await pass(2_000);
  assert.deepEqual([newly().map(({ type }) => type), closed()], [["chat-message"], 0]);
});

test("what stands before the house says so when it is greeted", async () => {
  for (const code of ["login", "between", "unreachable"]) {
    const { house, send, newly } = await courier();
    house.refusal = new Refusal({ code });
    await send({ type: "hello", device: "D" });
    const said = newly().map((frame) => [frame.type, frame.of, frame.code]);
    assert.deepEqual(said, [["refused", "hello", code]]);
  }
});

test("the end of the chat, and of the seat, are told as by a socket", async () => {
  const { house, pass, newly } = await opened();
  house.refusal = new Refusal({ code: "ended", at: AT, by: "other", messages: 3 });
  await pass(2_000);
  assert.deepEqual(newly(), [{ type: "chat-ended", seat: SEAT, at: AT, by: "other", messages: 3 }]);
  const gone = await opened();
  gone.house.refusal = new Refusal({ code: "no_such_seat" });
  await gone.pass(2_000);
  assert.deepEqual(gone.newly(), [{ type: "refused", of: "chat-open", seat: SEAT, code: "no_such_seat" }]);
});

test("another run of the store is a line that begins again", async () => {
  const { house, pass, newly, closed } = await opened();
  house.incarnation = "b";
  house.hears(1);
  await pass(2_000);
  assert.deepEqual([newly(), closed()], [[], 1]);
});

test("a line that was closed says nothing more and asks for nothing", async () => {
  const { line, house, send, pass, told } = await opened();
  told.splice(0);
  const asking = send({ type: "ping" });
  line.close();
  await asking;
  house.asked = [];
  await pass(60_000);
  assert.deepEqual([told, house.asked], [[], []]);
});
