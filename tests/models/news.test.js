// What a person is told once: wrong codes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { News } from "../../assets/app/models/news.js";
import { Shelf } from "../../assets/app/models/shelf.js";
import { people } from "./page.js";

const [ME, OTHER] = ["1", "2"];

function news() {
  return new News(new Shelf({ database: undefined, erase: async () => {} }));
}

/** The house's word that a link was replaced. @param {string} by @param {string} participant */
function invited(by, participant) {
  return { type: "chat-invited", by, participant };
}

/** How often wrong codes were tried on the links of me and of the other. @param {number} mine */
function tried(mine, others = 0) {
  const [me, other] = people(0);
  return /** @type {Participant[]} */ ([
    { ...me, tries: mine },
    { ...other, tries: others },
  ]);
}

/** @param {News} one @param {Participant[]} told */
const guessed = (one, told) => one.guesses(told).map((person) => person.participant);

test("wrong codes are news until they were read, and again when there are more", () => {
  const one = news();
  assert.deepEqual(guessed(one, tried(0, 2)), [OTHER]);
  one.readGuesses(tried(0, 2));
  assert.deepEqual(guessed(one, tried(0, 2)), []);
  assert.deepEqual(guessed(one, tried(0, 3)), [OTHER]);
});

for (const [why, frame] of /** @type {[string, Frame][]} */ ([
  ["the link was replaced", invited(OTHER, ME)],
  ["somebody came in", { type: "chat-state", participants: tried(0) }],
  ["the count began anew", { type: "chat-guess", participant: ME, tries: 1 }],
])) {
  test(`wrong codes that were read hide none of those that follow when ${why}`, () => {
    const one = news();
    one.readGuesses(tried(3));
    one.take(frame);
    for (const count of [1, 2, 3]) assert.deepEqual(guessed(one, tried(count)), [ME], `${count}`);
  });
}
