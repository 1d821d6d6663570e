// Outboxes of one seat against a house that keeps to docs/protocol.md, "Once and in order", over lines that
// break at any moment: each message is taken once, and those of a page in their order. The house here shares
// no code with the real one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../assets/app/models/outbox.js";
import { Owners } from "../../assets/app/models/owners.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Tabs } from "../../assets/app/models/tabs.js";
import { Air, Disk, Time, settled } from "./fakes.js";
import { SEAT } from "./page.js";

const RUNS = 40;
const STEPS = 90;
const CALM_ROUNDS = 60;
const CALM_TURNS = 2_000;
const PRODUCERS_MAX = 8;
const REMEMBERED_MAX = 64;
const NEWEST = 50;

/** The same numbers for the same seed. @param {number} seed @returns {() => number} from 0 to 1 */
function randomOf(seed) {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @typedef {{number: string, text: string}} Said */
/** @typedef {{type: "taken" | "refused" | "open" | "whole", number: string, code?: string}} Told */

class ModelHouse {
  /** @type {Said[]} */
  messages = [];
  /** Of each producer the last messages that were taken, by their sequences. */
  #producers = /** @type {Map<string, Map<number, string>>} */ (new Map());

  /** @param {Said} said @returns {string} the code of a refusal; none where it was taken now or before */
  take({ number, text }) {
    if (text.includes("too long")) return "message_too_long";
    const [producer, sequence] = [number.slice(0, 16), Number.parseInt(number.slice(16), 16)];
    const known = this.#known(producer, sequence);
    const last = Math.max(0, ...known.keys());
    if (sequence > last + 1) return "out_of_order";
    if (sequence <= last - REMEMBERED_MAX) return "already_taken";
    if (sequence <= last) return known.get(sequence) === text ? "" : "id_taken";
    known.set(sequence, text);
    this.#producers.delete(producer);
    this.#producers.set(producer, known);
    this.#evict();
    this.messages.push({ number, text });
    return "";
  }

  /** @param {string} producer @param {number} sequence */
  #known(producer, sequence) {
    const known = this.#producers.get(producer);
    if (known) return known;
    return sequence === 1 ? new Map() : this.#read(producer);
  }

  /** @param {string} producer */
  #read(producer) {
    const own = this.messages.filter(({ number }) => number.startsWith(producer));
    return new Map(own.map(({ number, text }) => [Number.parseInt(number.slice(16), 16), text]));
  }

  #evict() {
    const [oldest] = this.#producers.keys();
    if (oldest !== undefined && this.#producers.size > PRODUCERS_MAX) this.#producers.delete(oldest);
  }
}

/** One connection: what the page said and the house has not read, and what the house said. */
class ModelLine {
  /** @type {Said[]} */
  said = [];
  /** @type {Told[]} */
  told = [];
  isBroken = false;
}

/** What happens in one run. */
class Run {
  house = new ModelHouse();
  disk = new Disk();
  air = new Air();
  time = new Time();
  /** @type {Page[]} */
  pages = [];
  /** @type {ModelLine[]} */
  lines = [];
  /** What each document said, in its order. @type {Map<string, string[]>} */
  typed = new Map();
  /** What a browser that keeps nothing may have lost. @type {Set<string>} */
  unkept = new Set();
  /** Documents of which another one thought that they were gone. @type {Set<string>} */
  slept = new Set();
  ids = 0;
  isCalm = false;

  /** @param {() => number} random @param {boolean} isKept */
  constructor(random, isKept) {
    this.random = random;
    this.isKept = isKept;
  }

  get isBusy() {
    return this.isTalking || this.pages.some(({ waiting }) => waiting.length > 0);
  }

  get isTalking() {
    return this.lines.some(({ said, told, isBroken }) => said.length > 0 || (told.length > 0 && !isBroken));
  }

  /** @param {number} count */
  upTo(count) {
    return Math.floor(this.random() * count);
  }

  /** It was killed: what was under way is lost. */
  houseStarts() {
    for (const page of this.pages) page.breaks();
    this.lines = [];
  }

  async opensPage() {
    const page = new Page(this);
    await page.opens();
    this.pages.push(page);
    return page;
  }

  /** @param {ModelLine} line */
  reads(line) {
    const said = line.said.shift();
    if (!said) return;
    const { number } = said;
    const mood = this.isCalm ? 1 : this.random();
    const passing = ["slow_down", "busy"][this.upTo(2)];
    if (mood < 0.1) return void line.told.push({ type: "refused", number, code: passing });
    const code = this.house.take(said);
    const isTaken = code === "";
    if (isTaken && mood < 0.15) line.told.push({ type: "refused", number, code: "failed" });
    else if (isTaken) line.told.push({ type: "taken", number });
    else line.told.push({ type: "refused", number, code });
  }
}

/** One document of the browser. */
class Page {
  #run;
  #box = /** @type {Outbox} */ (/** @type {unknown} */ (undefined));
  #channel;
  #hears = /** @type {ChannelLike["onmessage"]} */ (null);
  /** @type {ModelLine | undefined} */
  #line;
  isAsleep = false;
  #isGone = false;

  /** @param {Run} run */
  constructor(run) {
    this.#run = run;
    this.self = `document-${(run.ids += 1)}`;
    this.#channel = run.air.channel();
    run.typed.set(this.self, []);
  }

