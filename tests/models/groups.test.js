// A group as one of its people knows it: who is in it and as what, who may do what, and what its notes say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Chat } from "../../assets/app/models/chat.js";
import { DEEDS, ROLES, mayDo, rolesToGive } from "../../assets/app/models/deeds.js";
import { actionsOn, actionsOnWaiting } from "../../assets/app/models/message-actions.js";
import { saidOfNote } from "../../assets/app/models/notes.js";
import { receiptOf } from "../../assets/app/models/receipts.js";
import { Timeline } from "../../assets/app/models/timeline.js";
import { Time } from "./fakes.js";
import { AT, message } from "./page.js";

const TABLE = readFileSync(new URL("../../docs/groups.md", import.meta.url), "utf8");

/** @typedef {import("../../assets/app/models/deeds.js").Deed} Deed */

/**
 * Anny is admin and at this page, Bob is a member, Cleo a guest who has not come in yet.
 * @param {{me?: string, writers?: "everybody" | "admins", since?: number, head?: number}} [how]
 */
function group({ me = "1", writers = "everybody", since, head = 4 } = {}) {
  const chat = new Chat(new Time());
  /** @type {(participant: string, name: string, role: Role, state?: Standing) => Participant} */
  const one = (participant, name, role, state = "in") => ({
    participant,
    name,
    role,
    state,
    came_in: state === "in",
    here: false,
    delivered: 0,
    seen: 0,
    tries: 0,
  });
  const participants = [
    one("1", "Anny", "admin"),
    one("2", "Bob", "member"),
    one("3", "Cleo", "guest", "invited"),
  ];
  const about = { title: "Kitchen", about: "", writers };
  chat.setState({ me, head, since, group: about, idle: "1d", due: AT, participants });
  return chat;
}

/** @param {Chat} chat */
function timelineOf(chat) {
  const outbox = /** @type {any} */ ({ shown: [] });
  const timeline = new Timeline({ chat, outbox }, (at) => at.slice(0, 10));
  timeline.update();
  return timeline.looks({ from: 0, to: timeline.rows.length }, "today");
}

/** Who stands above which message. @param {Chat} chat */
const senders = (chat) =>
  timelineOf(chat)
    .filter(({ sender }) => sender)
    .map(({ row, name }) => `${name} ${row.seq}`);

test("the page knows the table of who may do what", () => {
  const rows = TABLE.split("\n").filter((line) => line.startsWith("| "));
  const told = rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(2, 5)
      .map((cell) => cell.trim() === "yes"),
  );
  const known = Object.keys(DEEDS).map((deed) =>
    [...ROLES].reverse().map((role) => mayDo(/** @type {Deed} */ (deed), as(role))),
  );
  assert.deepEqual(known, told);
});

/**
 * @param {Role} role
 * @param {"everybody" | "admins"} [writers]
 * @param {"everybody" | "admins"} [roster]
 */
function as(role, writers = "everybody", roster = "everybody") {
  const self = /** @type {Participant} */ ({ participant: "1", role });
  return { group: { title: "", about: "", writers, roster }, self };
}

test("where only admins write, the others may still react", () => {
  assert.equal(mayDo("write", as("member", "admins")), false);
  assert.equal(mayDo("react", as("guest", "admins")), true);
  assert.equal(mayDo("write", as("admin", "admins")), true);
});

test("where people are hidden, members let nobody in and correct no name", () => {
  for (const deed of /** @type {Deed[]} */ (["add", "rename"])) {
    assert.equal(mayDo(deed, as("member", "admins")), true);
    assert.equal(mayDo(deed, as("member", "admins", "admins")), false);
    assert.equal(mayDo(deed, as("admin", "admins", "admins")), true);
  }
});

test("in a chat of two, both may do all that there is, and nothing of groups", () => {
  assert.equal(mayDo("end", {}), true);
  assert.equal(mayDo("leave", {}), false);
  assert.equal(mayDo("delete_others", {}), false);
});

test("nobody lets somebody in as more than they are themselves", () => {
  assert.deepEqual(rolesToGive("admin"), ["guest", "member", "admin"]);
  assert.deepEqual(rolesToGive("member"), ["guest", "member"]);
  assert.deepEqual(rolesToGive(undefined), []);
});

test("the name of who speaks is above the first of a run, and never above one's own", () => {
  const chat = group();
  for (const [seq, from] of Object.entries(["2", "2", "3", "1", "2"])) chat.insert(message(+seq + 1, from));
  assert.deepEqual(senders(chat), ["Bob 1", "Cleo 3", "Bob 5"]);
});

test("a run is broken by what happened, and joined where a message is deleted", () => {
  const chat = group();
  chat.insert(message(1));
  chat.insert({ seq: 2, from: "1", at: AT, note: { what: "described" } });
  chat.insert(message(3));
  chat.insert(message(4, "3"));
  chat.insert(message(5));
  assert.deepEqual(senders(chat), ["Bob 1", "Bob 3", "Cleo 4", "Bob 5"]);
  chat.change(1, { seq: 4, from: "3", at: AT, changed: 1, hidden: true });
  assert.deepEqual(senders(chat), ["Bob 1", "Bob 3"]);
});

test("in a chat of two no name stands above what is said", () => {
  const chat = group();
  chat.group = undefined;
  chat.insert(message(1));
  assert.deepEqual(senders(chat), []);
});

