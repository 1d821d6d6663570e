// What a person is told once: links that were replaced, wrong codes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Notices } from "../../assets/app/models/notices.js";
import { LocalStore, openLocalStore } from "../../assets/app/models/local-store.js";
import { Disk, Time, settled } from "./fakes.js";
import { SEAT, page, people } from "./page.js";

const [ME, OTHER] = ["1", "2"];

function news() {
  return new Notices(new LocalStore({ database: undefined, erase: async () => {}, after: new Time().after }));
}

/** @param {string} by @param {string} participant */
function renewal(by, participant) {
  return { by, participant };
}

/** A request that waits for its answer. */
function request() {
  /** @type {{resolve: (answer: string) => void, reject: (why: Error) => void}} */
  const answer = { resolve() {}, reject() {} };
  /** @type {Promise<string>} */
  const promise = new Promise((resolve, reject) => {
    Object.assign(answer, { resolve, reject });
  });
  return { promise, ...answer };
}

/** How often wrong codes were tried on the links of me and of the other. @param {number} mine */
function tried(mine, others = 0) {
  const [me, other] = people(0);
  return /** @type {Participant[]} */ ([
    { ...me, tries: mine },
    { ...other, tries: others },
  ]);
}

/** @param {Notices} one @param {Participant[]} told */
const guessed = (one, told) => one.guesses(told).map((person) => person.participant);

test("a link that another replaced is news until it was read", () => {
  const one = news();
  one.invited(renewal(OTHER, ME), ME);
  assert.deepEqual(one.renewals, [{ participant: ME, by: OTHER }]);
  one.readRenewals();
  assert.deepEqual(one.renewals, []);
});

test("the same news twice stands there once", () => {
  const one = news();
  for (const participant of [ME, OTHER, ME]) one.invited(renewal(OTHER, participant), ME);
  assert.deepEqual(
    one.renewals.map(({ participant }) => participant),
    [OTHER, ME],
  );
});

test("news that was not read is there when the page is opened again, and holds no name", async () => {
  const disk = new Disk();
  const { after } = new Time();
  const first = new Notices(await openLocalStore(() => disk.factory, SEAT, after));
  first.invited(renewal(OTHER, ME), ME);
  await settled();
  const again = new Notices(await openLocalStore(() => disk.factory, SEAT, after));
  assert.deepEqual(again.renewals, [{ participant: ME, by: OTHER }]);
  assert.doesNotMatch(await disk.text(), /Abhi|Anny/);
});

for (const first of ["the house's word", "the answer"]) {
  test(`what this page itself replaced is no news, when ${first} comes first`, async () => {
    const one = news();
    const asked = request();
    const answered = one.own(OTHER, () => asked.promise);
    if (first === "the answer") asked.resolve("invite");
    if (first === "the answer") await answered;
    one.invited(renewal(ME, OTHER), ME);
    asked.resolve("invite");
    assert.equal(await answered, "invite");
    assert.deepEqual(one.renewals, []);
    one.invited(renewal(ME, OTHER), ME);
    assert.deepEqual(one.renewals, [{ participant: OTHER, by: ME }], "the next one is of another device");
  });
}

test("what was replaced although its answer was lost is news", async () => {
  const one = news();
  const asked = request();
  const answered = one.own(OTHER, () => asked.promise);
  one.invited(renewal(ME, OTHER), ME);
  asked.reject(new Error("lost"));
  await assert.rejects(answered, /lost/);
  assert.deepEqual(one.renewals, [{ participant: OTHER, by: ME }]);
});

test("what another replaces while this page asks is news", async () => {
  const one = news();
  const asked = request();
  const answered = one.own(OTHER, () => asked.promise);
  one.invited(renewal(OTHER, OTHER), ME);
  one.invited(renewal(ME, ME), ME);
  asked.resolve("invite");
  await answered;
  assert.equal(one.renewals.length, 2);
});

test("a word that was lost with the line hides no later one", async () => {
  const one = news();
  await one.own(OTHER, async () => "invite");
  one.opened(people(0));
  one.invited(renewal(ME, OTHER), ME);
  assert.equal(one.renewals.length, 1);
});

test("wrong codes are news until they were read, and again when there are more", () => {
  const one = news();
  assert.deepEqual(guessed(one, tried(0, 2)), [OTHER]);
  one.readGuesses(tried(0, 2));
  assert.deepEqual(guessed(one, tried(0, 2)), []);
  assert.deepEqual(guessed(one, tried(0, 3)), [OTHER]);
});

for (const [why, tell] of /** @type {[string, (one: Notices) => void][]} */ ([
  ["the link was replaced", (one) => one.invited(renewal(OTHER, ME), ME)],
  ["somebody came in", (one) => one.opened(tried(0))],
  ["the count began again", (one) => one.guessed(ME, 1)],
])) {
  test(`wrong codes that were read hide none of those that follow when ${why}`, () => {
    const one = news();
    one.readGuesses(tried(3));
    tell(one);
    for (const count of [1, 2, 3]) assert.deepEqual(guessed(one, tried(count)), [ME], `${count}`);
  });
}

test("a page hears of a new link through its line", async () => {
  const { session, socket, welcomes } = await page();
  welcomes(0);
  socket().tells({
    type: "chat-invited",
    ...renewal(OTHER, ME),
    seat: SEAT,
    due: "2026-11-22T18:42:00.000Z",
  });
  assert.deepEqual(session.notices.renewals, [{ participant: ME, by: OTHER }]);
  assert.equal(session.chat.due, "2026-11-22T18:42:00.000Z");
});
