import assert from "node:assert/strict";
import { test } from "node:test";

import { transcriptText } from "../../assets/app/models/transcript.js";

/** @param {string} zone @param {string} at */
function timeIn(zone, at) {
  process.env["TZ"] = zone;
  return transcriptText({ messages: [{ from: "Abhi", at, text: "hi" }] }, "");
}

test("a saved message has the time of this device, and says of which zone", () => {
  for (const [zone, at, expected] of [
    ["Europe/Berlin", "2026-11-21T18:42:00.000Z", "[2026-11-21 19:42 +01:00] Abhi: hi\n"],
    ["Europe/Berlin", "2026-07-21T18:42:00.000Z", "[2026-07-21 20:42 +02:00] Abhi: hi\n"],
    ["Europe/Berlin", "2026-10-25T00:30:00.000Z", "[2026-10-25 02:30 +02:00] Abhi: hi\n"],
    ["Europe/Berlin", "2026-10-25T01:30:00.000Z", "[2026-10-25 02:30 +01:00] Abhi: hi\n"],
    ["Asia/Kolkata", "2026-12-31T20:00:00.000Z", "[2027-01-01 01:30 +05:30] Abhi: hi\n"],
    ["America/St_Johns", "2026-01-01T00:00:00.000Z", "[2025-12-31 20:30 -03:30] Abhi: hi\n"],
    ["UTC", "2026-11-21T08:02:00.000Z", "[2026-11-21 08:02 +00:00] Abhi: hi\n"],
  ]) {
    assert.equal(timeIn(/** @type {string} */ (zone), /** @type {string} */ (at)), expected);
  }
});

test("a saved chat has what people said, and nothing that is gone", () => {
  const at = "2026-11-21T18:42:00.000Z";
  const one = { from: "Abhi", at };
  const messages = [
    { ...one, note: { what: "vanish", after: "1d" } },
    { ...one, gone: { by: "1", at, stub: true } },
    { ...one, text: "hidden", hidden: true },
    { ...one, text: "edited", edits: 1, edited: at },
    one,
  ];
  const lines = transcriptText({ messages }, "not shown").split("\n");
  assert.deepEqual(
    lines.map((line) => line.split("] ")[1]),
    ["Abhi: edited", "Abhi: not shown", undefined],
  );
});

test("no line of a message passes for a message, and nothing in it does something to a terminal", () => {
  for (const [text, expected] of [
    ["a\nb\r\nc\rd\u2028e", "a\n    b\n    c\n    d\n    e"],
    ["red \u001b[31m, \u009b2J\u007f\u0007\u0000", "red [31m, 2J"],
    ["tab\tstays", "tab\tstays"],
    ["a\u202eb\u2066c\u2069d", "abcd"],
    ["\u200f\u05e9\u200e!", "\u200f\u05e9\u200e!"],
    ["\u{1f468}\u200d\u{1f469}", "\u{1f468}\u200d\u{1f469}"],
  ]) {
    const messages = [{ from: "Abhi", at: "2026-11-21T18:42:00.000Z", text: /** @type {string} */ (text) }];
    assert.equal(transcriptText({ messages }, "").split("Abhi: ")[1], `${expected}\n`);
  }
});
