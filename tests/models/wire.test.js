// Each frame of the house is one call, of the session or the list that it is about.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionRegistry } from "../../assets/app/models/session-registry.js";
import { Seats } from "../../assets/app/models/seats.js";
import { SocketTransport } from "../../assets/app/wire.js";
import { FakeSocket, Storage, recorder } from "./fakes.js";
import { AT } from "./page.js";

const FIRST = "00f1e2d3c4b5a697-1";
const SECOND = "00f1e2d3c4b5a697-2";
const OTHER = "00f1e2d3c4b5a698-1";

function wire() {
  const socket = new FakeSocket();
  const sessions = new SessionRegistry({ seats: new Seats(new Storage(), "/"), setHouseTime: () => {} });
  const [line, list] = [recorder(), recorder()];
  /** @type {Record<string, [string, ...any[]][]>} */
  const told = { line: line.told, list: list.told };
  for (const seat of [FIRST, SECOND, OTHER]) {
    const { told: calls, to } = recorder();
    sessions.add(/** @type {any} */ (Object.assign(Object.create(to), { seat })));
    told[seat] = calls;
  }
  const transport = new SocketTransport(socket);
  transport.start(/** @type {any} */ ({ connection: line.to, chatList: list.to, sessions }));
  socket.opens();
  for (const calls of Object.values(told)) calls.splice(0);
  /** Who was called, and what. @param {object} frame */
  const calls = (frame) => {
    socket.tells(frame);
    line.told.splice(0, 1);
    return Object.entries(told).flatMap(([who, all]) => all.splice(0).map(([call]) => [who, call]));
  };
  return { transport, socket, calls };
}

test("what is said of a chat is for each of its seats, and of a seat for that one", () => {
  const { calls } = wire();
  const chat = "00f1e2d3c4b5a697";
  const message = { seq: 1, from: "2", at: AT, id: "", text: "hello" };
  assert.deepEqual(calls({ type: "chat-message", chat, ...message }), [
    [FIRST, "arrived"],
    [SECOND, "arrived"],
  ]);
  assert.deepEqual(calls({ type: "chat-said", seat: SECOND, id: "", seq: 1, at: AT }), [[SECOND, "said"]]);
  for (const about of [{ seat: FIRST }, { chat: "00f1e2d3c4b5a698" }])
    assert.deepEqual(calls({ type: "chat-changed", ...about, number: 1, message }), [
      ["seat" in about ? FIRST : OTHER, "showsChange"],
    ]);
  assert.deepEqual(calls({ type: "chat-done", seat: SECOND, of: "chat-hide", seq: 1 }), [
    [SECOND, "changeDone"],
  ]);
  assert.deepEqual(calls({ type: "chat-receipt", seat: FIRST, participant: "1" }), [
    [FIRST, "chat.setReceipt"],
  ]);
  assert.deepEqual(calls({ type: "chat-ended", chat: "00f1e2d3c4b5a698" }), [[OTHER, "end"]]);
  assert.deepEqual(calls({ type: "refused", of: "chat-say", seat: OTHER, code: "busy" }), [
    [OTHER, "refused"],
  ]);
});

test("news of seats are for the list, also of one that is open", () => {
  const { calls } = wire();
  for (const seat of [FIRST, "00f1e2d3c4b5a699-1"]) {
    assert.deepEqual(calls({ type: "seat-news", seat, head: 1, unread: 1 }), [["list", "setNews"]]);
    assert.deepEqual(calls({ type: "seat-gone", seat }), [["list", "drop"]]);
  }
});

test("what is about neither is for the connection", () => {
  const { calls } = wire();
  assert.deepEqual(calls({ type: "welcome", incarnation: "a", seats: [] }), [["line", "welcomed"]]);
  assert.deepEqual(calls({ type: "refused", of: "hello", code: "not_in" }), [["line", "denied"]]);
  assert.deepEqual(calls({ type: "bye", why: "stopping" }), [["line", "left"]]);
});

test("frames that mean nothing here call nothing", () => {
  const { calls } = wire();
  for (const frame of [
    { type: "chat-waved", chat: "00f1e2d3c4b5a697" },
    { type: "chat-message", chat: "00f1e2d3c4b5a699" },
    { type: "chat-state", seat: "00f1e2d3c4b5a697-3" },
    { type: "pong" },
    [1],
  ])
    assert.deepEqual(calls(frame), []);
});

test("each request is one frame", () => {
  const { transport, socket } = wire();
  socket.sent.splice(0);
  transport.hello({ device: "D", incarnation: "a", withholds: ["here"] });
  transport.openChat(FIRST, { newest: 50 });
  transport.openChat(FIRST, { after: 7 });
  transport.closeChat(FIRST);
  transport.say(FIRST, "x", "hello");
  transport.page(FIRST, 12, 50);
  transport.delivered(FIRST, 12);
  transport.seen(FIRST, 12);
  transport.typing(FIRST);
  transport.keep(FIRST);
  transport.end(FIRST);
  transport.say(FIRST, "y", "yes", 12);
  transport.change(FIRST, { of: "chat-edit", seq: 12, base: 0, text: "hallo" });
  transport.change(FIRST, { of: "chat-react", seq: 12 });
  const seat = FIRST;
  assert.deepEqual(socket.sent, [
    { type: "hello", device: "D", seen_incarnation: "a", withholds: ["here"], watch: true },
    { type: "chat-open", seat, newest: 50 },
    { type: "chat-open", seat, after: 7 },
    { type: "chat-close", seat },
    { type: "chat-say", seat, id: "x", text: "hello" },
    { type: "chat-page", seat, before: 12, limit: 50 },
    { type: "chat-delivered", seat, seq: 12 },
    { type: "chat-seen", seat, seq: 12 },
    { type: "chat-typing", seat },
    { type: "chat-keep", seat },
    { type: "chat-end", seat },
    { type: "chat-say", seat, id: "y", text: "yes", reply_to: 12 },
    { type: "chat-edit", seat, seq: 12, base: 0, text: "hallo" },
    { type: "chat-react", seat, seq: 12 },
  ]);
});
