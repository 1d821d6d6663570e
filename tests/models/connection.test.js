// The socket comes back by itself, and one that is dead is noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../assets/app/models/connection.js";
import { SocketTransport } from "../../assets/app/wire.js";
import { FakeSocket, Time, recorder } from "./fakes.js";

/** What does the same over HTTP, played by a socket. */
class FakeHttp extends FakeSocket {}

/** @param {FakeSocket} socket */
function transport(socket) {
  return Object.assign(new SocketTransport(socket), { isSlow: socket instanceof FakeHttp });
}

function connection() {
  const time = new Time();
  /** Sockets and couriers, in the order in which they were tried. @type {FakeSocket[]} */
  const sockets = [];
  const http = { isWanted: false, isLoaded: true };
  const { told, to } = recorder();
  const sessions = Object.assign(Object.create(to), { of: () => [to] });
  const line = new Connection({
    sessions,
    chatList: /** @type {any} */ (to),
    greeting: () => ({ device: "D", incarnation: undefined, withholds: [] }),
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return transport(socket);
    },
    loadHttp: () => (http.isWanted = true),
    openHttp: () => {
      if (!http.isLoaded) return undefined;
      const questions = new FakeHttp();
      sockets.push(questions);
      return transport(questions);
    },
    after: time.after,
    now: time.now,
    random: () => 1,
  });
  const open = () => line.open();
  const ping = () => line.ask((way) => way.ping());
  const last = () => /** @type {FakeSocket} */ (sockets.at(-1));
  const welcome = () => {
    last().opens();
    last().tells({ type: "welcome", incarnation: "a", seats: [] });
  };
  return { line, open, ping, time, sockets, last, welcome, told, http };
}

test("HTTP is loaded when a socket does not come through, and meanwhile sockets are tried", () => {
  const { open, time, last, http } = connection();
  http.isLoaded = false;
  open();
  assert.equal(http.isWanted, false, "most lines need none of it");
  const isHttp = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    last().breaks();
    assert.equal(http.isWanted, true);
    http.isLoaded = attempt > 0;
    time.pass(9_000);
    isHttp.push(last() instanceof FakeHttp);
  }
  assert.deepEqual(isHttp, [false, true, false, true]);
});

test("it greets first and is open after the welcome", () => {
  const { line, open, ping, last, welcome } = connection();
  open();
  assert.equal(line.state, "connecting");
  assert.equal(ping(), false);
  welcome();
  assert.deepEqual(last().sent[0], { type: "hello", device: "D", watch: true });
  assert.equal(line.state, "open");
  assert.equal(ping(), true);
});

test("a lost line is tried again, each time after a longer pause, up to half a minute", () => {
  const { open, time, sockets, last } = connection();
  open();
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
  const { line, open, time, sockets, last, welcome } = connection();
  open();
  welcome();
  last().tells({ type: "bye", why: "stopping" });
  assert.equal(line.state, "waiting");
  time.pass(600);
  assert.equal(sockets.length, 2);
});

test("a socket that says nothing more is given up", () => {
  const { open, time, sockets, last, welcome } = connection();
  open();
  welcome();
  time.pass(25_500);
  assert.ok(last().got("ping").length > 0, "silence is answered with a question");
  time.pass(20_000);
  assert.ok(sockets.length > 1);
});

test("a house that answers keeps its socket", () => {
  const { open, time, sockets, last, welcome } = connection();
  open();
  welcome();
  for (let minute = 0; minute < 12; minute += 1) {
    time.pass(5_000);
    last().tells({ type: "pong" });
  }
  assert.equal(sockets.length, 1);
});

test("after a sleep a socket that says OPEN must prove it", () => {
  const { line, open, time, sockets, last, welcome } = connection();
  open();
  welcome();
  time.sleep(3_600_000);
  assert.equal(last().got("ping").length, 1);
  time.pass(4_100);
  assert.equal(line.state, "waiting");
  time.pass(1_000);
  assert.equal(sockets.length, 2);
});

test("after a sleep a socket that is alive is kept", () => {
  const { line, open, time, sockets, last, welcome } = connection();
  open();
  welcome();
  time.sleep(3_600_000);
  time.pass(1_000);
  last().tells({ type: "pong" });
  time.pass(10_000);
  assert.deepEqual([line.state, sockets.length], ["open", 1]);
});

test("a socket is asked once, however many signs there are that it may be dead", () => {
  const { line, open, time, welcome } = connection();
  open();
  welcome();
  line.wake();
  time.pass(2_500);
  line.wake();
  time.pass(1_600);
  assert.equal(line.state, "waiting");
});

