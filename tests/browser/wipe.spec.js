// What people wrote is gone from the files of a real browser when their chat has ended.
//
// A word that nobody else would write (the canary) stands in everything that two people say, type and are
// called. Before the end it must be found in the files: then it is known that looking for it finds it.
import { randomInt } from "node:crypto";
import { Device } from "./device.js";
import { test as base, expect } from "./journey.js";
import { Profile } from "./profile.js";
import { isSignedOut, makesANewLink } from "./access.js";

/** @typedef {import("./journey.js").Journey} Journey */
/** @typedef {import("./house.js").Invite} Invite */

const WRITTEN = { timeout: 60_000, intervals: [500] };
/** A file that was read goes when the browser has collected its reader, which it is asked to do at once. */
const GONE = { timeout: 90_000, intervals: [500] };

/**
 * - profile: the files of Anny's browser, closed
 * - canary: found nowhere but in what people of this test wrote
 * - annys: starts Anny's browser
 */
const test = base.extend(
  /**
   * @type {import("@playwright/test").Fixtures<{profile: Profile, canary: string,
   *   annys: () => Promise<Device>}, {}, Journey>}
   */ ({
    profile: async ({}, use) => {
      const profile = await Profile.make();
      await use(profile);
      await profile.remove();
    },

    canary: async ({}, use) => {
      await use(rareWord());
    },

    annys: async ({ profile, house, watch }, use) => {
      await use(async () => {
        const context = await profile.open();
        await watch.over(context);
        return new Device(context, house, watch);
      });
    },
  }),
);

test.slow();

test("the other ended it: nothing that was written is left in the browser's files", async ({
  annys,
  device,
  profile,
  canary,
  house,
}) => {
  const { anny, abhi, codes } = await talks(await annys(), await device(), canary);
  await areWritten(profile, canary);
  await abhi.ends();
  anny.opensTheGate();
  await anny.seesTheEnd();
  await profile.collectsGarbage();
  await expect.poll(() => profile.holds(canary, ...codes), GONE).toEqual([]);
  await profile.close();
  expect(await profile.holds(canary, ...codes)).toEqual([]);
  expect(await profile.holds(`${house.url}api/`), "answers of the house").toEqual([]);
});

test("the person who ends it keeps nothing of what was written either", async ({
  annys,
  device,
  profile,
  canary,
}) => {
  const { anny, abhi, codes } = await talks(await annys(), await device(), canary);
  await areWritten(profile, canary);
  await anny.ends();
  await abhi.seesTheEnd();
  await profile.collectsGarbage();
  await expect.poll(() => profile.holds(canary, ...codes), GONE).toEqual([]);
  await profile.close();
  expect(await profile.holds(canary, ...codes)).toEqual([]);
});

test("a device that is signed out keeps nothing of what was written", async ({
  annys,
  device,
  profile,
  canary,
}) => {
  const { anny, abhi, codes } = await talks(await annys(), await device(), canary);
  await areWritten(profile, canary);
  await makesANewLink(abhi, `Anny ${canary}`, { signsOut: true });
  anny.opensTheGate();
  await isSignedOut(anny);
  await anny.isTold(`${canary} draft`);
  await profile.collectsGarbage();
  await expect.poll(() => profile.holds(canary, ...codes), GONE).toEqual([]);
  await profile.close();
  expect(await profile.holds(canary, ...codes)).toEqual([]);
});

test("a browser that was closed when the chat ended keeps nothing once it has been opened again", async ({
  annys,
  device,
  profile,
  canary,
}) => {
  const { abhi, codes } = await talks(await annys(), await device(), canary);
  await areWritten(profile, canary);
  await profile.close();
  await abhi.ends();
  expect(await profile.holds(`${canary} draft`)).not.toEqual([]);

  await (await annys()).startPage();
  await profile.collectsGarbage();
  await expect.poll(() => profile.holds(canary, ...codes), GONE).toEqual([]);
  await profile.close();
  expect(await profile.holds(canary, ...codes)).toEqual([]);
});

test("a link leaves the address at once, is kept for a reload, and goes when somebody is in", async ({
  annys,
  profile,
  invites,
}) => {
  const token = invites.anny.link.split("#")[1] ?? "";
  const anny = await (await annys()).opens(invites.anny);
  await anny.isGreeted("Anny");
  expect(new URL(anny.page.url()).hash).toBe("");
  expect(await anny.page.evaluate(entries)).not.toContain(token);
  await expect.poll(async () => (await profile.holds(token)).filter(isOfThePage), WRITTEN).not.toEqual([]);
  await anny.page.reload();
  await anny.isGreeted("Anny");
  await anny.enters(invites.anny.code);
  await anny.isIn("Abhi");
  expect(await anny.page.evaluate(entries)).not.toContain(token);
  await profile.collectsGarbage();
  await expect.poll(async () => (await profile.holds(token)).filter(isOfThePage), GONE).toEqual([]);
});

/** All addresses that this tab can go back to, and what is kept with this one. */
function entries() {
  const addresses = navigation.entries().map(({ url }) => url);
  return JSON.stringify([addresses, history.state]);
}

/** Not the list of what was opened, which is the browser's own. @param {string} find */
function isOfThePage(find) {
  return /(IndexedDB|Local Storage|Session Storage|Service Worker)/.test(find);
}

/**
 * Anny starts the chat in her browser and goes in, Abhi comes in by link, and both write something.
 * @param {Device} annys
 * @param {Device} abhis
 * @param {string} canary
 */
async function talks(annys, abhis, canary) {
  const start = await annys.startPage();
  const [forAnny, forAbhi] = await start.makes(`Anny ${canary}`, `Abhi ${canary}`);
  const anny = await start.takesIn(forAnny.name);
  await anny.wants("Show a notification", "Show sender and text");
  const abhi = await abhis.walksIn(forAbhi);
  await anny.looksAway();
  await abhi.says(`${canary} heard and notified`);
  await anny.hears(`${canary} heard and notified`);
  await anny.looksAgain();
  await anny.says(`${canary} said`);
  await abhi.hears(`${canary} said`);
  await anny.hasAGate();
  await anny.closesTheGate();
  await anny.queues(`${canary} waits`);
  await anny.writes(`${canary} draft`);
  await edits(anny, `${canary} said`, `${canary} edit`);
  return { anny, abhi, codes: [forAnny.code, forAnny.code.replace("-", "")] };
}

/**
 * Without sending it: what was half-written before waits beside it.
 * @param {import("./journey.js").Person} anny
 * @param {string} text
 * @param {string} wanted
 */
async function edits(anny, text, wanted) {
  await anny.page.locator(".message").filter({ hasText: text }).click({ button: "right" });
  await anny.page.getByRole("dialog").getByRole("button", { name: "Edit" }).click();
  await anny.writes(wanted);
}

/** Twelve letters, none of them twice and no pair of them common: no packing of a file takes it apart. */
function rareWord() {
  const letters = [..."bcdfghjklmnpqrtvwxz"].map((letter) => ({ letter, at: randomInt(1e9) }));
  const mixed = letters.sort((one, other) => one.at - other.at).map(({ letter }) => letter);
  return mixed.slice(0, 12).join("");
}

/**
 * Fails unless a search for the canary finds it.
 * @param {Profile} profile
 * @param {string} canary
 */
async function areWritten(profile, canary) {
  for (const what of ["draft", "edit", "waits"])
    await expect.poll(() => profile.holds(`${canary} ${what}`), WRITTEN).not.toEqual([]);
}
