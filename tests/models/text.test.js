// What a message's text holds: links, and whether it is nothing but a few emoji.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmoji, partsOf } from "../../assets/app/models/text.js";

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

test("only https is a link", () => {
  check("https://example.org", ["https://example.org"]);
  check("HTTPS://Example.org/A", ["HTTPS://Example.org/A"]);
  for (const text of [
    "",
    "hello",
    "example.org",
    "http://example.org",
    ["javascript", "alert(1)"].join(":"),
    "ftp://example.org",
    "data:text/html,<b>hello</b>",
    "mailto:anny@example.org",
    "https:",
    "https://",
    "https://.",
    "https:// example.org",
    "https://example.org:99999/",
  ]) {
    check(text, []);
  }
});

test("what stands around an address is not part of it", () => {
  const one = "https://example.org/a";
  for (const text of [
    `${one}.`,
    `${one}, and`,
    `${one}!?`,
    `${one}…`,
    `(${one})`,
    `(see ${one}.)`,
    `[${one}]`,
    `{${one}}`,
    `<${one}>`,
    `"${one}"`,
    `'${one}'`,
    `“${one}”`,
    `«${one}»`,
    `*${one}*`,
    `_${one}_`,
    `look:\n${one}\nthere`,
  ]) {
    check(text, [one]);
  }
});

test("what belongs to an address stays in it", () => {
  for (const text of [
    "https://en.wikipedia.org/wiki/Chair_(furniture)",
    "https://example.org/a_b-c~d?e=f&g=h#i",
    "https://example.org:8443/a%20b",
    "https://[2001:db8::1]/",
    "https://192.168.1.20:8443/j",
    "https://example.org/straße",
    "https://example.org/😀",
  ]) {
    check(text, [text]);
  }
  check("(https://en.wikipedia.org/wiki/Chair_(furniture))", [
    "https://en.wikipedia.org/wiki/Chair_(furniture)",
  ]);
});

test("several links, and emoji and other scripts beside them", () => {
  check("https://a.org and https://b.org.", ["https://a.org", "https://b.org"]);
  check("😀 https://a.org 😀", ["https://a.org"]);
  check("انظر https://a.org/مرحبا الآن", ["https://a.org/مرحبا"]);
  check("ראו https://a.org/ שם", ["https://a.org/"]);
  check("यह देखो https://a.org है", ["https://a.org"]);
});

test("a name or a password before the host is no link: it looks like the host", () => {
  check("https://bank.example@evil.example/", []);
  check("https://anny:secret@example.org/", []);
  check("https://:secret@example.org/", []);
});

test("signs of other languages that end a sentence or a quotation are not part of an address", () => {
  /** @param {string} text */
  const toExample = (text) => leads(text, ["https://example.org/"]);
  toExample("„https://example.org“");
  toExample("‚https://example.org‘");
  toExample("https://example.org।");
  toExample("https://example.org،");
  toExample("https://example.org。");
});

test("marks that turn the direction are no part of a link: it would look like another", () => {
  for (const text of [
    "https://example.org/\u202egpj.exe",
    "https://example.org/\u200f",
    "https://example.org\u200f",
  ]) {
    const links = partsOf(text).filter((part) => part.href !== undefined);
    assert.equal(links.length, 1, text);
    for (const link of links) assert.doesNotMatch(link.text, /\p{Bidi_Control}/u);
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
  ]) {
    const begun = performance.now();
    assert.equal(
      partsOf(text)
        .map((part) => part.text)
        .join(""),
      text,
    );
    isEmoji(text);
    const took = performance.now() - begun;
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
