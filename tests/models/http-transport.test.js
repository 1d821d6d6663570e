// A chat goes on over HTTP as it would by a socket: nobody behind the Connection knows which way was taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../assets/app/models/refusal.js";
import { HttpTransport } from "../../assets/app/models/http-transport.js";
import { Outbox } from "../../assets/app/models/outbox.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, Time, recorder, settled } from "./fakes.js";
import { AT, SEAT, message, people } from "./page.js";

/** How the chat is now. @param {number} head @param {object} [also] @returns {SeatState} */
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
  /** What it says was changed since. @type {(since: number) => Partial<NewsAnswer>} */
  changes = () => ({});
  /** @type {unknown[][]} */
  asked = [];
  /** @type {Refusal | undefined} */
  refusal;

  /** @param {number} seq */
  hears(seq) {
    this.messages.push(message(seq));
    this.state = { ...this.state, head: seq };
  }

  /** @param {string} _seat @param {Beginning} from @param {string[]} withholds */
  async news(_seat, from, withholds) {
    this.#ask("news", from, ...withholds);
    const after = "after" in from ? from.after : this.messages.length - from.newest;
    const all = this.messages.filter(({ seq }) => seq > after);
    const messages = all.slice(0, this.pageMax);
    const more = all.length > messages.length;
    const changes = "changed" in from ? this.changes(from.changed ?? 0) : {};
    return { incarnation: this.incarnation, state: this.state, messages, more, ...changes };
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

  /** @param {string} _seat @param {MessageCommand} command */
  async change(_seat, command) {
    this.#ask("change", command);
    return { number: 1 };
  }

  async keep() {
    this.#ask("keep");
    return { due: "2027" };
  }

  async end() {
    this.#ask("end");
    return { at: AT, by: "1", messages: 0 };
  }

  async list() {
    this.#ask("list");
  }

  /** @param {...unknown} what */
  #ask(...what) {
    this.asked.push(what);
    if (this.refusal) throw this.refusal;
  }
}

/** A transport that is open, as a Connection would use it. */
async function transport() {
  const time = new Time();
  const house = new FakeHouse();
  const screen = { isShown: true };
  const { told, to } = recorder();
  const isShown = () => screen.isShown;
  const line = new HttpTransport({ api: house, after: time.after, isShown });
  const connection = /** @type {Line} */ (to);
  const chatList = { isShown: false, rows: [{ seat: SEAT }], refresh: () => house.list() };
  let incarnation = "";
  const sessions = {
    of: (/** @type {{seat?: string}} */ { seat }) => (seat === SEAT ? [to] : []),
    setIncarnation: (/** @type {string} */ run) => {
      const isOther = incarnation !== "" && run !== incarnation;
      incarnation = run;
      return isOther;
    },
  };
  line.start(/** @type {Receivers} */ (/** @type {unknown} */ ({ connection, sessions, chatList })));
  time.pass(0);
  assert.deepEqual(told.splice(0), [["opened"]]);
  /** @param {(line: HttpTransport) => unknown} request */
  const asks = async (request) => {
    request(line);
    await settled();
  };
  /** @param {number} ms */
  const pass = async (ms) => {
    time.pass(ms);
    await settled();
  };
  const newly = () => told.splice(0).filter(([call]) => call !== "heard");
  return { line, house, screen, chatList, asks, pass, told, newly };
}

/** @param {HttpTransport} line */
const greets = (line) => line.hello({ withholds: [] });

/** In the chat, with nothing said yet. */
async function opened() {
  const found = await transport();
  await found.asks(greets);
  await found.asks((line) => line.openChat(SEAT, { after: 0 }));
  found.newly();
  found.house.asked = [];
  return found;
}

/** @param {[string, ...any[]][]} told */
const calls = (told) => told.map(([call]) => call);

test("it is welcomed when the house has told which chats there are", async () => {
  const { house, asks, newly } = await transport();
  await asks(greets);
  assert.deepEqual([house.asked, newly()], [[["list"]], [["welcomed", {}]]]);
});

test("a device that has no chats is not in", async () => {
  const { chatList, asks, newly } = await transport();
  chatList.rows = [];
  await asks(greets);
  const [[call, { code }] = []] = newly();
  assert.deepEqual([call, code], ["denied", "not_in"]);
});

