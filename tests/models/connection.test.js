// The socket comes back by itself, and one that is dead is noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../assets/app/models/connection.js";
import { FakeSocket, Time } from "./fakes.js";

function connection() {
  const time = new Time();
  /** @type {FakeSocket[]} */
  const sockets = [];
  const line = new Connection({
    hello: () => ({ type: "hello", device: "D" }),
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    after: time.after,
    now: time.now,
    random: () => 1,
  });
  const last = () => /** @type {FakeSocket} */ (sockets.at(-1));
  const welcome = () => {
    last().opens();
    last().tells({ type: "welcome", incarnation: "a", seats: [] });
  };
  return { line, time, sockets, last, welcome };
}

test("it greets first and is open after the welcome", () => {
  const { line, last, welcome } = connection();
  line.open();
  assert.equal(line.state, "connecting");
  assert.equal(line.send({ type: "ping" }), false);
  welcome();
  assert.deepEqual(last().sent[0], { type: "hello", device: "D" });
  assert.equal(line.state, "open");
  assert.equal(line.send({ type: "ping" }), true);
});

test("a lost line is tried again, each time after a longer pause, up to half a minute", () => {
  const { line, time, sockets, last } = connection();
  line.open();
  const pauses = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const before = sockets.length;
    const begun = time.now();
    last().breaks();
    while (sockets.length === before) time.pass(100);
    pauses.push(Math.round((time.now() - begun) / 100) * 100);
  }
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("a house that says bye is asked again at once", () => {
  const { line, time, sockets, last, welcome } = connection();
  line.open();
  welcome();
  last().tells({ type: "bye", why: "stopping" });
  assert.equal(line.state, "waiting");
  time.pass(600);
  assert.equal(sockets.length, 2);
});

test("a socket that says nothing more is given up", () => {
  const { line, time, sockets, last, welcome } = connection();
  line.open();
  welcome();
  time.pass(25_500);
  assert.ok(last().got("ping").length > 0, "silence is answered with a question");
  time.pass(20_000);
  assert.ok(sockets.length > 1);
});

test("a house that answers keeps its socket", () => {
  const { line, time, sockets, last, welcome } = connection();
  line.open();
  welcome();
  for (let minute = 0; minute < 12; minute += 1) {
    time.pass(5_000);
    last().tells({ type: "pong" });
  }
  assert.equal(sockets.length, 1);
});

test("after a sleep a socket that says OPEN must prove it", () => {
  const { line, time, sockets, last, welcome } = connection();
  line.open();
  welcome();
  time.sleep(3_600_000);
  assert.equal(last().got("ping").length, 1);
  time.pass(4_100);
  assert.equal(line.state, "waiting");
  time.pass(1_000);
  assert.equal(sockets.length, 2);
});

test("after a sleep a socket that is alive is kept", () => {
  const { line, time, sockets, last, welcome } = connection();
  line.open();
  welcome();
  time.sleep(3_600_000);
  time.pass(1_000);
  last().tells({ type: "pong" });
  time.pass(10_000);
  assert.deepEqual([line.state, sockets.length], ["open", 1]);
});

test("a socket is asked once, however many signs there are that it may be dead", () => {
  const { line, time, welcome } = connection();
  line.open();
  welcome();
  line.wake();
  time.pass(2_500);
  line.wake();
  time.pass(1_600);
  assert.equal(line.state, "waiting");
});

test("an answer settles all signs before it, and a sign after it is a question of its own", () => {
  const { line, time, last, welcome } = connection();
  line.open();
  welcome();
  line.wake();
  line.wake();
  time.pass(100);
  last().tells({ type: "pong" });
  time.pass(5_000);
  assert.equal(line.state, "open");
  line.wake();
  time.pass(4_100);
  assert.equal(line.state, "waiting");
});

test("a clock that is set back keeps no dead socket", () => {
  const { line, time, welcome } = connection();
  line.open();
  welcome();
  time.pass(1_000);
  time.setBack(3_600_000);
  time.pass(4_000 + 4_100);
  assert.equal(line.state, "waiting");
});

test("a device that is not in is told so and not tried again", () => {
  const { line, time, sockets, last } = connection();
  let denied = 0;
  line.addEventListener("denied", () => (denied += 1));
  line.open();
  last().opens();
  last().tells({ type: "refused", of: "hello", code: "not_in" });
  time.pass(120_000);
  assert.deepEqual([denied, sockets.length, line.state], [1, 1, "closed"]);
});

test("what an old socket still says is not heard", () => {
  const { line, time, sockets, last, welcome } = connection();
  /** @type {string[]} */
  const heard = [];
  line.addEventListener("frame", (event) => heard.push(/** @type {CustomEvent} */ (event).detail.type));
  line.open();
  welcome();
  const old = last();
  old.breaks();
  time.pass(1_000);
  old.tells({ type: "chat-message" });
  assert.equal(sockets.length, 2);
  assert.deepEqual(heard, ["welcome"]);
});
