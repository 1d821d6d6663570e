// The devices of one's own seat, a new link, and what becomes of a device that is out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byNewest, deviceOf, signOut } from "../../assets/app/models/devices.js";
import { isUncertain, replaceInvite } from "../../assets/app/models/replace-invite.js";
import { Api } from "../../assets/app/models/api.js";
import { settled } from "./fakes.js";
import { CHAT, SEAT, page } from "./page.js";

const TOKEN = "0123456789ABCDEFGHJKMNPQRS";
const INVITE = { name: "Abhi", link: `http://house/j#${TOKEN}`, code: "K7QM-3XRP", qr: ["1fc"] };
const OUT = { type: "refused", of: "chat-open", seat: SEAT, code: "no_such_seat", detail: "" };

/** @param {string} device @param {string} day @param {boolean} [isThis] */
function row(device, day, isThis = false) {
  return { device, this: isThis, since: `2026-11-${day}T18:42:00.000Z` };
}

/** A page that is in, and whether it was told that it is in no more. */
async function inside() {
  const parts = await page();
  let gone = 0;
  parts.session.addEventListener("gone", () => (gone += 1));
  parts.welcomes(0);
  return { ...parts, gone: () => gone };
}

/** A house over HTTP that answers everything with this. @param {number} status @param {unknown} [body] */
function house(status, body) {
  /** @type {{method: string | undefined, address: string, body: any}[]} */
  const asked = [];
  const fetch = /** @type {typeof globalThis.fetch} */ (
    async (address, request) => {
      asked.push({ method: request?.method, address: String(address), body: read(request?.body) });
      return new Response(body === undefined ? null : JSON.stringify(body), { status });
    }
  );
  return { asked, api: new Api({ base: "/api/v1/", device: () => "D", fetch, after: () => () => {} }) };
}

/** @param {BodyInit | null | undefined} body */
const read = (body) => (body ? JSON.parse(String(body)) : undefined);

test("this device stands first, and then those that came in last", () => {
  const rows = [row("a", "19"), row("b", "21"), row("me", "18", true), row("c", "20")];
  assert.deepEqual(
    byNewest(rows).map(({ device }) => device),
    ["me", "b", "c", "a"],
  );
});

test("a message was said by a device of the list, or by one that is not in it any more", async () => {
  const devices = [row("a", "19"), row("me", "18", true)];
  /** @param {string | undefined} device of the message */
  const said = (device) => {
    const messages = [{ seq: 7, from: "1", at: "", device }];
    const api = { page: async () => ({ messages, more: true }), devices: async () => ({ devices }) };
    return deviceOf(api, SEAT, 7);
  };
  assert.deepEqual(await said("me"), devices[1]);
  assert.deepEqual(await said("a"), devices[0]);
  assert.deepEqual(await said("b"), "gone");
  assert.deepEqual(await said(undefined), undefined);
});

test("another device is asked out by its name in the list, and this page stays", async () => {
  const { session, gone } = await inside();
  const { api, asked } = house(204);
  await signOut(api, session, row("e4d9", "21"));
  assert.deepEqual(asked, [
    { method: "DELETE", address: `/api/v1/seats/${SEAT}/devices/e4d9`, body: undefined },
  ]);
  assert.deepEqual([gone(), session.departure], [0, undefined]);
});

for (const first of ["the house's word", "the answer"]) {
  test(`who leaves has left, when ${first} comes first`, async () => {
    const { session, socket, seats, gone } = await inside();
    seats.remember(TOKEN, SEAT);
    const says = () => socket().tells(OUT);
    const signsOut = async () => (first === "the answer" ? undefined : says());
    await signOut({ signOut: signsOut }, session, row("me", "21", true));
    assert.deepEqual([gone(), session.departure, seats.behind(TOKEN)], [1, "left", undefined]);
  });
}

test("a person who could not leave is in, and is not taken to want it when signed out later", async () => {
  const { session, socket, gone } = await inside();
  const { api } = house(503, { code: "reconnect" });
  await assert.rejects(signOut(api, session, row("me", "21", true)), { code: "reconnect" });
  assert.deepEqual([gone(), session.departure], [0, undefined]);
  socket().tells(OUT);
  assert.deepEqual([gone(), session.departure], [1, "signed_out"]);
});

test("a device that is signed out shows what was typed, and keeps nothing of it", async () => {
  const { session, store, socket, disk } = await inside();
  await session.say("said on the way out");
  store.keep("draft", "half a sen");
  await settled();
  assert.match(await disk.text(), /half a sen/);
  socket().tells(OUT);
  assert.deepEqual(session.unsent, ["said on the way out", "half a sen"]);
  await settled();
  assert.equal(disk.databases.size, 0);
});

test("a person who is out of a group is told of the group, and what was typed is not lost", async () => {
  const { session, store, socket } = await inside();
  store.keep("title", "Kitchen");
  store.keep("draft", "half a sen");
  socket().tells(OUT);
  assert.deepEqual([session.departure, session.unsent], ["out_of_group", ["half a sen"]]);
});

test("a chat that has ended shows nothing of what was typed", async () => {
  const { session, store, socket } = await inside();
  store.keep("draft", "half a sen");
  socket().tells({ type: "chat-ended", chat: CHAT, by: "2", messages: 0 });
  assert.deepEqual([session.unsent, session.departure], [[], undefined]);
});

test("a device that was signed out while nobody looked is told so when it comes back", async () => {
  const { seats } = await page();
  seats.remember(TOKEN, SEAT);
  const { session, socket, greets } = await page({ seats });
  greets();
  socket().tells(OUT);
  assert.equal(session.departure, "signed_out");
});

test("a browser that never was in the chat is not told that it is out", async () => {
  const { session, socket, greets } = await page();
  greets();
  socket().tells(OUT);
  assert.deepEqual([session.departure, session.chat.ended?.by], [undefined, undefined]);
});

for (const [who, signsOut, body] of /** @type {[string, boolean, object][]} */ ([
  ["2", false, { participant: "2" }],
  ["1", true, { participant: "1", sign_out: true }],
])) {
  test(`a new link is asked for: ${JSON.stringify(body)}`, async () => {
    const { session, seats, socket } = await inside();
    const { api, asked } = house(201, INVITE);
    assert.deepEqual(await replaceInvite(api, seats, session, who, signsOut), INVITE);
    assert.deepEqual(asked, [{ method: "POST", address: `/api/v1/seats/${SEAT}/invites`, body }]);
    socket().tells({ type: "chat-invited", chat: CHAT, by: "1", participant: who, due: "2026" });
    assert.deepEqual(session.notices.renewals, [], "who made it knows");
    assert.equal(seats.behind(TOKEN), who === "1" ? SEAT : undefined);
  });
}

test("the page shows a new link that it knows of although its answer was lost", async () => {
  const { session, seats, socket } = await inside();
  /** @type {number[]} */
  const shown = [];
  session.addEventListener("change", () => shown.push(session.notices.renewals.length));
  const lost = async () => {
    socket().tells({ type: "chat-invited", chat: CHAT, by: "1", participant: "2", due: "2026" });
    throw new Error("unreachable");
  };
  await assert.rejects(replaceInvite({ replace: lost }, seats, session, "2", false), /unreachable/);
  assert.deepEqual([shown[0], shown.at(-1)], [0, 1]);
});

test("after some refusals the old link may be gone all the same", () => {
  const codes = ["unreachable", "reconnect", "failed", "busy", "slow_down", "no_such_seat"];
  assert.deepEqual(
    codes.filter((code) => isUncertain({ code })),
    ["unreachable", "reconnect", "failed"],
  );
});
