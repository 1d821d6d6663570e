// Lines that die, lose, reset and half-close while both write: the page comes back by itself, without a
// reload, and everything stands once and in one order.
import { test as base, expect } from "./journey.js";
import { Cable } from "./cable.js";

/**
 * @typedef {import("./journey.js").Journey} Journey
 * @typedef {import("./journey.js").Person} Person
 * @typedef {{anny: Person, abhi: Person}} Pair
 * @typedef {import("@playwright/test").PlaywrightWorkerArgs} WorkerParts
 */

const PATIENCE_MS = 3_000;
const HOUR = "01:00:00";
/** Longer than a page waits for a word of the house. */
const SILENCE_MS = 41_000;
/** Longer than a page waits for an answer. */
const ANSWER_MS = 21_000;

const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{cable: Cable, both: Pair}, {}, Journey, WorkerParts>} */ ({
    cable: async ({}, use) => {
      const cable = await Cable.laid();
      await use(cable);
      await cable.close();
    },

    front: async ({ cable }, use) => use(cable),

    // With clocks that can be put forward, and on pages that may not be loaded again.
    both: async ({ device, invites, watch }, use) => {
      const [first, second] = [await device(), await device()];
      for (const { context } of [first, second]) await context.clock.install();
      const both = { anny: await first.comesIn(invites.anny), abhi: await second.comesIn(invites.abhi) };
      for (const person of people(both)) {
        await person.isTold(/^online$/);
        await person.page.evaluate(watchTheBanner);
      }
      watch.houseMayBeAway = true;
      await use(both);
    },
  }),
);

test("connections that are reset again and again", async ({ both, cable }) => {
  for (const round of ["one", "two", "three"]) {
    await bothWrite(both, round);
    cable.resets();
  }
  await haveEverything(both, "one", "two", "three");
  await neverSawABanner(both);
});

test("connections that are closed at one end alone", async ({ both, cable }) => {
  await bothWrite(both, "one");
  cable.halfCloses("page");
  await bothWrite(both, "two");
  await haveEverything(both, "one", "two");
  cable.halfCloses("house");
  await bothWrite(both, "three");
  await haveEverything(both, "one", "two", "three");
  await neverSawABanner(both);
});

for (const [what, breaks] of /** @type {[string, (cable: Cable) => void][]} */ ([
  ["that are dead and do not know it", (cable) => cable.dies()],
  ["on which everything is lost", (cable) => cable.loses()],
  ["whose answers are lost", (cable) => cable.losesAnswers()],
])) {
  test(`connections ${what}, and another network`, async ({ both, cable }) => {
    await bothWrite(both, "one");
    await haveEverything(both, "one");
    breaks(cable);
    await bothWrite(both, "two");
    for (const { page } of people(both)) await page.evaluate(() => dispatchEvent(new Event("online")));
    await haveEverything(both, "one", "two");
  });
}

test("a laptop that slept and is looked at again", async ({ both, cable }) => {
  cable.dies();
  await bothWrite(both, "one");
  await both.abhi.looksAway();
  await both.abhi.looksAgain();
  await both.anny.page.clock.fastForward(HOUR);
  await haveEverything(both, "one");
});

test("a house that says nothing more, and no sign why", async ({ both, cable }) => {
  cable.dies();
  await bothWrite(both, "one");
  for (const { page } of people(both)) await page.clock.runFor(SILENCE_MS);
  await haveEverything(both, "one");
});

test("the loss of the line is told after three seconds, and until it is back", async ({ both, cable }) => {
  const cutAt = Date.now();
  cable.cuts();
  await bothWrite(both, "one");
  for (const person of people(both)) {
    await person.knowsItIsOffline();
    const shownAt = await person.page.evaluate(() => Reflect.get(window, "banner").at);
    expect(shownAt - cutAt).toBeGreaterThanOrEqual(PATIENCE_MS);
    await person.isWaitingToSend(`${name(both, person)} one`);
  }
  cable.heals();
  await haveEverything(both, "one");
  for (const person of people(both)) await person.isNoLongerTold("No connection");
});

test("a code whose answer never comes is tried again", async ({ device, invites, cable }) => {
  const browser = await device();
  await browser.context.clock.install();
  const anny = await browser.opens(invites.anny);
  await anny.isGreeted("Anny");
  cable.dies();
  await anny.enters(invites.anny.code);
  await expect(anny.page.getByRole("button", { name: "Opening the chat" })).toBeDisabled();
  await anny.page.clock.runFor(ANSWER_MS);
  await anny.isRefused("reach the house right now");
  await anny.enters(invites.anny.code);
  await anny.isIn("Abhi");
});

/** @param {Pair} both */
function people({ anny, abhi }) {
  return [anny, abhi];
}

/** @param {Pair} both @param {Person} person */
function name({ anny }, person) {
  return person === anny ? "Anny" : "Abhi";
}

/** Each says so, whether or not it can be sent now. @param {Pair} both @param {string} what */
async function bothWrite(both, what) {
  await Promise.all(people(both).map((person) => person.queues(`${name(both, person)} ${what}`)));
}

/** Once, in one order, on the pages that they had. @param {Pair} both @param {string[]} what */
async function haveEverything(both, ...what) {
  const texts = what.flatMap((words) => [`Anny ${words}`, `Abhi ${words}`]);
  for (const person of people(both)) {
    await person.hasEachOnce(...texts);
    await expect(person.page.locator('[data-receipt="WAITING"]')).toHaveCount(0);
    await person.isTold(/^online$/);
    const isTheSamePage = await person.page.evaluate(() => "banner" in window);
    expect(isTheSamePage, "it was loaded again").toBe(true);
  }
  expect(await both.anny.conversation()).toEqual(await both.abhi.conversation());
}

/** @param {Pair} both */
async function neverSawABanner(both) {
  for (const { page } of people(both)) {
    expect(await page.evaluate(() => Reflect.get(window, "banner").at)).toBe(0);
  }
}

/** Notes when the loss of the line was first told. */
function watchTheBanner() {
  const banner = { at: 0 };
  Reflect.set(window, "banner", banner);
  const notice = document.querySelector("parlour-notices .offline");
  if (!notice) throw new Error("no banner");
  const look = () => {
    if (notice.textContent !== "") banner.at ||= Date.now();
  };
  new MutationObserver(look).observe(notice, { childList: true, subtree: true, characterData: true });
}
