// When a new message makes itself noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Alerts } from "../../assets/app/models/alerts.js";
import { Preferences } from "../../assets/app/models/preferences.js";
import { Tabs } from "../../assets/app/models/tabs.js";
import { Air, Storage, Time, settled } from "./fakes.js";

const SAID = { name: "Abhi", text: "hello" };

/** @typedef {import("../../assets/app/models/preferences.js").Alert} Alert */

/**
 * @param {"heard" | "rehearse"} what
 * @param {Alert[]} wanted
 * @param {boolean} isWatched
 * @param {unknown[]} expected
 */
function check(what, wanted, isWatched, expected, isMuted = false) {
  const preferences = new Preferences(new Storage(), "/");
  for (const alert of wanted) preferences.want(alert, true);
  /** @type {unknown[]} */
  const noticed = [];
  const alerts = new Alerts({
    preferences,
    isMuted: () => isMuted,
    isWatched: () => isWatched,
    playSound: () => noticed.push("ring"),
    notify: (_, message) => noticed.push(message ?? "something"),
    tabs: new Tabs(undefined),
    after: new Time().after,
    random: () => 0,
  });
  if (what === "heard") alerts.heard(1, SAID);
  else alerts.rehearse(SAID);
  assert.deepEqual(noticed, expected, `${what}, wanted: ${wanted}`);
}

test("nothing makes itself noticed until somebody asks for it", () => {
  check("heard", [], false, []);
  check("heard", ["content"], false, []);
  check("rehearse", [], true, []);
});

test("a chat that is muted is silent, and can still be tried", () => {
  check("heard", ["sound", "screen", "content"], false, [], true);
  check("rehearse", ["sound"], false, ["ring"], true);
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

test("a notification says who said what only if that was asked for", () => {
  check("heard", ["screen", "content"], false, [SAID]);
});

test("a rehearsal is noticed by the person who looks", () => {
  check("rehearse", ["sound", "screen"], true, ["ring", "something"]);
  check("rehearse", ["screen", "content"], true, [SAID]);
});

/** Tabs of one browser that show the same chat; each notes when it rings, by its number. */
function browser() {
  const [time, air, preferences] = [new Time(), new Air(), new Preferences(new Storage(), "/")];
  preferences.want("sound", true);
  /** @type {number[]} */
  const rung = [];
  /** @param {number} number @param {{rank?: number, isWatched?: boolean, isSlow?: boolean}} [how] */
  const tab = (number, { rank = number / 10, isWatched = false, isSlow = false } = {}) => {
    const channel = air.channel();
    const tell = channel.postMessage.bind(channel);
    // The answers of a tab that is slow come too late to be of use.
    if (isSlow) channel.postMessage = (tale) => tale.kind !== "alert-done" && tell(tale);
    return new Alerts({
      preferences,
      isMuted: () => false,
      isWatched: () => isWatched,
      playSound: () => rung.push(number),
      notify: () => {},
      tabs: new Tabs(channel),
      after: time.after,
      random: () => rank,
    });
  };
  const pass = async () => {
    await settled();
    time.pass(400);
    await settled();
  };
  return { tab, rung, pass };
}

test("however many tabs hear a message, one of them rings", async () => {
  const { tab, rung, pass } = browser();
  const tabs = [tab(1), tab(2), tab(3)];
  for (const one of tabs) one.heard(7, SAID);
  await pass();
  assert.deepEqual(rung, [1]);
  for (const one of [...tabs].reverse()) one.heard(8, SAID);
  await pass();
  assert.deepEqual(rung, [1, 1]);
});

test("a message that is deleted before a tab rings for it is not rung for", async () => {
  const { tab, rung, pass } = browser();
  const [one] = [tab(1), tab(2)];
  one.heard(7, SAID);
  one.forget(7);
  await pass();
  assert.deepEqual(rung, []);
});

test("a tab that hears a message later than the others does not ring for it again", async () => {
  const { tab, rung, pass } = browser();
  const [one, other] = [tab(2), tab(1)];
  one.heard(7, SAID);
  await pass();
  other.heard(7, SAID);
  await pass();
  assert.deepEqual(rung, [2]);
});

test("a tab that hears of another that is first does not wait for its answer", async () => {
  const { tab, rung, pass } = browser();
  const tabs = [tab(1, { isSlow: true }), tab(2, { isSlow: true })];
  for (const one of tabs) one.heard(7, SAID);
  await pass();
  assert.deepEqual(rung, [1]);
  tabs[0]?.heard(8, SAID);
  await pass();
  tabs[1]?.heard(8, SAID);
  await pass();
  assert.deepEqual(rung, [1, 1]);
});

test("a tab that does not know what was said leaves it to one that does", async () => {
  const { tab, rung, pass } = browser();
  const [elsewhere, there] = [tab(1), tab(2)];
  elsewhere.heard(7);
  elsewhere.heard(7);
  there.heard(7, SAID);
  await pass();
  assert.deepEqual(rung, [2]);
  elsewhere.heard(8);
  await pass();
  assert.deepEqual(rung, [2, 1], "there is no other");
});

test("a chat that is gone rings no more", async () => {
  const { tab, rung, pass } = browser();
  const alerts = tab(1);
  alerts.heard(7, SAID);
  alerts.close();
  await pass();
  assert.deepEqual(rung, []);
});

test("none rings where one of the tabs is looked at", async () => {
  const { tab, rung, pass } = browser();
  const tabs = [tab(1), tab(2, { isWatched: true }), tab(3)];
  for (const one of tabs) one.heard(7, SAID);
  await pass();
  assert.deepEqual(rung, []);
});

test("a tab alone rings", async () => {
  const { tab, rung, pass } = browser();
  tab(1).heard(7, SAID);
  await pass();
  assert.deepEqual(rung, [1]);
});