test("a row is drawn again when its sender has another name", () => {
  const chat = group();
  chat.insert(message(1));
  const before = timelineOf(chat).at(-1)?.sign;
  chat.setPerson({ participant: "2", name: "Bobby", role: "member", state: "in" });
  assert.notEqual(timelineOf(chat).at(-1)?.sign, before);
  assert.deepEqual(senders(chat), ["Bobby 1"]);
});

test("the chat knows at once who comes, goes, and is something else by now", () => {
  const chat = group();
  const names = () => chat.others.map(({ name, role, state }) => `${name} ${role} ${state}`);
  chat.setPerson({ participant: "3", role: "guest", state: "in" });
  chat.setPerson({ participant: "4", name: "Dora", role: "member", state: "invited", since: 5 });
  chat.setPerson({ participant: "2", role: "admin", state: "in" });
  assert.deepEqual(names(), ["Bob admin in", "Cleo guest in", "Dora member invited"]);
  chat.setPerson({ participant: "2", role: "admin", state: "removed" });
  assert.deepEqual(names(), ["Cleo guest in", "Dora member invited"]);
  chat.insert(message(5, "2"));
  assert.equal(timelineOf(chat).at(-1)?.name, "Bob", "what they said stays, with their name");
});

test("the title, what it is about and who writes change one by one", () => {
  const chat = group();
  chat.setGroup({ writers: "admins", about: "Who cooks" });
  chat.setGroup({ title: "Pantry", writers: "admins", roster: "admins" });
  const now = { title: "Pantry", about: "Who cooks", writers: "admins", roster: "admins" };
  assert.deepEqual(chat.group, now);
});

test("a message is delivered and seen when all who are in have got so far", () => {
  const chat = group();
  const how = (/** @type {number} */ seq) => receiptOf(seq, chat.reach);
  chat.setReceipt({ participant: "2", delivered: 4, seen: 3 });
  assert.deepEqual([how(3), how(4)], ["SEEN", "DELIVERED"], "who was not in yet is not waited for");
  chat.setPerson({ participant: "3", role: "guest", state: "in" });
  assert.equal(how(3), "SENT");
  chat.setPerson({ participant: "3", role: "guest", state: "left" });
  assert.equal(how(3), "SEEN");
});

test("a person who came later holds up nothing that they may not read", () => {
  const chat = group();
  chat.setReceipt({ participant: "2", delivered: 6, seen: 6 });
  chat.setPerson({ participant: "4", name: "Dora", role: "member", state: "in", since: 5 });
  assert.equal(receiptOf(4, chat.reach), "SEEN");
  assert.equal(receiptOf(5, chat.reach), "SENT");
});

test("nothing older is asked for than one may read", () => {
  const chat = group({ since: 3 });
  chat.insert({ seq: 4, from: "2", at: AT, id: "4", text: "four" });
  assert.ok(chat.hasOlder);
  chat.prepend([{ seq: 3, from: "1", at: AT, note: { what: "added", participant: "1" } }]);
  assert.ok(!chat.hasOlder);
});

test("an admin may delete what somebody else wrote", () => {
  const on = (/** @type {Chat} */ chat) => actionsOn(message(1, "3"), chat, Date.parse(AT)).join(" ");
  assert.equal(on(group()), "reply copy hide delete");
  assert.equal(on(group({ me: "2" })), "reply copy hide");
  assert.equal(on(group({ me: "2", writers: "admins" })), "copy hide");
});

test("what waits can be copied and deleted by somebody who may not write, and not edited", () => {
  assert.deepEqual(actionsOnWaiting(group({ me: "2", writers: "admins" })), ["copy", "discard"]);
  assert.deepEqual(actionsOnWaiting(group({ me: "2" })), ["copy", "edit", "discard"]);
});

test("a note says who did what in the group, from where one stands", () => {
  const note = (/** @type {string} */ from, /** @type {Note} */ what) =>
    saidOfNote({ seq: 1, from, at: AT, note: what }, "1")?.key;
  const of = (/** @type {string} */ what, /** @type {string} */ participant) => ({ what, participant });
  assert.deepEqual(
    [
      note("1", { ...of("added", "3"), history: true }),
      note("2", of("added", "1")),
      note("2", of("removed", "3")),
      note("2", { what: "left" }),
      note("2", { ...of("role", "1"), role: "admin" }),
      note("1", { ...of("role", "1"), role: "guest" }),
      note("2", { ...of("role", "3"), role: /** @type {Role} */ ("king") }),
      note("2", of("heir", "1")),
      note("2", of("heir", "3")),
      note("1", { what: "renamed" }),
      note("2", { what: "described" }),
      note("2", { what: "writers", writers: "admins" }),
      note("1", { what: "roster", roster: "admins" }),
    ],
    [
      "you.added_all",
      "name.added_yours",
      "name.removed",
      "name.left",
      "name.role_admin_yours",
      "you.role_guest_own",
      undefined,
      "name.heir_yours",
      "name.heir",
      "you.renamed",
      "name.described",
      "name.writers_admins",
      "you.roster_admins",
    ],
  );
});

test("the person who ended a group is called by name", () => {
  const chat = group();
  chat.end({ at: AT, by: "2", messages: 4 });
  assert.equal(chat.ended?.name, "Bob");
});
