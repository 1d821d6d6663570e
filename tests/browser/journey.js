// What every journey has: a house, devices, and two people. Import `test` and `expect` from here.
import { test as base } from "@playwright/test";
import { Device } from "./device.js";
import { House } from "./house.js";
import { Watch } from "./watch.js";

export { expect } from "@playwright/test";

/**
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("./house.js").Invite} Invite
 * @typedef {object} Journey
 * @property {string} host the name that browsers know the house by
 * @property {string[]} settings further flags for the house
 * @property {House} house a house of the test's own, open
 * @property {Watch} watch what goes wrong on any page of the test fails it
 * @property {(options?: import("@playwright/test").BrowserContextOptions) => Promise<Device>} device a new browser that knows nothing
 * @property {{anny: Invite, abhi: Invite}} invites a chat of Anny and Abhi that nobody has entered yet
 * @property {() => Promise<{anny: Person, abhi: Person}>} pair both of them, each on a device of the own, in that chat
 */

export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<Journey, {}, import("@playwright/test").PlaywrightTestArgs, import("@playwright/test").PlaywrightWorkerArgs>} */ ({
    host: ["127.0.0.1", { option: true }],

    settings: [[], { option: true }],

    house: async ({ host, settings }, use, info) => {
      const house = await House.build(host, settings);
      try {
        await house.open();
        await use(house);
      } finally {
        await house.demolish();
      }
      if (info.status !== info.expectedStatus) await info.attach("the house's log", { body: house.log });
    },

    watch: async ({ house }, use) => {
      const watch = new Watch(house.url);
      await use(watch);
      base.expect(watch.faults, "what no page may do").toEqual([]);
    },

    device: async ({ browser, house, watch }, use) => {
      /** @type {import("@playwright/test").BrowserContext[]} */
      const contexts = [];
      await use(async (options) => {
        const context = await browser.newContext(options);
        contexts.push(context);
        await watch.over(context);
        return new Device(context, house, watch);
      });
      for (const context of contexts) {
        base.expect(await context.cookies(), "every port of a home server shares its cookies").toEqual([]);
        await context.close();
      }
    },

    invites: async ({ house }, use) => {
      const [anny, abhi] = await house.chat("Anny", "Abhi");
      await use({ anny, abhi });
    },

    pair: async ({ invites, device }, use) => {
      await use(async () => {
        const [first, second] = [await device(), await device()];
        return { anny: await first.comesIn(invites.anny), abhi: await second.comesIn(invites.abhi) };
      });
    },
  }),
);
