// What one does with a group: each request as the house expects it, and what the page must know before it
// offers one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../assets/app/models/api.js";
import {
  GroupActions,
  afterLeaving,
  mayShowAll,
  peopleOf,
  seesEverybody,
  sentenceOf,
} from "../../assets/app/models/group.js";
import { CHAT, SEAT, page } from "./page.js";

/** A house over HTTP that answers everything with this. @param {number} status @param {unknown} [body] */
function house(status, body) {
  /** @type {string[]} */
  const asked = [];
  const fetch = /** @type {typeof globalThis.fetch} */ (
    async (address, request) => {
      asked.push([request?.method, address, ...(request?.body ? [request.body] : [])].join(" "));
      return new Response(body === undefined ? null : JSON.stringify(body), { status });
    }
  );
  return { asked, api: new Api({ base: "", device: () => "D", fetch, after: () => () => {} }) };
}

/** A page that is in. */
async function inside() {
  const parts = await page();
  parts.welcomes(0);
  return parts;
}

/**
 * @param {string} participant
 * @param {Role} role
 * @param {Standing} [state]
 */
function person(participant, role, state = "in") {
  return /** @type {Participant} */ ({ participant, name: `Name ${participant}`, role, state });
}

test("the house is asked for each deed by one request", async () => {
  const { session } = await inside();
  const { api, asked } = house(204);
  const actions = new GroupActions(api, session);
  await actions.remove("3");
  await actions.setRole("3", "guest");
  await actions.rename("Annie");
  await actions.describe({ about: "" });
  await actions.setWriters("admins");
  await actions.setRoster("everybody");
  assert.deepEqual(asked, [
    `DELETE seats/${SEAT}/people/3`,
    `PUT seats/${SEAT}/people/3/role {"role":"guest"}`,
    `PUT seats/${SEAT}/name {"name":"Annie"}`,
    `PATCH seats/${SEAT}/group {"about":""}`,
    `PUT seats/${SEAT}/writers {"writers":"admins"}`,
    `PUT seats/${SEAT}/roster {"roster":"everybody"}`,
  ]);
});

test("a person who is let in comes with a link and a code", async () => {
  const { session } = await inside();
  const invite = { participant: "4", name: "Dora", link: "http://house/j#T", code: "7QMK-RP3X", qr: ["1"] };
  const { api, asked } = house(201, invite);
  assert.deepEqual(await new GroupActions(api, session).add("Dora", "member", true), invite);
  assert.deepEqual(asked, [`POST seats/${SEAT}/people {"name":"Dora","role":"member","history":true}`]);
});

test("a request that the house refuses throws, and one is in as before", async () => {
  const { session } = await inside();
  const { api } = house(409, { code: "last_admin" });
  await assert.rejects(new GroupActions(api, session).setRole("1", "guest"), { code: "last_admin" });
  await assert.rejects(new GroupActions(api, session).leave(), { code: "last_admin" });
  assert.equal(session.departure, undefined);
});

test("a person who leaves a group is out as its person, and not as one device", async () => {
  const { session, seats } = await inside();
  seats.remember("0123456789ABCDEFGHJKMNPQRS", SEAT);
  const { api, asked } = house(204);
  await new GroupActions(api, session).leave();
  assert.deepEqual([session.departure, asked], ["left_group", [`POST seats/${SEAT}/leave {}`]]);
});

for (const first of ["the house's word", "the answer"]) {
  test(`a group ends with the last one who leaves, when ${first} comes first`, async () => {
    const { session, socket } = await inside();
    const ending = { at: "2026-11-21T18:42:00.000Z", by: "1", messages: 4 };
    const { api } = house(200, ending);
    const run = async (/** @type {[string, string, string, object?]} */ ...asked) => {
      if (first !== "the answer") socket().tells({ type: "chat-ended", chat: CHAT, ...ending });
      return api.run(...asked);
    };
    await new GroupActions({ run }, session).leave();
    assert.deepEqual([session.departure, session.chat.ended?.by], [undefined, "you"]);
  });
}

test("oneself stands first, and the others as they came", () => {
  const chat = { self: person("3", "guest"), others: [person("10", "admin"), person("2", "member")] };
  assert.deepEqual(
    peopleOf(chat).map(({ participant }) => participant),
    ["3", "2", "10"],
  );
});

test("where people are hidden, an admin is shown everybody", () => {
  /** @type {(role: Role, roster?: "everybody" | "admins") => boolean} */
  const sees = (role, roster) =>
    seesEverybody({ group: { title: "", about: "", writers: "admins", roster }, self: person("1", role) });
  assert.deepEqual(
    [sees("member"), sees("member", "admins"), sees("guest", "admins"), sees("admin", "admins")],
    [true, false, false, true],
  );
});

test("only an admin who may read everything lets others read it", () => {
  assert.equal(mayShowAll({ self: person("1", "admin"), since: 1 }), true);
  assert.equal(mayShowAll({ self: person("1", "admin"), since: 5 }), false);
  assert.equal(mayShowAll({ self: person("1", "member"), since: 1 }), false);
});

test("a role may do less where only admins write, and least where people are hidden", () => {
  /** @type {(writers: "everybody" | "admins", roster?: "everybody" | "admins") => string[]} */
  const said = (writers, roster) =>
    /** @type {Role[]} */ (["admin", "member", "guest"]).map((role) =>
      sentenceOf(role, { title: "", about: "", writers, roster }),
    );
  assert.deepEqual(said("everybody"), ["group.may_admin", "group.may_member", "group.may_guest"]);
  assert.deepEqual(said("admins"), ["group.may_admin", "group.reads_member", "group.reads"]);
  assert.deepEqual(said("admins", "admins"), ["group.may_admin", "group.reads", "group.reads"]);
});

/** Who becomes admin when one leaves these. @param {...Participant} others */
const heirAmong = (...others) => afterLeaving({ others }).heir?.participant;

test("nobody becomes admin while another admin is in", () => {
  assert.equal(heirAmong(person("2", "member"), person("3", "admin")), undefined);
});

test("after the last admin comes a member before a guest, and who was there first", () => {
  assert.equal(heirAmong(person("2", "guest"), person("10", "member"), person("4", "member")), "4");
});

test("a person who has come in becomes admin before an admin who has not", () => {
  assert.equal(heirAmong(person("2", "admin", "invited"), person("3", "guest")), "3");
  assert.equal(heirAmong(person("2", "admin", "invited"), person("3", "member", "invited")), undefined);
  assert.equal(heirAmong(person("2", "guest", "invited"), person("3", "member", "invited")), "3");
});

test("a group ends with the last one", () => {
  assert.deepEqual(afterLeaving({ others: [] }), { isEnd: true });
  assert.equal(afterLeaving({ others: [person("2", "guest", "invited")] }).isEnd, false);
});