test("the list is asked for every ten seconds while it is shown", async () => {
  const { house, chatList, screen, asks, pass } = await transport();
  chatList.isShown = true;
  await asks(greets);
  await pass(9_999);
  assert.equal(house.asked.length, 1);
  await pass(1);
  await pass(10_000);
  assert.deepEqual(house.asked, [["list"], ["list"], ["list"]]);
  screen.isShown = false;
  await pass(10_000);
  house.asked = [];
  await pass(60_000);
  assert.deepEqual(house.asked, []);
});

test("a chat that is opened while something is asked comes right after it", async () => {
  const { house, asks, pass } = await transport();
  await asks(greets);
  house.asked = [];
  await asks((line) => {
    void line.ping();
    void line.openChat(SEAT, { newest: 50 });
  });
  assert.deepEqual(house.asked, [["list"], ["news", { newest: 50 }]]);
  await asks((line) => line.closeChat());
  await pass(60_000);
  assert.equal(house.asked.length, 2);
});

test("a chat begins with its newest messages, and goes on behind the last one", async () => {
  const { house, asks, pass, newly } = await transport();
  for (let seq = 1; seq <= 60; seq += 1) house.hears(seq);
  house.pageMax = 40;
  await asks(greets);
  await asks((line) => line.openChat(SEAT, { newest: 50 }));
  await pass(2_000);
  const from = house.asked.slice(1).map(([, where]) => where);
  assert.deepEqual(from, [{ newest: 50 }, { after: 50, changed: 0 }, { after: 60, changed: 0 }]);
  assert.equal(newly().filter(([call]) => call === "arrived").length, 50);
});

test("opening the chat tells how it stands and what came after, in order, however much", async () => {
  const { house, asks, newly } = await transport();
  for (let seq = 1; seq <= 5; seq += 1) house.hears(seq);
  house.pageMax = 2;
  await asks(greets);
  newly();
  await asks((line) => line.openChat(SEAT, { after: 1 }));
  const [first, ...rest] = newly();
  assert.equal(first?.[0], "opened");
  assert.deepEqual(
    rest.map(([call, { seq }]) => [call, seq]),
    [2, 3, 4, 5].map((seq) => ["arrived", seq]),
  );
});

test("what is new is asked for every two seconds while the chat is on the screen", async () => {
  const { house, screen, pass, newly } = await opened();
  house.hears(1);
  await pass(1_999);
  assert.deepEqual(newly(), []);
  await pass(1);
  assert.deepEqual(newly(), [["arrived", message(1)]]);
  await pass(2_000);
  assert.deepEqual(house.asked, [
    ["news", { after: 0, changed: 0 }],
    ["news", { after: 1, changed: 0 }],
  ]);
  screen.isShown = false;
  await pass(2_000);
  house.asked = [];
  await pass(60_000);
  assert.deepEqual(house.asked, []);
});

test("a ping asks at once, also while nobody looks, and is heard as an answer", async () => {
  const { house, screen, asks, pass, told } = await opened();
  screen.isShown = false;
  await pass(2_000);
  told.splice(0);
  house.hears(1);
  await asks((line) => line.ping());
  assert.deepEqual(calls(told), ["heard", "arrived"]);
});

test("receipts, coming and going, wrong codes and the clock are told as by a socket", async () => {
  const { house, pass, newly } = await opened();
  const [anny, abhi] = people(0);
  const other = { ...abhi, here: false, last_here: AT, delivered: 2, seen: 1, tries: 3 };
  house.state = state(0, { participants: [anny, other], final_call: AT });
  await pass(2_000);
  assert.deepEqual(newly(), [
    ["chat.setReceipt", other],
    ["chat.setPresence", other],
    ["guessed", "2", 3],
    ["chat.setFinalCall", AT],
  ]);
  house.state = state(0, { participants: [anny, other] });
  await pass(2_000);
  assert.deepEqual(newly(), [["kept", AT]]);
  await pass(2_000);
  assert.deepEqual(newly(), []);
});

test("each request of the page becomes one of the API, and its answer is told as by a socket", async () => {
  const { house, asks, newly } = await opened();
  await asks((line) => line.say(SEAT, "x", "hello"));
  await asks((line) => line.page(SEAT, 9, 50));
  await asks((line) => line.delivered(SEAT, 3));
  await asks((line) => line.seen(SEAT, 3));
  await asks((line) => line.typing());
  await asks((line) => line.keep(SEAT));
  await asks((line) => line.end(SEAT));
  assert.deepEqual(house.asked, [
    ["say", "x", "hello"],
    ["page", 9, 50],
    ["receipts", { delivered: 3 }],
    ["receipts", { seen: 3 }],
    ["keep"],
    ["end"],
  ]);
  const ended = { at: AT, by: "1", messages: 0 };
  const told = [["cleared"], ["said", "x", 1, AT], ["paged", []], ["kept", "2027"], ["end", ended]];
  assert.deepEqual(newly(), told);
});

