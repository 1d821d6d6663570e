// What a message's text holds: links, and whether it is nothing but a few emoji.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drawnText, isBlank, isEmoji, partsOf, saidOf } from "../../assets/app/models/text.js";

/** Of the processor's time: other work on the machine does not count. */
const QUICK_MS = 500;

/**
 * The links in a text, as they are seen. Nothing of the text is lost.
 * @param {string} text
 * @param {string[]} links
 */
function check(text, links) {
  const parts = partsOf(text);
  assert.equal(parts.map((part) => part.text).join(""), text);
  const found = parts.filter((part) => part.href !== undefined).map((part) => part.text);
  assert.deepEqual(found, links, text);
}

/** Where the links of a text lead. @param {string} text @param {string[]} expected */
function leads(text, expected) {
  const found = partsOf(text).flatMap(({ href }) => href ?? []);
  assert.deepEqual(found, expected, text);
}

/** Texts and the links in each, from a table. @param {string} name @returns {[string, string[]][]} */
function table(name) {
  return JSON.parse(readFileSync(new URL(`../tables/${name}.json`, import.meta.url), "utf8"));
}

test("addresses in messages are links, and no link takes what follows", () => {
  const rows = table("addresses");
  assert.ok(rows.length >= 100);
  for (const [text, links] of rows) check(text, links);
});

test("whatever a text is, its parts are the text", () => {
  const web = ["https://", "http://", "www.", "mailto:", "@", "?", "#"];
  const pieces = [...web, ...".aé/_()]}', 😀-\u202e"];
  let seed = 7;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647);
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: 1 + (next() % 12) }, () => pieces[next() % pieces.length]).join("");
    const parts = partsOf(text);
    assert.equal(parts.map((part) => part.text).join(""), text);
    for (const { text: shown, href } of parts) {
      assert.notEqual(shown, "", text);
      if (href === undefined) continue;
      assert.match(href, /^(?:https?:\/\/[^/]|mailto:)/, text);
      assert.doesNotMatch(shown, /[\s<>"\u202e]/, text);
      assert.doesNotMatch(shown.slice(1), /[,)\]}]https?:\/\//, text);
    }
  }
});

test("a link leads where it says", () => {
  leads("https://example.org/a'b", ["https://example.org/a'b"]);
  leads("www.example.org", ["https://www.example.org/"]);
  leads("http://192.168.1.20:8080/j", ["http://192.168.1.20:8080/j"]);
  leads("anny@example.org", ["mailto:anny@example.org"]);
  leads("mailto:anny@example.org", ["mailto:anny@example.org"]);
  leads("„https://example.org“", ["https://example.org/"]);
});

test("a name that could be taken for another is told as browsers tell it", () => {
  const told = (/** @type {string} */ text) => partsOf(text).flatMap(({ host }) => host ?? []);
  for (const [text, host] of [
    ["https://аpple.com/login", "xn--pple-43d.com"],
    ["https://аррӏе.com", "xn--80ak6aa92e.com"],
    ["http://exаmple.org", "xn--exmple-4nf.org"],
    ["www.gοοgle.com", "www.xn--ggle-0nda.com"],
    ["anny@exаmple.org", "xn--exmple-4nf.org"],
    ["https://good.org.раураl.com", "good.org.xn--l-7sba6dbr.com"],
  ]) {
    assert.deepEqual(told(text ?? ""), [host], text);
  }
  for (const text of [
    "https://example.org",
    "https://münchen.de",
    "https://пример.рф",
    "https://пример.com",
    "https://сахар.рф",
    "https://ελλάδα.gr",
    "https://例え.jp",
    "https://abc日本.jp",
    "https://उदाहरण.भारत",
    "https://مثال.مصر",
    "https://xn--pple-43d.com",
    "https://example.org/аpple",
    "anny@münchen.de",
  ]) {
    assert.deepEqual(told(text), [], text);
  }
});

