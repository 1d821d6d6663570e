// The service worker keeps the page's files and nothing else; the page can be installed.
import { Renewal } from "./renewal.js";
import { PLAIN_HTTP_HOST, WHOLE } from "./screens.js";
import { test as base, expect } from "./journey.js";

/** @typedef {import("./journey.js").Journey} Journey */
/** @typedef {import("@playwright/test").Page} Page */

const HASHED = /^assets\/[a-z]+\/[a-z-]+\.[0-9a-f]{12}\.[a-z]+$/;

/** By its path in the house. */
const EMPTY_PAGE = "";

/** - renewal: stands before the house, which can get another version */
const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{renewal: Renewal}, {}, Journey>} */ ({
    renewal: async ({}, use) => {
      const renewal = await Renewal.stand();
      await use(renewal);
      await renewal.close();
    },

    front: async ({ renewal }, use) => use(renewal),
  }),
);

test.use({ launchOptions: WHOLE });

test("what is kept of a whole journey: the empty page, files with a hash in their name, no answer", async ({
  device,
  house,
}) => {
  const browser = await device();
  const start = await browser.startPage();
  await isInstalled(start.page);
  const [forAnny, forAbhi] = await start.makes("Anny", "Abhi");
  const anny = await browser.walksIn(forAnny);
  const abhi = await browser.walksIn(forAbhi);
  await anny.says("hi");
  await abhi.hears("hi");
  await anny.reloads();
  await anny.says("there");
  const kept = await keptFiles(anny.page, house.url);
  expect(kept.length).toBeGreaterThan(2);
  expect(kept.filter((file) => !HASHED.test(file))).toEqual([EMPTY_PAGE]);
  await abhi.ends();
  await anny.seesTheEnd();
  const last = await keptFiles(anny.page, house.url);
  expect(last.filter((file) => !HASHED.test(file))).toEqual([EMPTY_PAGE]);
});

test("the names of the emoji are kept once they were asked for, and are there without the house", async ({
  pair,
  house,
  watch,
}) => {
  const { anny, abhi } = await pair();
  const { page } = anny;
  await isInstalled(page);
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  const emoji = (/** @type {string[]} */ files) => files.filter((file) => file.startsWith("assets/emoji/"));
  expect(emoji(await keptFiles(page, house.url))).toEqual([]);
  await page.locator(".message").click({ button: "right" });
  await page.getByRole("button", { name: "More emoji" }).click();
  await expect(page.getByRole("button", { name: "red heart" })).toBeVisible();
  await expect.poll(async () => emoji(await keptFiles(page, house.url)).length).toBe(1);
  watch.houseMayBeAway = true;
  await house.kill();
  const found = await page.locator('link[data-emoji="en"]').evaluate(async (link) => {
    return (await fetch(Reflect.get(link, "href"))).text();
  });
  expect(found).toContain("red heart");
});

test("a new version is used at the next load, and nothing of the old one is kept", async ({
  device,
  house,
  invites,
  renewal,
}) => {
  const anny = await (await device()).comesIn(invites.anny);
  await isInstalled(anny.page);
  await anny.reloads();
  const { old, renewed } = renewal.names;
  await expect.poll(() => keptFiles(anny.page, house.url)).toContain(old);

  renewal.comes();
  await anny.reloads();
  expect(renewal.asked).toContain(`/${renewed}`);
  await anny.says("said by the new one");
  await anny.page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect.poll(() => keptFiles(anny.page, house.url)).not.toContain(old);
  await anny.reloads();
  await expect.poll(() => keptFiles(anny.page, house.url)).toContain(renewed);
  await anny.says("and it goes on");
});

for (const [way, status] of /** @type {[string, number?][]} */ ([
  ["is away"],
  ["is behind a proxy that says so", 502],
  ["is behind a cloud that says so", 521],
])) {
  test(`a page that is loaded while the house ${way} shows what waits, and goes on by itself`, async ({
    device,
    house,
    invites,
    watch,
    renewal,
  }) => {
    const anny = await (await device()).comesIn(invites.anny);
    const abhi = await house.guest(invites.abhi);
    await anny.says("before");
    await isInstalled(anny.page);
    await expect.poll(() => keptFiles(anny.page, house.url)).toContain(EMPTY_PAGE);
    watch.houseMayBeAway = true;
    if (status) renewal.saysItIsAway(status);
    await house.kill();
    await anny.queues("while it was away");
    await anny.reloads();
    await anny.isWaitingToSend("while it was away");
    await anny.knowsItIsOffline();
    await house.open();
    await anny.sees("before", "while it was away");
    await anny.isMarked("while it was away", "Sent");
    expect(abhi.found).toEqual([]);
  });
}

test("a link with more behind its address opens the house's page while the house is away", async ({
  device,
  house,
  invites,
  watch,
  renewal,
}) => {
  const browser = await device();
  const anny = await browser.comesIn(invites.anny);
  await isInstalled(anny.page);
  await expect.poll(() => keptFiles(anny.page, house.url)).toContain(EMPTY_PAGE);
  watch.houseMayBeAway = true;
  renewal.saysItIsAway(503);
  await house.kill();
  const token = invites.abhi.link.split("#")[1] ?? "";
  const person = await browser.opensPath(`j?fbclid=x#${token}`);
  await person.isTold("Can’t reach the house right now");
  await person.isNoLongerTold("Sorry");
});

test("what is kept of the page is the same for everybody and has nothing of a chat in it", async ({
  device,
  house,
  invites,
}) => {
  const anny = await (await device()).comesIn(invites.anny);
  await isInstalled(anny.page);
  await expect.poll(() => keptFiles(anny.page, house.url)).toContain(EMPTY_PAGE);
  const [kept, served] = await anny.page.evaluate(async (address) => {
    const found = await caches.match(address);
    return [await found?.text(), await (await fetch(address)).text()];
  }, house.url);
  expect(kept).toBe(served);
});

test("the manifest names the house, where it begins, and icons that are there", async ({ device, house }) => {
  const { page } = await (await device()).startPage();
  const address = await page.locator('link[rel="manifest"]').evaluate((link) => Reflect.get(link, "href"));
  const answer = await page.request.get(address);
  expect(answer.headers()["content-type"]).toContain("application/manifest+json");
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ name: "Parlour", short_name: "Parlour", display: "standalone" });
  for (const key of ["start_url", "scope"]) expect(new URL(manifest[key], address).href).toBe(house.url);
  const purposes = new Set();
  for (const { src, type, purpose } of manifest.icons) {
    const icon = await page.request.get(new URL(src, address).href);
    expect(icon.ok()).toBe(true);
    expect(icon.headers()["content-type"]).toContain(type);
    purposes.add(purpose);
  }
  expect(purposes).toEqual(new Set(["any", "maskable"]));
  const tools = await page.context().newCDPSession(page);
  expect((await tools.send("Page.getAppManifest")).errors).toEqual([]);
});

test.describe("on plain HTTP", () => {
  test.use({ host: PLAIN_HTTP_HOST });

  test("there is no service worker, nothing is kept, and two people talk", async ({ pair }) => {
    const { anny, abhi } = await pair();
    await anny.says("hi");
    await abhi.hears("hi");
    expect(await anny.page.evaluate(() => "serviceWorker" in navigator || "caches" in window)).toBe(false);
  });
});

/** @param {Page} page */
async function isInstalled(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/**
 * Everything in the browser's caches, by its path in the house.
 * @param {Page} page
 * @param {string} house
 */
async function keptFiles(page, house) {
  const addresses = await page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map((request) => request.url);
  });
  return addresses.map((address) => address.replace(house, ""));
}