  async opens() {
    const { disk, time, isKept } = this.#run;
    const { now } = time;
    /** @type {Timer} */
    const after = (ms, then) => time.after(ms, () => this.#isGone || then());
    const tabs = new Tabs(this.#channel);
    const makeId = () => `id-${(this.#run.ids += 1)}`;
    this.#box = new Outbox({
      store: await openLocalStore(() => (isKept ? disk.factory : undefined), SEAT, after),
      owners: new Owners({ self: this.self, locks: undefined, tabs, after }),
      send: ({ number, text }) => (this.#line?.said.push({ number, text }) ?? 0) > 0,
      unansweredMax: () => 64,
      after,
      now,
      makeId,
      makeProducer: () => `${(this.#run.ids += 1)}`.padStart(16, "b"),
    });
    this.#box.load();
  }

  async says() {
    const text = `${this.self} ${(this.#run.ids += 1)}${this.#run.upTo(12) === 0 ? " too long" : ""}`;
    this.#run.typed.get(this.self)?.push(text);
    await this.#box.say(text);
  }

  connects() {
    if (this.#line || this.isAsleep) return;
    this.#line = new ModelLine();
    this.#run.lines.push(this.#line);
    const newest = this.#run.house.messages.slice(-NEWEST);
    const backlog = newest.map(({ number }) => /** @type {Told} */ ({ type: "taken", number }));
    this.#line.told.push({ type: "open", number: "" }, ...backlog, { type: "whole", number: "" });
  }

  breaks() {
    if (this.#line) this.#line.isBroken = true;
    this.#line = undefined;
    this.#box.close();
  }

  hears() {
    const told = this.#line?.told.shift();
    if (told?.type === "open") void this.#box.open();
    if (told?.type === "whole") this.#box.catchUp();
    if (told?.type === "taken") this.#box.taken(told.number);
    if (told?.type === "refused") this.#box.refused(told.number, { code: told.code ?? "" });
  }

  /** The browser stops it: it neither hears nor sends. */
  sleeps() {
    if (this.isAsleep) return;
    this.breaks();
    this.isAsleep = true;
    this.#run.slept.add(this.self);
    this.#hears = this.#channel.onmessage;
    this.#channel.onmessage = null;
  }

  wakes() {
    if (!this.isAsleep) return;
    this.isAsleep = false;
    this.#channel.onmessage = this.#hears;
  }

  async goes() {
    this.breaks();
    this.#isGone = true;
    this.#channel.close();
    const kept = await this.#run.disk.text();
    for (const { text } of this.#box.entries) if (!kept.includes(`"${text}"`)) this.#run.unkept.add(text);
  }

  get waiting() {
    return this.#box.entries.filter(({ state }) => state === "waiting");
  }
}

/** @param {Run} run */
async function step(run) {
  const page = run.pages[run.upTo(run.pages.length)];
  const line = run.lines[run.upTo(run.lines.length)];
  const what = run.upTo(16);
  if (what < 4) await page?.says();
  else if (what < 6) page?.connects();
  else if (what < 9) page?.hears();
  else if (what < 12 && line) run.reads(line);
  else if (what === 12) page?.breaks();
  else if (what === 13) run.time.pass(run.upTo(3_000));
  else await upheaval(run, page);
  await settled();
}

/** @param {Run} run @param {Page | undefined} page */
async function upheaval(run, page) {
  const what = run.upTo(5);
  if (what === 0) run.houseStarts();
  else if (what === 1) run.disk.refuses = run.upTo(2) === 0 ? () => true : () => false;
  else if (what === 2) page?.sleeps();
  else if (what === 3) page?.wakes();
  else if (page) {
    run.pages = run.pages.filter((one) => one !== page);
    await page.goes();
    await run.opensPage();
  }
}

/**
 * Everything works again, until nothing waits. What a page left is looked for when a chat is opened.
 * @param {Run} run
 */
async function calm(run) {
  run.isCalm = true;
  run.disk.refuses = () => false;
  for (const page of run.pages) page.breaks();
  for (let round = 0; round < CALM_ROUNDS && (round < 2 || run.isBusy); round += 1) {
    for (const page of run.pages) {
      page.wakes();
      page.connects();
    }
    await converse(run);
    run.time.pass(2_000);
    await settled();
  }
}

/** Until nothing is under way. @param {Run} run */
async function converse(run) {
  await settled();
  for (let turn = 0; turn < CALM_TURNS && run.isTalking; turn += 1) {
    for (const line of run.lines) run.reads(line);
    for (const page of run.pages) page.hears();
    await settled();
  }
}

/** @param {Run} run @param {string} about */
function check({ house, typed, unkept, slept, pages }, about) {
  const texts = house.messages.map(({ text }) => text);
  assert.equal(new Set(texts).size, texts.length, `${about}: said twice`);
  for (const [self, said] of typed) {
    const due = said.filter((text) => !text.includes("too long"));
    const taken = texts.filter((text) => text.startsWith(`${self} `));
    const missing = due.filter((text) => !taken.includes(text) && !unkept.has(text));
    assert.deepEqual(missing, [], `${about}: swallowed`);
    const inOrder = due.filter((text) => taken.includes(text));
    if (!slept.has(self)) assert.deepEqual(taken, inOrder, `${about}: in another order`);
  }
  assert.deepEqual(
    pages.flatMap(({ waiting }) => waiting),
    [],
    `${about}: still waiting`,
  );
}

for (const [where, isKept] of /** @type {const} */ ([
  ["that keeps what waits, more or less", true],
  ["that keeps nothing", false],
])) {
  test(`two tabs of a browser ${where}: each message is taken once, in order`, async () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const run = new Run(randomOf(seed), isKept);
      await run.opensPage();
      await run.opensPage();
      for (let at = 0; at < STEPS; at += 1) await step(run);
      await calm(run);
      check(run, `seed ${seed}`);
    }
  });
}
