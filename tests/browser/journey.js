// What every journey has: a house, devices, and two people. Import `test` and `expect` from here.
import { test as base } from "@playwright/test";
import { Device } from "./device.js";
import { House } from "./house.js";
import { Speaker } from "./speaker.js";
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
 * A closed house with a chat of Anny and Abhi, of which each test gets a copy: to make two codes takes longer
 * than anything else that a house does.
 * @typedef {{house: House, invites: {anny: Invite, abhi: Invite}}} Pattern
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
 * - meets: the same, where nobody looks at Abhi's page: he only speaks; Anny's browser can be prepared
 * @typedef {object} Journey
 * @property {string} host
 * @property {string[]} settings
 * @property {import("./house.js").Front | undefined} front
 * @property {House} house
 * @property {Watch} watch
 * @property {(options?: DeviceOptions) => Promise<Device>} device
 * @property {{anny: Invite, abhi: Invite}} invites
 * @property {() => Promise<{anny: Person, abhi: Person}>} pair
 * @property {(prepare?: (anny: Device) => Promise<unknown>) => Promise<{anny: Person, abhi: Speaker}>} meets
 */

export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<Journey, {pattern: Pattern}, TestParts, WorkerParts>} */ ({
    pattern: [
      async ({}, use) => {
        const house = await House.build("127.0.0.1");
        try {
          await house.open();
          const [anny, abhi] = await house.chat("Anny", "Abhi");
          await house.stop();
          await use({ house, invites: { anny, abhi } });
        } finally {
          await house.demolish();
        }
      },
      { scope: "worker" },
    ],

    host: ["127.0.0.1", { option: true }],

    settings: [[], { option: true }],

    front: [undefined, { option: true }],

    house: async ({ host, settings, front, pattern }, use, info) => {
      const house = await House.build(host, settings, front, pattern.house);
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

    invites: async ({ house, pattern }, use) => {
      const { anny, abhi } = pattern.invites;
      await use({ anny: house.movesHere(anny), abhi: house.movesHere(abhi) });
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

    meets: async ({ house, invites, device }, use) => {
      /** @type {Speaker[]} */
      const speakers = [];
      await use(async (prepare = async () => {}) => {
        const abhi = await Speaker.comesIn(house, invites.abhi);
        speakers.push(abhi);
        const browser = await device();
        await prepare(browser);
        const anny = await browser.comesIn(invites.anny);
        await anny.isTold(/^online$/);
        return { anny, abhi };
      });
      for (const speaker of speakers) await speaker.closes();
    },
  }),
);
