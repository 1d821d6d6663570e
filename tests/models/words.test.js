// Every language says everything that the page says, and nothing else.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ASSETS = new URL("../../assets/", import.meta.url);
const LANGUAGES = readdirSync(new URL("words/", ASSETS)).map((file) => file.replace(".json", ""));
/** Names, marks and words that are the same in several languages. */
const SAME = new Set(["title", "moment", "chat.they_said", "chat.messages", "composer.message"]);

/** @typedef {string | Record<string, string>} Entry */

/** @param {string} language @returns {Record<string, Entry>} */
function catalogue(language) {
  return JSON.parse(readFileSync(new URL(`words/${language}.json`, ASSETS), "utf8"));
}

/** @param {Entry} entry */
const forms = (entry) => (typeof entry === "string" ? { other: entry } : entry);

/** @param {string} sentence */
const gaps = (sentence) =>
  [...sentence.matchAll(/\{\w+\}/g)]
    .map(([gap]) => gap)
    .sort()
    .join();

/** All code and pages, without comments, in one text. */
function sources() {
  const files = readdirSync(ASSETS, { recursive: true, encoding: "utf8" });
  const read = files.filter((file) => /\.(js|html)$/.test(file));
  const text = read.map((file) => readFileSync(new URL(file, ASSETS), "utf8")).join("\n");
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const english = catalogue("en");

for (const language of LANGUAGES) {
  const words = catalogue(language);

  test(`${language}: no word is missing and none is too many`, () => {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
  });

  test(`${language}: every sentence has the gaps that it needs`, () => {
    for (const [key, entry] of Object.entries(words)) {
      const expected = gaps(forms(/** @type {Entry} */ (english[key])).other ?? "");
      assert.equal(gaps(forms(entry).other ?? ""), expected, key);
    }
  });

  test(`${language}: where things are counted, every plural form is there`, () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(words)) {
      if (typeof entry === "string") continue;
      assert.deepEqual(Object.keys(entry).sort(), [...categories].sort(), key);
    }
  });

  test(`${language}: every page offers it`, () => {
    for (const page of ["index", "join", "chat"]) {
      const html = readFileSync(new URL(`${page}.html`, ASSETS), "utf8");
      const offer = new RegExp(`data-words="${language}"\\s+href="assets/words/${language}.json"`);
      assert.match(html, offer, page);
    }
  });

  if (language === "en") continue;
  test(`${language}: nothing was left in English by accident`, () => {
    const left = Object.keys(english).filter((key) => !SAME.has(key) && same(words[key], english[key]));
    assert.deepEqual(left, []);
  });
}

/** @param {Entry | undefined} one @param {Entry | undefined} other */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

test("every word is said somewhere", () => {
  const text = sources();
  const built = [...text.matchAll(/`([a-z_]+\.(?:[a-z_]+\.)*)\$\{/g)].map(([, begin]) => begin ?? "");
  const unsaid = Object.keys(english).filter((key) => {
    return !text.includes(`"${key}"`) && !built.some((begin) => key.startsWith(begin));
  });
  assert.deepEqual(unsaid, []);
});

test("every word that is said is there", () => {
  const said = [...sources().matchAll(/\b(?:word|phrase)\(\s*"([^"]+)"/g)].map(([, key]) => key ?? "");
  assert.ok(said.length > 30);
  assert.deepEqual(
    said.filter((key) => !(key in english)),
    [],
  );
});
