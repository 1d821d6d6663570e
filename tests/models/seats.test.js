// What a browser keeps, and what it forgets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seats, forgiving } from "../../assets/app/models/seats.js";
import { Storage } from "./fakes.js";

const [ONE, OTHER] = ["0123456789ABCDEFGHJKMNPQRS", "ZYXWVTSRQPNMKJHGFEDCBA9876"];

test("each link leads to its own seat", () => {
  const seats = new Seats(new Storage(), "/");
  seats.remember(ONE, "a-1");
  seats.remember(OTHER, "a-2");
  assert.deepEqual([seats.behind(ONE), seats.behind(OTHER)], ["a-1", "a-2"]);
});

test("no link is kept, only a number by which it is recognised", () => {
  const storage = new Storage();
  new Seats(storage, "/").remember(ONE, "a-1");
  assert.ok(![...storage.kept.values()].some((value) => value.includes(ONE)));
});

test("a seat that is gone leaves nothing behind, and the other one stays", () => {
  const storage = new Storage();
  const seats = new Seats(storage, "/");
  seats.remember(ONE, "a-1");
  seats.remember(OTHER, "a-2");
  seats.forget("a-1");
  assert.equal(seats.behind(ONE), undefined);
  assert.equal(seats.behind(OTHER), "a-2");
  assert.ok(![...storage.kept].flat().some((text) => text.includes("a-1")));
});

test("what stays here is who this device is, which house it knows, and which link leads where", () => {
  const storage = new Storage();
  const seats = new Seats(storage, "/");
  seats.device = "D";
  seats.incarnation = "a";
  seats.remember(ONE, "a-1");
  assert.deepEqual([...storage.kept.keys()].sort(), [
    "parlour:/:device",
    "parlour:/:incarnation",
    "parlour:/:links",
  ]);
  assert.deepEqual(seats.all(), ["a-1"]);
});

test("two houses of one origin do not mix", () => {
  const storage = new Storage();
  new Seats(storage, "/one/").device = "D";
  assert.equal(new Seats(storage, "/other/").device, undefined);
});

test("a browser that forbids storage works until the page is closed", () => {
  const forbidden = () => {
    throw new Error("forbidden");
  };
  const storage = forgiving({ getItem: forbidden, setItem: forbidden, removeItem: forbidden });
  storage.setItem("a", "b");
  assert.equal(storage.getItem("a"), "b");
  storage.removeItem("a");
  assert.equal(storage.getItem("a"), null);
});