test("an answer settles all signs before it, and a sign after it is a question of its own", () => {
  const { line, open, time, last, welcome } = connection();
  open();
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
  const { line, open, time, welcome } = connection();
  open();
  welcome();
  time.pass(1_000);
  time.setBack(3_600_000);
  time.pass(4_000 + 4_100);
  assert.equal(line.state, "waiting");
});

test("a device that is not in is told so and not tried again", () => {
  const { line, open, time, sockets, last } = connection();
  let denied = 0;
  line.addEventListener("denied", () => (denied += 1));
  open();
  last().opens();
  last().tells({ type: "refused", of: "hello", code: "not_in" });
  time.pass(120_000);
  assert.deepEqual([denied, sockets.length, line.state], [1, 1, "closed"]);
});

test("what an old socket still says is not heard", () => {
  const { open, told, time, sockets, last, welcome } = connection();
  open();
  welcome();
  const old = last();
  old.breaks();
  time.pass(1_000);
  old.tells({ type: "chat-message" });
  assert.equal(sockets.length, 2);
  const calls = told.map(([call]) => call);
  assert.deepEqual(calls, ["welcomed", "welcomed"], "the sessions and the list");
});

/** The first socket did not come through; the next try goes over HTTP, and the house answers. */
function overHttp() {
  const found = connection();
  found.open();
  found.last().breaks();
  found.time.pass(500);
  found.welcome();
  return found;
}

/** @param {FakeSocket[]} sockets */
const ways = (sockets) => sockets.map((one) => (one instanceof FakeHttp ? "http" : "socket"));

test("where no socket opens it goes on over HTTP", () => {
  const { line, sockets } = overHttp();
  assert.deepEqual(ways(sockets), ["socket", "http"]);
  assert.deepEqual([line.state, line.isSlow], ["open", true]);
});

test("a socket that opens and is never welcomed does not come through either", () => {
  const { open, time, sockets, last } = connection();
  open();
  last().opens();
  time.pass(10_000 + 500);
  assert.deepEqual(ways(sockets), ["socket", "http"]);
});

test("while the house is away both ways are tried in turn", () => {
  const { open, time, sockets, last } = connection();
  open();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    last().breaks();
    time.pass(4_000);
  }
  assert.deepEqual(ways(sockets), ["socket", "http", "socket", "http"]);
});

test("a line that worked and is lost is looked for where it was", () => {
  const { open, time, sockets, last, welcome } = connection();
  open();
  welcome();
  last().breaks();
  time.pass(500);
  assert.deepEqual(ways(sockets), ["socket", "socket"]);
});

test("it goes back to a socket as soon as one opens, and the courier is let go", () => {
  const { line, time, sockets, last, welcome } = overHttp();
  const [, http] = sockets;
  /** @type {string[]} */
  const states = [];
  line.addEventListener("state", () => states.push(line.state));
  time.pass(2_000);
  assert.deepEqual(ways(sockets), ["socket", "http", "socket"]);
  assert.deepEqual([line.isSlow, http?.readyState], [true, 1], "until the socket is open");
  welcome();
  assert.deepEqual([line.isSlow, http?.readyState, states], [false, 3, ["connecting", "open"]]);
  assert.equal(last().got("hello").length, 1);
  time.pass(30_000);
  assert.equal(sockets.length, 3, "no other is tried");
});

test("sockets that do not open are tried at growing pauses, up to a minute", () => {
  const { time, sockets, last } = overHttp();
  const pauses = [];
  for (let attempt = 0; attempt < 7; attempt += 1) {
    const [before, begun] = [sockets.length, time.now()];
    while (sockets.length === before) {
      time.pass(500);
      sockets[1]?.tells({ type: "pong" });
    }
    pauses.push(time.now() - begun);
    last().breaks();
  }
  assert.deepEqual(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

test("a closed line tries no sockets any more", () => {
  const { line, time, sockets } = overHttp();
  line.close();
  time.pass(120_000);
  assert.equal(sockets.length, 2);
});

test("what stands before the house is known until the house answers", () => {
  const { line, open, time, last, welcome } = connection();
  open();
  last().breaks();
  time.pass(500);
  last().opens();
  last().tells({ type: "refused", of: "hello", code: "between" });
  assert.deepEqual([line.state, line.trouble], ["waiting", "between"]);
  time.pass(4_000);
  welcome();
  assert.equal(line.trouble, "");
});

test("what comes through over HTTP and takes nothing is still in trouble, until something is taken", () => {
  const { line, time, last, welcome } = overHttp();
  last().tells({ type: "refused", of: "hello", code: "between" });
  time.pass(1_000);
  welcome();
  assert.deepEqual([line.isSlow, line.trouble], [true, "between"]);
  line.cleared();
  assert.equal(line.trouble, "");
});
