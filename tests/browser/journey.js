// What every journey has: a house, devices, and two people. Import `test` and `expect` from here.
import { test as base } from "@playwright/test";
import { Device } from "./device.js";
import { House } from "./house.js";
import { Watch } from "./watch.js";

export { expect } from "@playwright/test";

/**
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("./house.js").Invite} Invite
 * @typedef {import("@playwright/test").BrowserContextOptions} DeviceOptions
 * @typedef {import("@playwright/test").PlaywrightTestArgs} TestParts
 * @typedef {import("@playwright/test").PlaywrightWorkerArgs} WorkerParts
 */

/**
 * - host: the name that browsers know the house by
 * - settings: further flags for the house
 * - front: what stands between the browsers and the house, if anything
 * - house: a house of the test's own, open
 * - watch: what goes wrong on any page of the test fails it
 * - device: makes a new browser that knows nothing
 * - invites: a chat of Anny and Abhi that nobody has entered yet
 * - pair: lets both of them into that chat, each on a device of their own
 * @typedef {object} Journey
 * @property {string} host
 * @property {string[]} settings
 * @property {import("./house.js").Front | undefined} front
 * @property {House} house
 * @property {Watch} watch
 * @property {(options?: DeviceOptions) => Promise<Device>} device
 * @property {{anny: Invite, abhi: Invite}} invites
 * @property {() => Promise<{anny: Person, abhi: Person}>} pair
 */

export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<Journey, {}, TestParts, WorkerParts>} */ ({
    host: ["127.0.0.1", { option: true }],

    settings: [[], { option: true }],

    front: [undefined, { option: true }],

    house: async ({ host, settings, front }, use, info) => {
      const house = await House.build(host, settings, front);
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
        const [anny, abhi] = [await first.comesIn(invites.anny), await second.comesIn(invites.abhi)];
        // A chat is shown before its socket is open: until then nobody knows that they are here.
        for (const person of [anny, abhi]) await person.isTold(/^online$/);
        return { anny, abhi };
      });
    },
  }),
);