test("a person who does not tell what was seen tells over HTTP no more than over a socket", async () => {
  const { house, asks } = await transport();
  await asks((line) => line.hello({ withholds: ["seen"] }));
  await asks((line) => line.openChat(SEAT, { after: 0 }));
  await asks((line) => line.seen(SEAT, 3));
  assert.deepEqual(house.asked.slice(1), [
    ["news", { after: 0 }, "seen"],
    ["receipts", { read: 3 }],
  ]);
});

test("a message that is refused is refused as by a socket, and the line stays", async () => {
  const { house, line, asks, newly } = await opened();
  house.refusal = new Refusal({ code: "slow_down", detail: "Too fast.", retry_after: 2 });
  await asks((way) => way.say(SEAT, "x", "hello"));
  const [[call, { of, id, code, detail, retryAfter }] = []] = newly();
  assert.deepEqual(
    [call, of, id, code, detail, retryAfter],
    ["refused", "chat-say", "x", "slow_down", "Too fast.", 2],
  );
  assert.ok(line.isOpen);
});

test("a message whose way broke in the house is sent again over HTTP, before the next one", async () => {
  const { house, line, pass } = await opened();
  const time = new Time();
  let ids = 0;
  const box = new Outbox({
    store: await openLocalStore(() => new Disk().factory, SEAT, time.after),
    owners: { self: "me", watch: async () => {}, tell: () => {}, onTold: () => {} },
    send: ({ number, text }) => (void line.say(SEAT, number, text), true),
    change: async () => {},
    unansweredMax: () => line.unansweredMax,
    after: time.after,
    now: time.now,
    makeId: () => `id-${(ids += 1)}`,
    makeProducer: () => "a".repeat(16),
  });
  const { to } = recorder();
  const session = {
    refused: (/** @type {Refused} */ { id = "", code }) => box.refused(id, { code }),
    said: (/** @type {string} */ id, /** @type {number} */ seq) => void box.taken(id, seq),
  };
  const sessions = { of: () => [session] };
  line.start(/** @type {Receivers} */ (/** @type {unknown} */ ({ connection: to, sessions })));
  await box.say("one");
  await box.say("two");
  house.refusal = new Refusal({ code: "reconnect" });
  void box.open();
  box.catchUp(true);
  await pass(0);
  house.refusal = undefined;
  time.pass(2_000);
  await pass(0);
  const said = house.asked
    .filter(([what]) => what === "say")
    .map(([, id, text]) => [String(id).at(-1), text]);
  assert.deepEqual(said, [
    ["1", "one"],
    ["1", "one"],
    ["2", "two"],
  ]);
});

test("a house that cannot be reached is a line that is lost", async () => {
  const requests = [
    (/** @type {HttpTransport} */ line) => line.say(SEAT, "x", "hello"),
    (/** @type {HttpTransport} */ line) => line.ping(),
  ];
  for (const request of requests) {
    const { house, asks, newly } = await opened();
    house.refusal = new Refusal({ code: "unreachable" });
    await asks(request);
    assert.deepEqual(
      newly().map(([call, { code }]) => [call, code]),
      [["denied", "unreachable"]],
    );
  }
});

test("a house that is busy is asked again", async () => {
  const { house, line, pass, newly } = await opened();
  house.refusal = new Refusal({ code: "busy", retry_after: 1 });
  await pass(2_000);
  house.refusal = undefined;
  house.hears(1);
  await pass(2_000);
  assert.deepEqual([calls(newly()), line.isOpen], [["arrived"], true]);
});

test("what stands before the house says so when it is greeted", async () => {
  for (const code of ["login", "between", "unreachable"]) {
    const { house, asks, newly } = await transport();
    house.refusal = new Refusal({ code });
    await asks(greets);
    const said = newly().map(([call, refusal]) => [call, refusal.of, refusal.code]);
    assert.deepEqual(said, [["denied", "hello", code]]);
  }
});

