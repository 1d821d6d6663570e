// Behind real proxies: the page opens, the socket is there, a code lets in, both talk. Behind one that
// changes requests the page says so.
import { test as base, expect } from "../journey.js";
import { Front, KINDS } from "./front.js";

/**
 * @typedef {import("../journey.js").Journey} Journey
 * @typedef {import("@playwright/test").PlaywrightWorkerArgs} WorkerParts
 * @typedef {{kind: string, front: Front}} Proxied
 */

const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<Proxied, {}, Journey, WorkerParts>} */ ({
    kind: ["", { option: true }],

    front: async ({ kind }, use) => {
      const made = KINDS[kind];
      if (!made) throw new Error(`there is no proxy called ${kind}`);
      const front = await Front.built(made);
      await use(front);
      await front.closes();
    },

    settings: async ({}, use) => use(["--trusted-proxies", "127.0.0.1"]),
  }),
);

for (const kind of Object.keys(KINDS).filter((name) => name.endsWith("packaged"))) {
  test.describe(kind, () => {
    test.use({ kind });

    test("a page, a socket, a code, and two who talk", async ({ front, house, device }) => {
      const [one, other] = await house.chat();
      await front.opens();
      /** @type {unknown[]} */
      const sockets = [];
      const [first, second] = [await device(), await device()];
      first.context.on("page", (page) => page.on("websocket", (socket) => sockets.push(socket)));
      const [anny, abhi] = [await first.walksIn(one), await second.walksIn(other)];
      for (const person of [anny, abhi]) await person.isTold(/^online$/);
      await anny.says("through the proxy");
      await abhi.hears("through the proxy");
      await abhi.says("and back");
      await anny.hears("and back");
      expect(sockets.length, "sockets that came through").toBeGreaterThan(0);
    });
  });
}

test.describe("nginx that passes no upgrade on", () => {
  test.use({ kind: "nginx that passes no upgrade on" });

  test("two talk over HTTP, and are told that it is slower", async ({ front, house, device, watch }) => {
    const [one, other] = await house.chat();
    await front.opens();
    watch.houseMayBeAway = true;
    const [first, second] = [await device(), await device()];
    const [anny, abhi] = [await first.walksIn(one), await second.walksIn(other)];
    await anny.says("without a socket");
    await abhi.hears("without a socket");
    await abhi.says("and back");
    await anny.hears("and back");
  });
});

test.describe("nginx that passes nothing on", () => {
  test.use({ kind: "nginx that passes nothing on" });

  test("the page says that something changes requests", async ({ front, house, device, watch }) => {
    const [one] = await house.chat();
    await front.opens();
    watch.houseMayBeAway = true;
    const anny = await (await device()).opens(one);
    await expect(anny.page.locator("main")).toContainText(/between/i);
  });
});
