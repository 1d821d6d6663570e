// When a new message makes itself noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Alerts } from "../../assets/app/models/alerts.js";
import { Taste } from "../../assets/app/models/taste.js";
import { Storage } from "./fakes.js";

const SAID = { name: "Abhi", text: "hello" };

/** @typedef {import("../../assets/app/models/taste.js").Alert} Alert */

/**
 * @param {"heard" | "rehearse"} what
 * @param {Alert[]} wanted
 * @param {boolean} isWatched
 * @param {unknown[]} expected
 */
function check(what, wanted, isWatched, expected) {
  const taste = new Taste(new Storage(), "/");
  for (const alert of wanted) taste.want(alert, true);
  /** @type {unknown[]} */
  const noticed = [];
  const alerts = new Alerts({
    taste,
    isWatched: () => isWatched,
    ring: () => noticed.push("ring"),
    notify: (message) => noticed.push(message ?? "something"),
  });
  alerts[what](SAID.name, SAID.text);
  assert.deepEqual(noticed, expected, `${what}, wanted: ${wanted}`);
}

test("nothing makes itself noticed until somebody asks for it", () => {
  check("heard", [], false, []);
  check("heard", ["content"], false, []);
  check("rehearse", [], true, []);
});

test("while somebody looks it is silent", () => {
  check("heard", ["sound", "screen", "content"], true, []);
});

test("while nobody looks it does what was asked for, and no more", () => {
  check("heard", ["sound"], false, ["ring"]);
  check("heard", ["sound", "content"], false, ["ring"]);
  check("heard", ["screen"], false, ["something"]);
  check("heard", ["sound", "screen"], false, ["ring", "something"]);
});

test("who said what is on the screen only if that was asked for", () => {
  check("heard", ["screen", "content"], false, [SAID]);
});

test("a rehearsal is noticed by the person who looks", () => {
  check("rehearse", ["sound", "screen"], true, ["ring", "something"]);
  check("rehearse", ["screen", "content"], true, [SAID]);
});
