// Outboxes of one seat against a house that keeps to docs/protocol.md, "Once and in order", over lines that
// break at any moment: each message is taken once, and those of a page in their order; what people edit or
// delete meanwhile is in the end as they wanted it. The house here shares no code with the real one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../assets/app/models/outbox.js";
import { textOf } from "../../assets/app/models/outbox-entry.js";
import { Owners } from "../../assets/app/models/owners.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Refusal } from "../../assets/app/models/refusal.js";
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
/** @typedef {Said & {isChanged?: boolean, isGone?: boolean}} Message */
/** @typedef {"taken" | "refused" | "open" | "whole"} ToldType */
/** @typedef {{type: ToldType, number: string, seq: number, code?: string}} Told */
/**
 * What a person wants of a message: its text, and whether it shall be there. `isMoved`: its place is not the
 * one in which it was typed.
 * @typedef {{id: string, self: string, text: string, isDeleted: boolean, isMoved: boolean}} Wish
 */

class ModelHouse {
  /** @type {Message[]} */
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
    if (sequence <= last) return this.#isSame(number, text) ? "" : "id_taken";
    known.set(sequence, text);
    this.#producers.delete(producer);
    this.#producers.set(producer, known);
    this.#evict();
    this.messages.push({ number, text });
    return "";
  }

  /** What was changed since counts as the same. @param {string} number @param {string} text */
  #isSame(number, text) {
    const message = this.messages[this.seqOf(number) - 1];
    return message !== undefined && (message.isChanged || message.text === text);
  }

  /** @param {string} number */
  seqOf(number) {
    return this.messages.findIndex((message) => message.number === number) + 1;
  }

  /** @param {MessageCommand} command @returns {string} the code of a refusal, if there is one */
  change(command) {
    const message = this.messages[command.seq - 1];
    if (!message || message.isGone) return command.of === "chat-delete" ? "" : "gone";
    message.isChanged = true;
    if (command.of === "chat-delete") message.isGone = true;
    else if (command.of === "chat-edit") message.text = command.text;
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
  /** In the order in which they were typed, by the ids of their entries. @type {Map<string, Wish>} */
  wishes = new Map();
  /** The texts that went out, whether or not the house heard them. @type {Set<string>} */
  sent = new Set();
  /** What shall never go out: it was changed before that. @type {Set<string>} */
  unsaid = new Set();
  /** What a browser that keeps nothing may have lost, by the ids of the entries. @type {Set<string>} */
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

  /** What waits on the disk. @returns {Promise<OutboxEntry[]>} */
  async kept() {
    const rows = [...this.disk.databases.values()].flatMap((tables) => [
      ...(tables.get("messages")?.rows.values() ?? []),
    ]);
    return Promise.all(
      rows.map(async ({ text, edit, ...row }) => {
        return { ...row, text: await text.text(), edit: await edit?.text() };
      }),
    );
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
    if (mood < 0.1) return void line.told.push({ type: "refused", number, seq: 0, code: passing });
    const code = this.house.take(said);
    const isTaken = code === "";
    const seq = this.house.seqOf(number);
    if (isTaken && mood < 0.15) line.told.push({ type: "refused", number, seq: 0, code: "failed" });
    else if (isTaken) line.told.push({ type: "taken", number, seq });
    else line.told.push({ type: "refused", number, seq: 0, code });
  }

  /** @param {MessageCommand} command */
  changes(command) {
    const mood = this.isCalm ? 1 : this.random();
    if (mood < 0.1) throw new Refusal({ code: "busy" });
    const code = this.house.change(command);
    if (code) throw new Refusal({ code });
    // The answer is lost.
    if (mood < 0.2) throw new Refusal({ code: "unreachable" });
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
  /** @type {OutboxEntry | undefined} */
  #deleted;
  isAsleep = false;
  #isGone = false;
  /** From the first time on that it caught up it misses nothing. */
  #hasHeardAll = false;

  /** @param {Run} run */
  constructor(run) {
    this.#run = run;
    this.self = `document-${(run.ids += 1)}`;
    this.#channel = run.air.channel();
  }

  async opens() {
    const { disk, time, isKept } = this.#run;
    /** @type {Timer} */
    const after = (ms, then) => time.after(ms, () => this.#isGone || then());
    const tabs = new Tabs(this.#channel);
    const makeId = () => `id-${(this.#run.ids += 1)}`;
    this.#box = new Outbox({
      store: await openLocalStore(() => (isKept ? disk.factory : undefined), SEAT, after),
      owners: new Owners({ self: this.self, locks: undefined, tabs, after }),
      send: (entry) => this.#sends(entry),
      change: async (command) => {
        if (!this.#line) throw new Refusal({ code: "unreachable" });
        this.#run.changes(command);
      },
      unansweredMax: () => 64,
      after,
      now: time.now,
      makeId,
      makeProducer: () => `${(this.#run.ids += 1)}`.padStart(16, "b"),
    });
    this.#box.load();
  }

  /** @param {SentEntry} entry */
  #sends({ number, text }) {
    if (!this.#line) return false;
    this.#run.sent.add(text);
    this.#line.said.push({ number, text });
    return true;
  }

  async says() {
    const { self } = this;
    const id = `id-${(this.#run.ids += 1)}`;
    const text = `<${id}>${this.#run.upTo(12) === 0 ? " too long" : ""}`;
    this.#run.wishes.set(id, { id, self, text, isDeleted: false, isMoved: false });
    await this.#box.say(text, id);
  }

  /** Something that waits here gets another text. */
  async edits() {
    const { entry, wish } = this.#anything();
    if (!entry || !wish) return;
    const before = entry.text;
    const wasUnsent = entry.number === undefined && !this.#run.sent.has(before);
    const text = `<${wish.id}> edited ${(this.#run.ids += 1)}`;
    if (!(await this.#box.edit(entry, text))) return;
    if (wasUnsent) this.#run.unsaid.add(before);
    // What was refused and is mended is behind what was said meanwhile.
    if (wish.text.includes("too long")) wish.isMoved = true;
    wish.text = text;
  }

  async deletes() {
    const { entry, wish } = this.#anything();
    if (!entry || !wish) return;
    this.decides();
    const wasUnsent = entry.number === undefined && !this.#run.sent.has(entry.text);
    if (!(await this.#box.delete(entry))) return;
    if (wasUnsent) this.#run.unsaid.add(entry.text);
    wish.isDeleted = true;
    this.#deleted = entry;
  }

  /** What was deleted last is brought back, or stays deleted. */
  decides() {
    const entry = this.#deleted;
    const wish = this.#run.wishes.get(entry?.id ?? "");
    this.#deleted = undefined;
    if (!entry || !wish) return;
    if (this.#run.isCalm || this.#run.upTo(2) === 0) return this.#box.confirm(entry, false);
    Object.assign(wish, { isDeleted: false, isMoved: true });
    this.#run.unsaid.delete(entry.text);
    this.#box.restore(entry);
  }

  #anything() {
    const { shown } = this.#box;
    const entry = shown[this.#run.upTo(shown.length)];
    return { entry, wish: this.#run.wishes.get(entry?.id ?? "") };
  }

  connects() {
    if (this.#line || this.isAsleep) return;
    this.#line = new ModelLine();
    this.#run.lines.push(this.#line);
    const { house } = this.#run;
    const newest = house.messages.slice(this.#hasHeardAll ? 0 : -NEWEST);
    const backlog = newest.map(({ number }) => {
      return /** @type {Told} */ ({ type: "taken", number, seq: house.seqOf(number) });
    });
    const plain = { number: "", seq: 0 };
    this.#line.told.push({ type: "open", ...plain }, ...backlog, { type: "whole", ...plain });
  }

  breaks() {
    if (this.#line) this.#line.isBroken = true;
    this.#line = undefined;
    this.#box.close();
  }

  hears() {
    const told = this.#line?.told.shift();
    if (told?.type === "open") void this.#box.open();
    if (told?.type === "whole") this.#catchUp();
    if (told?.type === "taken") this.#box.taken(told.number, told.seq);
    if (told?.type === "refused") this.#box.refused(told.number, { code: told.code ?? "" });
  }

  #catchUp() {
    this.#box.catchUp(this.#hasHeardAll);
    this.#hasHeardAll = true;
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
    this.decides();
    await settled();
    this.breaks();
    await settled();
    this.#isGone = true;
    this.#channel.close();
    const kept = new Map((await this.#run.kept()).map((row) => [row.id, row]));
    for (const entry of this.#box.entries) {
      const row = kept.get(entry.id);
      const isKept = row && row.isDeleted === entry.isDeleted && textOf(row) === textOf(entry);
      if (!isKept) this.#run.unkept.add(entry.id);
    }
  }

  get waiting() {
    return this.#box.entries.filter(({ state }) => state === "waiting");
  }
}

/** @param {Run} run */
async function step(run) {
  const page = run.pages[run.upTo(run.pages.length)];
  const line = run.lines[run.upTo(run.lines.length)];
  const what = run.upTo(19);
  if (what < 4) await page?.says();
  else if (what < 6) page?.connects();
  else if (what < 9) page?.hears();
  else if (what < 12 && line) run.reads(line);
  else if (what < 14) interruption(run, page);
  else if (what < 17) await changesHerMind(run, page);
  else await upheaval(run, page);
  await settled();
}

/** @param {Run} run @param {Page | undefined} page */
function interruption(run, page) {
  if (run.upTo(2) === 0) page?.breaks();
  else run.time.pass(run.upTo(3_000));
}

/** Nobody does so in a page that the browser has stopped. @param {Run} run @param {Page | undefined} page */
async function changesHerMind(run, page) {
  const what = page?.isAsleep ? 3 : run.upTo(3);
  if (what === 0) await page?.edits();
  else if (what === 1) await page?.deletes();
  else if (what === 2) page?.decides();
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
 * Everything works again, until nothing waits. A chat that is opened looks for what a page left or gave up.
 * @param {Run} run
 */
async function calm(run) {
  run.isCalm = true;
  run.disk.refuses = () => false;
  for (const page of run.pages) page.decides();
  for (let round = 0; round < CALM_ROUNDS && (round < 2 || run.isBusy); round += 1) {
    for (const page of run.pages) {
      page.wakes();
      page.breaks();
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
function check({ house, wishes, sent, unsaid, unkept, slept, pages }, about) {
  const idOf = (/** @type {Said} */ { text }) => /<(.*)>/.exec(text)?.[1] ?? "";
  const ids = house.messages.map(idOf);
  assert.equal(new Set(ids).size, ids.length, `${about}: said twice`);
  const said = new Map(house.messages.filter(({ isGone }) => !isGone).map((one) => [idOf(one), one.text]));
  const certain = [...wishes.values()].filter(({ id, self }) => !unkept.has(id) && !slept.has(self));
  for (const { id, text, isDeleted } of certain) {
    const isDue = !isDeleted && !text.includes("too long");
    assert.equal(said.get(id), isDue ? text : undefined, `${about}: not as it was wanted`);
  }
  const swallowed = [...wishes.values()].filter(
    ({ id, text, isDeleted }) =>
      !isDeleted && !text.includes("too long") && !unkept.has(id) && !ids.includes(id),
  );
  assert.deepEqual(swallowed, [], `${about}: swallowed`);
  const never = [...unsaid].filter((text) => sent.has(text));
  assert.deepEqual(never, [], `${about}: sent as it was before it was changed`);
  for (const page of new Set(certain.map(({ self }) => self))) {
    const inPlace = certain.filter(({ id, self, isMoved }) => self === page && !isMoved && ids.includes(id));
    const typed = inPlace.map(({ id }) => id);
    const taken = ids.filter((id) => typed.includes(id));
    assert.deepEqual(taken, typed, `${about}: in another order`);
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