test("the end of the chat, and of the seat, are told as by a socket", async () => {
  const { house, pass, newly } = await opened();
  house.refusal = new Refusal({ code: "ended", at: AT, by: "2", messages: 3, me: "1" });
  await pass(2_000);
  const [[call, { code, ending }] = []] = newly();
  assert.deepEqual([call, code, ending], ["refused", "ended", { at: AT, by: "2", messages: 3, me: "1" }]);
  const gone = await opened();
  gone.house.refusal = new Refusal({ code: "no_such_seat" });
  await gone.pass(2_000);
  assert.deepEqual(
    gone.newly().map(([refused, refusal]) => [refused, refusal.code]),
    [["refused", "no_such_seat"]],
  );
});

test("another run of the store is a chat that is opened again", async () => {
  const { house, pass, newly } = await opened();
  house.incarnation = "b";
  house.hears(1);
  await pass(2_000);
  assert.deepEqual(newly(), [["reopen"]]);
});

test("a line that was closed says nothing more and asks for nothing", async () => {
  const { line, house, asks, pass, told } = await opened();
  told.splice(0);
  const asking = asks((way) => way.ping());
  line.close();
  await asking;
  house.asked = [];
  await pass(60_000);
  assert.deepEqual([told, house.asked], [[], []]);
});

test("what was changed is asked for since the last change, until nothing is left of it", async () => {
  const { house, asks, newly } = await transport();
  for (let seq = 1; seq <= 3; seq += 1) house.hears(seq);
  house.state = { ...house.state, changed: 9 };
  const changed = (/** @type {number} */ seq, /** @type {number} */ number) => ({
    ...message(seq),
    changed: number,
  });
  house.changes = (since) =>
    since < 6
      ? { changes: [changed(1, 4), changed(2, 6)], changes_up_to: 6 }
      : { changes: [changed(3, 8)], changes_up_to: 9 };
  await asks(greets);
  newly();
  await asks((line) => line.openChat(SEAT, { after: 3, changed: 2 }));
  const told = newly().map(([call, number]) => [call, call === "opened" ? 0 : number]);
  assert.deepEqual(told, [
    ["opened", 0],
    ["showsChange", 4],
    ["showsChange", 6],
    ["chat.reachChange", 6],
    ["showsChange", 8],
    ["chat.reachChange", 9],
  ]);
  const from = house.asked.slice(1).map(([, where]) => where);
  assert.deepEqual(from, [
    { after: 3, changed: 2 },
    { after: 3, changed: 6 },
  ]);
});

test("a chat that begins with its newest messages goes on from the change they were read at", async () => {
  const { house, asks, pass, newly } = await transport();
  house.hears(1);
  house.state = { ...house.state, changed: 9 };
  await asks(greets);
  await asks((line) => line.openChat(SEAT, { newest: 50 }));
  assert.deepEqual(calls(newly()).slice(-2), ["arrived", "chat.reachChange"]);
  await pass(2_000);
  assert.deepEqual(house.asked.at(-1)?.[1], { after: 1, changed: 9 });
});

test("where too much was changed the chat is opened afresh", async () => {
  const { house, newly, pass } = await opened();
  house.changes = () => ({ afresh: true });
  await pass(2_000);
  assert.deepEqual(newly(), [["reopen", true]]);
});

test("where people are hidden from each other the chat is opened afresh", async () => {
  const { house, newly, pass } = await opened();
  house.state = { ...house.state, participants: people(0).slice(0, 1) };
  await pass(2_000);
  assert.deepEqual(newly(), [["reopen", true]]);
});

test("where people are shown again the chat is opened afresh", async () => {
  const { house, newly, pass } = await opened();
  house.state = { ...house.state, group: { title: "", about: "", writers: "admins", roster: "admins" } };
  await pass(2_000);
  assert.deepEqual(newly(), [["reopen", true]]);
});

test("a change of a message is answered, and shows with the next news", async () => {
  const { house, asks, newly } = await opened();
  const command = /** @type {MessageCommand} */ ({ of: "chat-delete", seq: 1 });
  await asks((line) => line.change(SEAT, command));
  assert.deepEqual(newly(), [["changeDone", "chat-delete", 1]]);
  assert.deepEqual(
    house.asked.map(([what]) => what),
    ["change", "news"],
  );
  house.refusal = new Refusal({ code: "gone" });
  await asks((line) => line.change(SEAT, command));
  const refused = newly().find(([call]) => call === "refused")?.[1];
  assert.deepEqual([refused.of, refused.seq, refused.code], ["chat-delete", 1, "gone"]);
});
