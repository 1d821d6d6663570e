// What a first chat costs a line that has to be paid by the byte.
import { test as base, expect } from "./journey.js";
import { Scales } from "./scales.js";

/** @typedef {import("./journey.js").Journey} Journey */

/** What comes packed by brotli over HTTPS comes packed by gzip over plain HTTP, and weighs a tenth more. */
const WEIGHT_MAX = { https: 69 * 1024, http: 73 * 1024 };
/** Asked for ten seconds after the chat was opened. */
const LATER = /dialogs/;
const REQUESTS_MAX = 12;

const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{scales: Scales}, {}, Journey>} */ ({
    scales: async ({}, use) => {
      const scales = await Scales.set();
      await use(scales);
      await scales.close();
    },

    front: async ({ scales }, use) => use(scales),
  }),
);

test("a first chat by link costs at most 69 KB by HTTPS, 73 KB by HTTP, and 12 requests", async ({
  device,
  invites,
  scales,
}, info) => {
  const anny = await (await device()).walksIn(invites.anny);
  await anny.says("hi");
  await anny.looksAtTheManifest();
  await expect.poll(() => scales.isQuiet).toBe(true);
  scales.leaveOut(LATER);
  console.log(scales.told(`link, code, first message (${info.project.name})`));
  expect(scales.bodies + scales.heads).toBeLessThanOrEqual(most(info));
  expect(scales.weighed.length).toBeLessThanOrEqual(REQUESTS_MAX);
});

test("starting a chat and going in oneself costs at most 69 KB by HTTPS and 73 KB by HTTP", async ({
  device,
  scales,
}, info) => {
  const start = await (await device()).startPage();
  await start.makes("Anny", "Abhi");
  const anny = await start.takesIn("Anny");
  await anny.says("hi");
  await anny.looksAtTheManifest();
  await expect.poll(() => scales.isQuiet).toBe(true);
  scales.leaveOut(LATER);
  console.log(scales.told(`start, invites, first message (${info.project.name})`));
  expect(scales.bodies + scales.heads).toBeLessThanOrEqual(most(info));
});

/** @param {import("@playwright/test").TestInfo} info */
function most({ project }) {
  return project.name === "phone" ? WEIGHT_MAX.http : WEIGHT_MAX.https;
}
