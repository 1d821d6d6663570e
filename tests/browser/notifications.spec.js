// On a phone the service worker shows notifications, not the page: they are taken back all the same.
import { test as base, expect } from "./journey.js";
import { WHOLE } from "./screens.js";

/**
 * @typedef {import("./journey.js").Journey} Journey
 * @typedef {import("./journey.js").Person} Person
 */

/** - eared: both in the chat, in a browser whose pages may not show notifications themselves */
const test = base.extend(
  /**
   * @type {import("@playwright/test").Fixtures<{eared: Journey["meets"]},
   *   {}, Journey>}
   */ ({
    eared: async ({ meets }, use) => {
      await use(() => meets(asOnAPhone));
    },
  }),
);

test.use({ launchOptions: WHOLE });

test("a notification of the service worker goes when its person looks at the chat again", async ({
  eared,
}) => {
  const { anny, abhi } = await eared();
  await isNotified(anny, abhi, "psst");
  await anny.looksAgain();
  await expect.poll(() => shown(anny)).toEqual([]);
});

test("a notification of the service worker goes when the message that it is about is deleted", async ({
  eared,
  house,
  invites,
}) => {
  const { anny, abhi } = await eared();
  const elsewhere = await house.guest(invites.abhi);
  await isNotified(anny, abhi, "one");
  await abhi.says("two");
  await expect.poll(() => shown(anny)).toEqual(["two"]);
  const deletes = async (/** @type {string} */ text) => {
    const row = anny.page.locator(".message").filter({ hasText: text });
    await elsewhere.does("DELETE", `messages/${await row.getAttribute("data-seq")}?for=everybody`);
    await expect(row).toHaveCount(0);
  };
  await deletes("one");
  expect(await shown(anny)).toEqual(["two"]);
  await deletes("two");
  await expect.poll(() => shown(anny)).toEqual([]);
});

test("a notification of the service worker goes when the chat ends", async ({ eared }) => {
  const { anny, abhi } = await eared();
  await isNotified(anny, abhi, "psst");
  await abhi.ends();
  await anny.seesTheEnd();
  await expect.poll(() => shown(anny)).toEqual([]);
});

for (const [which, isOpen] of /** @type {const} */ ([
  ["the chat that is shown", true],
  ["another chat", false],
])) {
  test(`a notification of the service worker for ${which} goes when that was read elsewhere`, async ({
    meets,
    house,
    invites,
  }) => {
    const [mine, theirs] = await house.chat("Anny", "Kim");
    const { anny } = await meets(async (browser) => {
      await browser.hasEntered(mine);
      await asOnAPhone(browser);
    });
    const other = await house.guest(isOpen ? invites.abhi : theirs);
    await isReady(anny);
    await other.says("psst");
    await expect.poll(async () => (await shown(anny)).length).toBe(1);
    await (await house.guest(isOpen ? invites.anny : mine)).does("POST", "receipts", { seen: 100 });
    await expect.poll(() => shown(anny)).toEqual([]);
  });
}

/** @param {import("./device.js").Device} browser */
async function asOnAPhone(browser) {
  await browser.context.grantPermissions(["notifications"]);
  await browser.context.addInitScript(() => {
    const refuse = () => {
      throw new TypeError("Illegal constructor");
    };
    Object.assign(window, { Notification: new Proxy(Notification, { construct: refuse }) });
  });
}

/** Anny looks away, and has said that she wants to be told. @param {Person} anny */
async function isReady(anny) {
  await anny.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await anny.wants("Show a notification", "Show sender and text");
  await anny.looksAway();
}

/** @param {Person} anny @param {{says(text: string): Promise<unknown>}} abhi @param {string} text */
async function isNotified(anny, abhi, text) {
  await isReady(anny);
  await abhi.says(text);
  await expect.poll(() => shown(anny)).toEqual([text]);
}

/** What stands in the notifications of the service worker. @param {Person} person */
function shown({ page }) {
  return page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    return (await worker.getNotifications()).map(({ body }) => body);
  });
}
