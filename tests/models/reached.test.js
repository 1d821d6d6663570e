// "Seen by", "Delivered to" and "Not yet" of a message in a group.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { reachedBy } from "../../assets/app/models/reached.js";
import { Time } from "./fakes.js";
import { AT } from "./page.js";

/** @param {string} participant @param {Partial<Participant>} also @returns {Participant} */
const person = (participant, also) => ({
  participant,
  name: participant,
  role: "member",
  state: "in",
  came_in: true,
  here: false,
  delivered: 0,
  seen: 0,
  tries: 0,
  ...also,
});

/** @param {Participant[]} others */
function group(...others) {
  const chat = new Chat(new Time());
  const about = /** @type {const} */ ({ title: "Kitchen", about: "", writers: "everybody" });
  const participants = [person("1", { role: "admin" }), ...others];
  chat.setState({ me: "1", head: 9, group: about, idle: "1d", due: AT, participants });
  return chat;
}

/** @param {Chat} chat @param {number} seq */
function reached(chat, seq) {
  const { seen, delivered, waiting } = reachedBy(seq, chat);
  return [seen, delivered, waiting].map((people) => people.map(({ participant }) => participant).join());
}

test("each of the others is named once: who has seen a message, who has got it, and who has not", () => {
  const chat = group(
    person("2", { delivered: 5, seen: 5 }),
    person("3", { delivered: 5, seen: 4 }),
    person("4", { delivered: 4, seen: 4 }),
  );
  assert.deepEqual(reached(chat, 5), ["2", "3", "4"]);
  chat.setReceipt({ participant: "4", delivered: 5, seen: 5 });
  assert.deepEqual(reached(chat, 5), ["2,4", "3", ""]);
});

test("nobody waits for a person who has not come in, is out, or may not read it", () => {
  const chat = group(
    person("2", { state: "invited", came_in: false }),
    person("3", { state: "removed" }),
    person("4", { since: 6, delivered: 5, seen: 5 }),
  );
  assert.deepEqual(reached(chat, 5), ["", "", ""]);
  assert.deepEqual(reached(chat, 6), ["", "", "4"]);
});

test("a person who hides what they have seen is said to have got it, and no more", () => {
  assert.deepEqual(reached(group(person("2", { delivered: 9, seen: 0 })), 5), ["", "2", ""]);
});
