// Which rows of a long list are laid: those near what is seen, with room for all the others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualList } from "../../assets/app/models/virtual-list.js";

const SEEN_PX = 700;

/** Numbers that look random and can be had again. @param {number} seed */
function randomness(seed) {
  let state = seed;
  /** From 0 to `below`. @param {number} below */
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** @param {number[]} heights */
function listOf(heights) {
  const view = new VirtualList();
  const keys = heights.map((_, place) => `row ${place}`);
  view.replaceFrom(0, keys);
  view.learn(keys.map((key, place) => [key, heights[place] ?? 0]));
  return view;
}

/**
 * Lists of all lengths and heights; `SEED=1` tries that one again.
 * @param {(heights: number[], random: (below: number) => number) => void} claim
 */
function always(claim) {
  for (let turn = 0; turn < 50; turn += 1) {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
    const random = randomness(seed);
    const heights = Array.from({ length: random(1 + random(300)) }, () => random(200));
    try {
      claim(heights, random);
    } catch (error) {
      throw new Error(`SEED=${seed}`, { cause: error });
    }
  }
}

/** @param {number[]} heights */
const sum = (heights) => heights.reduce((total, height) => total + height, 0);

test("the room above, the rows that are laid and the room below are the whole height", () => {
  always((heights, random) => {
    const view = listOf(heights);
    assert.equal(view.height, sum(heights));
    const span = view.span(random(view.height + 1), SEEN_PX);
    const { above, below } = view.room(span);
    assert.equal(above + sum(heights.slice(span.from, span.to)) + below, view.height);
  });
});

test("the row at a height is the last one that begins there or above", () => {
  always((heights, random) => {
    const view = listOf(heights);
    const edge = sum(heights.slice(0, random(heights.length)));
    for (const top of [edge - 1, edge, random(view.height + 200)]) {
      let expected = 0;
      for (let place = 0; place < heights.length; place += 1) {
        if (sum(heights.slice(0, place)) <= top) expected = place;
      }
      assert.equal(view.at(top), expected, `at ${top} of ${heights}`);
    }
  });
});

test("every row that is seen is laid, and most of a long list is not", () => {
  const heights = Array.from({ length: 1_000 }, () => 50);
  const view = listOf(heights);
  const { from, to } = view.span(20_000, SEEN_PX);
  assert.ok(from <= 400 && to >= 414, `${from} to ${to}`);
  assert.ok(to - from < 60, `${to - from} rows are laid`);
});

test("rows that were just laid are enough, until one has scrolled far", () => {
  always((heights, random) => {
    const view = listOf(heights);
    const top = random(view.height + 1);
    assert.ok(view.covers(view.span(top, SEEN_PX), top, SEEN_PX));
  });
  const view = listOf(Array.from({ length: 1_000 }, () => 50));
  const span = view.span(20_000, SEEN_PX);
  /** @param {number} moved @param {boolean} expected */
  const check = (moved, expected) =>
    assert.equal(view.covers(span, 20_000 + moved, SEEN_PX), expected, `${moved}`);
  check(200, true);
  check(-200, true);
  check(2_000, false);
  check(-2_000, false);
});

test("at both ends nothing more is asked for", () => {
  const view = listOf(Array.from({ length: 100 }, () => 50));
  assert.ok(view.covers(view.span(0, SEEN_PX), -500, SEEN_PX));
  assert.ok(view.covers(view.span(view.height, SEEN_PX), view.height + 500, SEEN_PX));
});

test("what turns out higher than it was guessed moves what is below it, and nothing else", () => {
  const view = new VirtualList();
  view.replaceFrom(0, ["a", "b", "c"]);
  const guess = view.topOf("b") ?? 0;
  assert.ok(view.learn([["b", guess + 30]]));
  assert.deepEqual([view.topOf("a"), view.topOf("b"), view.topOf("c")], [0, guess, 2 * guess + 30]);
  assert.equal(view.height, 3 * guess + 30);
  assert.ok(!view.learn([["b", guess + 30]]), "the same again is no news");
});

test("history that is put before keeps every height that is known", () => {
  const view = listOf([10, 20]);
  view.replaceFrom(0, ["older", "row 0", "row 1"]);
  const guess = view.topOf("row 0") ?? 0;
  assert.deepEqual([view.topOf("row 1"), view.height], [guess + 10, guess + 30]);
  assert.equal(view.topOf("gone"), undefined);
});

test("an empty list has no rows and no height", () => {
  const view = listOf([]);
  assert.deepEqual(view.span(0, SEEN_PX), { from: 0, to: 0 });
  assert.deepEqual(view.room({ from: 0, to: 0 }), { above: 0, below: 0 });
});

test("rows that come, go and grow leave the list as if it had been made of what is there", () => {
  always((heights, random) => {
    const view = listOf(heights);
    const known = [...heights];
    for (let turn = 0; turn < 5; turn += 1) {
      const from = random(known.length + 1);
      const others = Array.from({ length: random(20) }, () => random(200));
      known.splice(from, Infinity, ...others);
      const keys = others.map((_, place) => `other ${turn} ${place}`);
      view.replaceFrom(from, keys);
      view.learn(keys.map((key, place) => [key, others[place] ?? 0]));
      assert.equal(view.height, sum(known));
      keys.forEach((key, place) => assert.equal(view.topOf(key), sum(known.slice(0, from + place))));
    }
  });
});
