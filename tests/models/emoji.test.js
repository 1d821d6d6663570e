// The emoji to choose from: the same in every language, found by what people type, walked through by arrows.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { arrowTarget, emojiIn, findEmoji } from "../../assets/app/models/emoji-list.js";
import { quickEmoji } from "../../assets/app/models/message-actions.js";
import { Preferences } from "../../assets/app/models/preferences.js";
import { Storage } from "./fakes.js";

/** @typedef {import("../../assets/app/models/emoji-list.js").EmojiGroup} EmojiGroup */

const ASSETS = new URL("../../assets/", import.meta.url);
const LANGUAGES = readdirSync(new URL("words/", ASSETS)).map((file) => file.replace(".json", ""));

/** @param {string} language @returns {EmojiGroup[]} */
function groupsOf(language) {
  return JSON.parse(readFileSync(new URL(`emoji/${language}.json`, ASSETS), "utf8"));
}

/** @param {EmojiGroup[]} groups @param {string} typed */
const found = (groups, typed) => findEmoji(groups, typed).flatMap(({ emojis }) => emojis);
/** @param {string} language @param {string} typed */
const search = (language, typed) => found(groupsOf(language), typed).map(({ emoji }) => emoji);

const english = groupsOf("en");
const ALL = english.map(({ emojis }) => Object.keys(emojis));

test("there are enough emoji, and not too many, each once and in the form that everybody shows", () => {
  const all = ALL.flat();
  assert.ok(all.length >= 200 && all.length <= 250, `${all.length}`);
  assert.equal(new Set(all).size, all.length);
  for (const emoji of all) assert.equal(emojiIn(emoji), emoji);
});

test("the page offers a list in every language", () => {
  const html = readFileSync(new URL("index.html", ASSETS), "utf8");
  assert.match(html, /data-emoji="\*" href="assets\/emoji\/\*\.json"/);
});

for (const language of LANGUAGES) {
  const groups = groupsOf(language);
  const names = found(groups, "").map(({ name }) => name);

  test(`${language}: the same emoji in the same groups`, () => {
    assert.deepEqual(
      groups.map(({ emojis }) => Object.keys(emojis)),
      ALL,
    );
  });

  test(`${language}: each emoji has a name of its own, and a few words to find it by`, () => {
    const all = [...names, ...groups.map(({ name }) => name)];
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
    for (const name of all) assert.match(name, /^\p{L}.*\S$/u);
    for (const { emojis } of groups)
      for (const words of Object.values(emojis)) assert.match(words, /^[^,]+(, [^,]+)+$/, words);
  });

  if (language === "en") continue;
  test(`${language}: nothing was left in English by accident`, () => {
    const same = names.filter((name, at) => name === found(english, "")[at]?.name);
    assert.ok(same.length < names.length / 8, same.join());
  });
}

test("what is typed finds names and further words, whatever their accents and case", () => {
  assert.ok(search("en", "Dog").includes("🐶"));
  assert.ok(search("en", "puppy").includes("🐶"));
  assert.deepEqual(search("en", "birthday cake"), ["🎂"]);
  assert.ok(search("fr", "gateau").includes("🎂"));
  assert.ok(search("fr", "oeuf").includes("🥚"));
  assert.ok(search("de", "suss").includes("🍫"));
  assert.ok(search("de", "torte").includes("🎂"));
  assert.ok(search("es", "corazon").includes("❤️"));
  assert.ok(search("hi", "दिल").includes("❤️"));
  assert.deepEqual(search("en", "xyzzy"), []);
  assert.deepEqual(search("en", "  "), ALL.flat());
});

test("an emoji that is typed or pasted is offered, whether or not it is in the list", () => {
  assert.deepEqual(found(english, "🐶"), [{ emoji: "🐶", name: "dog" }]);
  for (const emoji of ["🦩", "👍🏽", "👩‍👩‍👧", "🇩🇪", "3️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈"])
    assert.deepEqual(found(english, ` ${emoji}`), [{ emoji, name: emoji }]);
  assert.deepEqual(found(english, "look 🦩🦩"), [{ emoji: "🦩", name: "🦩" }]);
  assert.deepEqual(found(english, "\u2764"), [{ emoji: "❤️", name: "red heart" }], "in its plain form");
  assert.deepEqual(found([], "🦩"), [{ emoji: "🦩", name: "🦩" }], "without a list");
  for (const text of ["3", "#", "a", ":-)"]) assert.equal(emojiIn(text), undefined, text);
});

/** Rows of cells, 44 wide and high, with a heading before the second. @param {number[]} counts */
function rows(...counts) {
  return counts.flatMap((count, row) =>
    Array.from({ length: count }, (_, at) => ({ left: at * 44, top: row * 44 + (row > 0 ? 30 : 0) })),
  );
}

test("arrows lead to the next cell, and to the one above or below", () => {
  const cells = rows(4, 3, 4);
  const to = (/** @type {number} */ at, /** @type {string} */ key) => arrowTarget(cells, at, key);
  assert.deepEqual([to(0, "ArrowRight"), to(3, "ArrowRight"), to(4, "ArrowLeft")], [1, 4, 3]);
  assert.deepEqual([to(1, "ArrowDown"), to(5, "ArrowDown"), to(8, "ArrowUp")], [5, 8, 5]);
  assert.deepEqual([to(3, "ArrowDown"), to(6, "ArrowDown")], [6, 9], "the nearest where the row is shorter");
  assert.deepEqual(
    [to(0, "ArrowLeft"), to(0, "ArrowUp"), to(10, "ArrowRight"), to(9, "ArrowDown"), to(1, "Enter")],
    Array(5).fill(undefined),
  );
});

test("the last place of the quick row is for one's own reaction, else for what was chosen last", () => {
  const plain = quickEmoji(undefined, undefined);
  assert.equal(plain.length, 6);
  const last = (/** @type {string | undefined} */ own, /** @type {string | undefined} */ chosen) => {
    const quick = quickEmoji(own, chosen);
    assert.deepEqual([quick.slice(0, 5), quick.length], [plain.slice(0, 5), 6]);
    return quick[5];
  };
  assert.equal(last(undefined, "🎉"), "🎉");
  assert.equal(last(plain[0], "🎉"), "🎉");
  assert.equal(last("🦩", "🎉"), "🦩");
  assert.equal(last(plain[5], "🎉"), plain[5]);
  assert.equal(last(undefined, plain[0]), plain[5]);
  assert.equal(last(plain[1], undefined), plain[5]);
});

test("what was chosen last is kept for this browser", () => {
  const storage = new Storage();
  new Preferences(storage, "/").emoji = "🎉";
  assert.equal(new Preferences(storage, "/").emoji, "🎉");
});
