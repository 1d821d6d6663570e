// Why a message has not arrived yet: each mark and presence has its sentence, and nothing is told that is not
// told here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { receiptOf } from "../../assets/app/models/receipts.js";
import { receiptReason } from "../../assets/app/models/receipt-reason.js";
import { Time } from "./fakes.js";
import { AT, message, people } from "./page.js";

const [WORDS, DIALOGS] = ["words", "dialogs"].map((folder) =>
  JSON.parse(readFileSync(new URL(`../../assets/${folder}/en.json`, import.meta.url), "utf8")),
);
const ENGLISH = { ...WORDS, ...DIALOGS };

/** @typedef {{connected?: boolean, withholds?: string[], other?: Partial<Participant>}} How */

/** A chat in which Anny has said one thing. @param {How} how */
function session({ connected = true, withholds = [], other = {} }) {
  const chat = new Chat(new Time());
  const [anny, abhi] = people(0);
  const participants = /** @type {Participant[]} */ ([anny, { ...abhi, ...other }]);
  chat.withhold(withholds);
  chat.setState({ me: "1", head: 1, idle: "1d", due: AT, participants });
  chat.insert(message(1, "1"));
  return /** @type {import("../../assets/app/models/chat-session.js").ChatSession} */ ({
    chat,
    isConnected: connected,
  });
}

/** @param {string} receipt @param {How} how @param {{key: string, at?: string}} expected */
function check(receipt, how, expected) {
  assert.deepEqual(receiptReason(receipt, session(how)), { name: "Abhi", ...expected });
  assert.ok(expected.key in ENGLISH, expected.key);
}

test("each mark says why", () => {
  check("WAITING", {}, { key: "receipt_help.sending" });
  check("WAITING", { connected: false }, { key: "receipt_help.offline" });
  check("REFUSED", {}, { key: "receipt_help.refused" });
  check("REFUSED", { connected: false }, { key: "receipt_help.refused" });
  check("DELIVERED", {}, { key: "receipt_help.delivered" });
  check("SEEN", {}, { key: "receipt_help.seen" });
});

test("what the house has and the other device has not depends on where the other is", () => {
  check("SENT", { other: { came_in: false, here: false } }, { key: "receipt_help.not_in" });
  check("SENT", { other: { here: true } }, { key: "receipt_help.arriving" });
  check("SENT", { other: { here: true, last_here: AT } }, { key: "receipt_help.arriving" });
  check("SENT", { other: { here: false, last_here: AT } }, { key: "receipt_help.last_here", at: AT });
  check("SENT", { other: { here: false } }, { key: "receipt_help.away" });
});

test("a person who does not tell what was seen is not told it either", () => {
  check("DELIVERED", { withholds: ["seen"] }, { key: "receipt_help.untold" });
  check("DELIVERED", { withholds: ["here", "typing"] }, { key: "receipt_help.delivered" });
});

test("a person who does not tell to be here is not told when the other was", () => {
  check("SENT", { withholds: ["here"], other: { here: false, last_here: AT } }, { key: "receipt_help.away" });
  check("SENT", { withholds: ["here"], other: { here: false } }, { key: "receipt_help.away" });
  check(
    "SENT",
    { withholds: ["here"], other: { came_in: false, here: false } },
    { key: "receipt_help.not_in" },
  );
});

test("what was told before it was withheld is not told any more", () => {
  const known = session({ other: { here: true, last_here: AT, delivered: 1, seen: 1 } });
  known.chat.withhold(["seen", "here"]);
  known.chat.doubt();
  const receipt = receiptOf(1, known.chat.reach);
  assert.equal(receiptReason(receipt, known).key, "receipt_help.untold");
  assert.equal(receiptReason("SENT", known).key, "receipt_help.away");
});

test("before anybody is known there is a sentence all the same", () => {
  const nobody = { chat: new Chat(new Time()), isConnected: false };
  const asked = /** @type {import("../../assets/app/models/chat-session.js").ChatSession} */ (nobody);
  assert.deepEqual(receiptReason("SENT", asked), { key: "receipt_help.not_in", name: "" });
});