test("a message is said as it was meant: blank is nothing, and the first line keeps its indent", () => {
  for (const [typed, said] of [
    ["hello", "hello"],
    [" hello \n", "hello"],
    ["  if (a)\n    b\n", "  if (a)\n    b"],
    ["\n\n  a\n  b\n\n", "  a\n  b"],
    [" \t\n\ta\nb", "\ta\nb"],
    ["a\ud83d", "a\ufffd"],
    ["\ude00 a", "\ufffd a"],
    ["\ud83d\ude00", "\ud83d\ude00"],
    ["\u200d", ""],
    ["\n".repeat(4_000), ""],
  ]) {
    assert.equal(saidOf(typed ?? ""), said, JSON.stringify(typed));
  }
  /** @type {unknown} */
  const rows = table("messages");
  for (const [why, text, expected] of /** @type {string[][]} */ (rows)) {
    assert.equal(isBlank(text ?? ""), expected === "empty_message", why);
  }
});

test("a wall of blank lines is drawn as three", () => {
  for (const [text, drawn] of [
    ["a\nb", "a\nb"],
    ["a\n\n\n\nb", "a\n\n\n\nb"],
    [`a${"\n".repeat(3_000)}b`, "a\n\n\n\nb"],
    [`a${"\n\u200b \u3164".repeat(1_000)}\nb`, "a\n\u200b \u3164\n\u200b \u3164\n\u200b \u3164\nb"],
    [`a${"\u2028".repeat(3_000)}b`, "a\u2028\u2028\u2028\u2028b"],
    [`a${"\r\n".repeat(3_000)}b`, "a\r\n\r\n\r\n\r\nb"],
    ["  a\n\n b \n", "  a\n\n b \n"],
  ]) {
    assert.equal(drawnText(text ?? ""), drawn);
  }
});

test("four thousand characters without a space stay quick", (t) => {
  for (const text of [
    "a".repeat(4_000),
    "😀".repeat(2_000),
    `https://${"a".repeat(3_992)}`,
    `https://${".".repeat(3_991)}x`,
    `https://${"(".repeat(3_992)}`,
    `https://example.org/${").".repeat(1_990)}x`,
    "https://a'".repeat(400),
    "https://a,".repeat(400),
    `https://a/${"(".repeat(1_990)}${")".repeat(1_990)}`,
    "a.".repeat(2_000),
    "a@a.".repeat(1_000),
    `${"a".repeat(2_000)}@${"a.".repeat(999)}a`,
    "www.".repeat(1_000),
    "\n".repeat(4_000),
  ]) {
    const begun = process.cpuUsage();
    assert.equal(
      partsOf(text)
        .map((part) => part.text)
        .join(""),
      text,
    );
    isEmoji(text);
    drawnText(saidOf(text));
    const took = process.cpuUsage(begun).user / 1_000;
    t.diagnostic(`${text.slice(0, 24)}: ${took.toFixed(1)} ms`);
    assert.ok(took < QUICK_MS, `${took} ms`);
  }
});

test("one to three emoji and nothing else are drawn large", () => {
  for (const text of [
    "👍",
    "👍👍👍",
    "👍 👍\n👍",
    "❤️",
    "🫠",
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
    "👩🏽‍❤️‍💋‍👨🏿",
    "🇩🇪",
    "🇩🇪🇮🇳🇫🇷",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  ]) {
    assert.ok(isEmoji(text), text);
  }
});

test("everything else is text", () => {
  for (const text of [
    "",
    " ",
    "1",
    "12",
    "#",
    "*",
    "a",
    "ok",
    "👍👍👍👍",
    "👍 ok",
    "👍1",
    "1 👍",
    ":-)",
    "अ",
    "\u200d",
    "\ufe0f",
  ]) {
    assert.ok(!isEmoji(text), text);
  }
});

test("keycaps are emoji", () => {
  for (const text of ["1️⃣", "#️⃣", "1️⃣2️⃣3️⃣"]) assert.ok(isEmoji(text), text);
});

test("signs that are text by themselves are no emoji", () => {
  for (const text of ["©", "®", "™", "‼", "↔"]) assert.ok(!isEmoji(text), text);
  for (const text of ["©️", "‼️"]) assert.ok(isEmoji(text), text);
});
