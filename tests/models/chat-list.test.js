// "Your chats" follow what the house tells; its names are asked for when they are needed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatFlags } from "../../assets/app/models/chat-flags.js";
import { ChatList } from "../../assets/app/models/chat-list.js";
import { Storage, settled } from "./fakes.js";

const AT = "2026-11-21T18:40:00.000Z";

/** @param {string} seat @param {object} [also] @returns {SeatRow} */
function row(seat, also = {}) {
  return {
    seat,
    name: "Anny",
    others: ["Abhi"],
    head: 1,
    unread: 0,
    entered: AT,
    idle: "1d",
    due: "",
    ...also,
  };
}

/** @param {string} seat @param {number} head @param {number} unread */
const news = (seat, head, unread) => ({ seat, head, unread, last_at: `2026-11-21T18:${40 + head}:00.000Z` });

/** @param {SeatRow[]} seats what the house has */
function chatList(seats, kept = /** @type {string[]} */ ([])) {
  let asked = 0;
  let answer = async () => ({ seats });
  const flags = new ChatFlags(new Storage(), "/");
  const list = new ChatList({ ask: () => ((asked += 1), answer()), kept: () => kept, flags });
  /** @type {unknown[]} */
  const heard = [];
  /** @type {string[]} */
  const gone = [];
  list.addEventListener("heard", (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
  list.addEventListener("gone", (event) => gone.push(/** @type {CustomEvent} */ (event).detail));
  const order = () => list.rows.map(({ seat }) => seat);
  /** The house's next answer comes when it is let go. */
  const holdsAnswer = () => {
    let release = () => {};
    const held = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    const before = answer;
    answer = async () => {
      const told = { seats: [...(await before()).seats] };
      await held;
      return told;
    };
    return release;
  };
  return { list, flags, heard, gone, order, holdsAnswer, asked: () => asked };
}

test("the chat with the latest message comes first, also when the house tells of a new one", async () => {
  const { list, order, asked } = chatList([row("b", { last_at: news("b", 1, 0).last_at }), row("a")]);
  await list.show();
  assert.deepEqual(order(), ["b", "a"]);
  list.setNews(news("a", 5, 2));
  assert.deepEqual([order(), list.rows[0]?.unread, list.unreadBeside(""), asked()], [["a", "b"], 2, 2, 1]);
});

test("a chat that was just entered comes before those in which nothing was said since", async () => {
  const { list, order } = chatList([
    row("a", { last_at: "2026-11-21T18:50:00.000Z" }),
    row("b"),
    row("c", { entered: "2026-11-21T18:55:00.000Z" }),
  ]);
  await list.show();
  assert.deepEqual(order(), ["c", "a", "b"]);
});

test("a chat of which nothing is unread any more is told once", () => {
  const { list } = chatList([]);
  /** @type {string[]} */
  const read = [];
  list.addEventListener("read", (event) => read.push(/** @type {CustomEvent} */ (event).detail));
  for (const unread of [2, 1, 0, 0]) list.setNews(news("a", 5, unread));
  assert.deepEqual(read, ["a"]);
});

test("what is unread in the other chats is known without their names", async () => {
  const { list, asked } = chatList([]);
  list.setNews(news("a", 5, 2));
  list.setNews(news("b", 5, 3));
  assert.deepEqual([list.unreadBeside("a"), list.unreadBeside("b"), list.rows, asked()], [3, 2, [], 0]);
});

test("a seat that the list does not know is asked for while somebody looks", async () => {
  const seats = [row("a")];
  const { list, order, asked } = chatList(seats);
  await list.show();
  seats.push(row("b"));
  for (let time = 0; time < 3; time += 1) list.setNews(news("b", 2 + time, 1));
  await settled();
  assert.deepEqual([order(), asked()], [["b", "a"], 2]);
});

test("what the house tells while it is asked is newer than its answer", async () => {
  const seats = [row("a"), row("gone")];
  const { list, order, holdsAnswer } = chatList(seats);
  const release = holdsAnswer();
  const showing = list.show();
  await settled();
  list.setNews(news("a", 7, 4));
  list.drop("gone");
  release();
  await showing;
  assert.deepEqual([order(), list.rows[0]?.unread], [["a"], 4]);
});

test("a seat that is news while the house is asked is asked for after that", async () => {
  const seats = [row("a")];
  const { list, order, holdsAnswer, asked } = chatList(seats);
  const release = holdsAnswer();
  const showing = list.show();
  await settled();
  seats.push(row("b", { last_at: news("b", 1, 1).last_at }));
  list.setNews(news("b", 1, 1));
  release();
  await showing;
  assert.deepEqual([order(), asked()], [["b", "a"], 2]);
});

test("a message of others is heard, and what this person said or read is not", () => {
  const { list, heard } = chatList([]);
  list.setNews(news("a", 3, 1));
  list.setNews(news("a", 4, 2));
  list.setNews(news("a", 5, 2));
  list.setNews(news("a", 5, 0));
  list.setNews(news("a", 6, 1));
  assert.deepEqual(heard, [
    { seat: "a", head: 4 },
    { seat: "a", head: 6 },
  ]);
});

test("a seat that is gone leaves the list, and so does what this browser kept of others", async () => {
  const { list, gone, order } = chatList([row("a"), row("b")], ["a", "b", "old"]);
  await list.show();
  assert.deepEqual([gone, order()], [["old"], ["a", "b"]]);
  list.drop("a");
  assert.deepEqual([gone.at(-1), order(), list.unreadBeside("")], ["a", ["b"], 0]);
});

test("what was lost while there was no line is found out when the house welcomes", async () => {
  const seats = [row("a", { unread: 3 }), row("b")];
  const { list, gone, order } = chatList(seats);
  await list.show();
  seats.shift();
  list.welcomed([{ seat: "b" }]);
  await settled();
  assert.deepEqual([order(), list.unreadBeside(""), gone], [["b"], 0, ["a"]]);
});

test("a house that does not answer leaves the list as it is", async () => {
  const flags = new ChatFlags(new Storage(), "/");
  const ask = () => Promise.reject(new Error("unreachable"));
  const list = new ChatList({ ask, kept: () => ["a"], flags });
  let gone = 0;
  list.addEventListener("gone", () => (gone += 1));
  list.setNews(news("a", 1, 1));
  await list.show();
  assert.deepEqual([list.unreadBeside(""), gone], [1, 0]);
  await assert.rejects(list.refresh(), /unreachable/);
});

test("what is pinned comes first, and among those the latest message", async () => {
  const { list, flags, order } = chatList([row("a"), row("b"), row("c")]);
  await list.show();
  list.setNews(news("a", 9, 0));
  for (const seat of ["b", "c"]) flags.set(seat, "pinned", true);
  list.setNews(news("c", 5, 0));
  assert.deepEqual(order(), ["c", "b", "a"]);
  flags.set("c", "pinned", false);
  assert.deepEqual(order(), ["b", "a", "c"]);
});

test("what is muted is counted in its own row, and not with the others", async () => {
  const { list, flags } = chatList([row("a"), row("b")]);
  await list.show();
  let changes = 0;
  list.addEventListener("change", () => (changes += 1));
  list.setNews(news("a", 5, 3));
  list.setNews(news("b", 5, 2));
  flags.set("a", "muted", true);
  assert.deepEqual([list.unreadBeside(""), changes], [2, 3]);
  assert.deepEqual(
    list.rows.map(({ unread, isMuted }) => [unread, isMuted]),
    [
      [3, true],
      [2, false],
    ],
  );
});

test("a note in a group, which is not unread, may be its new title: the house is asked", async () => {
  const { list, asked } = chatList([row("a", { title: "Kitchen" }), row("b")]);
  await list.show();
  list.setNews(news("b", 2, 0));
  list.setNews(news("a", 2, 1));
  list.open = "a";
  list.setNews(news("a", 3, 1));
  assert.equal(asked(), 1);
  list.open = "";
  list.setNews(news("a", 4, 1));
  assert.equal(asked(), 2);
});
