// An outbox in a tab of its own, with a house that the test plays. Used by the tests of the outbox.
import { Outbox } from "../../assets/app/models/outbox.js";
import { Owners } from "../../assets/app/models/owners.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Refusal } from "../../assets/app/models/refusal.js";
import { Tabs } from "../../assets/app/models/tabs.js";
import { Air, Disk, Time, settled } from "./fakes.js";
import { SEAT } from "./page.js";

let count = 0;

/**
 * A tab that was just opened.
 * @param {{disk?: Disk, time?: Time, air?: Air, unansweredMax?: number, locks?: DocumentLocks}} [shared]
 */
export async function outbox({
  disk = new Disk(),
  time = new Time(),
  air = new Air(),
  unansweredMax = 64,
  locks = /** @type {DocumentLocks | undefined} */ (undefined),
} = {}) {
  /** What was sent: the text, and the sequence of its number. @type {[string, number][]} */
  const sent = [];
  /** What the house was asked to change. @type {MessageCommand[]} */
  const changes = [];
  /** How it answers, and whether the page was about to go. @type {{refuses?: string, isLeft?: boolean}} */
  const house = {};
  let seq = 0;
  /** @type {string[]} */
  const producers = [];
  count += 1;
  const channel = air.channel();
  const tabs = new Tabs(channel);
  const box = new Outbox({
    store: await openLocalStore(() => disk.factory, SEAT, time.after),
    owners: new Owners({ self: `document-${count}`, locks, tabs, after: time.after }),
    send: ({ number, text }) => sent.push([text, sequence(number)]) > 0,
    change: async (command, isLeaving) => {
      changes.push(command);
      house.isLeft = isLeaving;
      if (house.refuses) throw new Refusal({ code: house.refuses });
    },
    unansweredMax: () => unansweredMax,
    after: time.after,
    now: time.now,
    makeId: () => `id-${(count += 1)}`,
    makeProducer: () => {
      producers.push(`${(count += 1)}`.padStart(16, "a"));
      return producers.at(-1) ?? "";
    },
  });
  box.load();
  await settled();
  time.pass(300);
  await settled();
  /** @param {string} text */
  const entryOf = (text) => box.entries.find((entry) => entry.text === text);
  const numberOf = (/** @type {string} */ text) => entryOf(text)?.number ?? "";
  const opens = async ({ isGapless = true } = {}) => {
    void box.open();
    await settled();
    time.pass(300);
    await settled();
    box.catchUp(isGapless);
    await settled();
  };
  const says = async (/** @type {string[]} */ ...texts) => {
    for (const text of texts) await box.say(text);
    await settled();
  };
  const takes = async (/** @type {string[]} */ ...texts) => {
    for (const text of texts) box.taken(numberOf(text), (seq += 1));
    await settled();
  };
  const refuses = async (/** @type {string} */ text, /** @type {string} */ code, retryAfter = 0) => {
    box.refused(numberOf(text), { code, retryAfter });
    await settled();
  };
  const passes = async (/** @type {number} */ ms) => {
    time.pass(ms);
    await settled();
  };
  const edits = async (/** @type {string} */ text, /** @type {string} */ wanted) => {
    const isOurs = await box.edit(/** @type {OutboxEntry} */ (entryOf(text)), wanted);
    await settled();
    return isOurs;
  };
  const deletes = async (/** @type {string} */ text) => {
    const entry = /** @type {OutboxEntry} */ (entryOf(text));
    const isOurs = await box.delete(entry);
    await settled();
    return { entry, isOurs };
  };
  const texts = () => sent.splice(0).map(([text]) => text);
  const reloads = () => {
    tabs.close();
    box.close();
    return outbox({ disk, time, air });
  };
  const does = { opens, says, takes, refuses, passes, edits, deletes, texts, reloads };
  return { box, sent, changes, house, producers, time, disk, air, channel, entryOf, numberOf, ...does };
}

/** @param {string} number */
const sequence = (number) => Number.parseInt(number.slice(16), 16);
