// Behind proxies that change or stop what passes two people still talk, or are told what stands between them.
import { test as base } from "./journey.js";
import { Proxy } from "./proxy.js";

/**
 * @typedef {import("./journey.js").Journey} Journey
 * @typedef {import("./journey.js").Person} Person
 */

/**
 * - gate: stands between the browsers and the house
 * - both: lets both people in; nobody is online where no socket comes through
 */
const test = base.extend(
  /**
   * @type {import("@playwright/test").Fixtures<{gate: Proxy,
   *   both: () => Promise<{anny: Person, abhi: Person}>}, {}, Journey>}
   */ ({
    gate: async ({}, use) => {
      const gate = await Proxy.stand();
      await use(gate);
      await gate.close();
    },

    front: async ({ gate }, use) => use(gate),

    both: async ({ device, invites }, use) => {
      await use(async () => {
        const [first, second] = [await device(), await device()];
        return { anny: await first.walksIn(invites.anny), abhi: await second.walksIn(invites.abhi) };
      });
    },
  }),
);

test.beforeEach(({ watch }) => {
  watch.houseMayBeAway = true;
});

test("where no socket comes through, two people talk over HTTP, and are told what is slower", async ({
  gate,
  both,
}) => {
  gate.passesSockets = false;
  const { anny, abhi } = await both();
  await anny.isTold("Slow connection");
  await anny.says("hi");
  await abhi.hears("hi");
  await anny.isMarked("hi", "Seen");
  await abhi.says("hello");
  await anny.hears("hello");
  await anny.reloads();
  await anny.sees("hi", "hello");
  await anny.ends();
  await abhi.seesTheEnd("Anny");
});

test("it goes back to a socket as soon as one comes through, and nothing is said twice", async ({
  gate,
  both,
}) => {
  gate.passesSockets = false;
  const { anny, abhi } = await both();
  await anny.says("by HTTP");
  gate.passesSockets = true;
  await anny.isTold(/^online$/);
  await anny.isNoLongerTold("Slow connection");
  await anny.says("by socket");
  await abhi.sees("by HTTP", "by socket");
});

test.describe("with a long history", () => {
  test.use({ settings: ["--messages-per-second", "1000"] });

  test("a long conversation is read over HTTP as well", async ({ gate, device, house, invites }) => {
    const abhi = await house.guest(invites.abhi);
    for (let number = 1; number <= 130; number += 1) await abhi.says(`message ${number}`);
    gate.passesSockets = false;
    const anny = await (await device()).walksIn(invites.anny);
    await anny.hears("message 130");
    await anny.goesToTheBeginning();
    await anny.hears("message 1");
  });
});

test("a proxy that calls the house by another name: the page of a link says what is wrong", async ({
  gate,
  device,
  invites,
}) => {
  gate.passesNoHost();
  const anny = await (await device()).opens(invites.anny);
  await anny.isTold("Something between you and the house changes requests");
});

test("a gate that knows people by a cookie lets the page through", async ({ gate, both }) => {
  gate.asksForACookie();
  const { anny, abhi } = await both();
  await anny.says("hi");
  await abhi.hears("hi");
  // The gate's own; the house has none.
  for (const { device } of [anny, abhi]) await device.context.clearCookies({ name: "gate" });
});

test("a login that has run out is named, at the link and in the chat", async ({ gate, device, both }) => {
  const { anny } = await both();
  gate.asksForALogin();
  const start = await (await device()).opensPath("");
  await start.isTold("Something before the house asks for a login");
  await anny.reloads();
  await anny.isTold("Something before the house asks for a login");
});

test("a login that has run out before the whole house is named in an open chat", async ({ gate, both }) => {
  const { anny } = await both();
  gate.asksForALoginEverywhere();
  gate.dropsSockets();
  await anny.isTold("Something before the house asks for a login");
});
