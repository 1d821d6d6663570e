// How a page makes itself noticed: only as it was asked to, and only while nobody looks.
import { test as base, expect } from "./journey.js";
import { PLAIN_HTTP_HOST } from "./screens.js";

/**
 * @typedef {import("./journey.js").Journey} Journey
 * @typedef {import("./journey.js").Person} Person
 * @typedef {import("./journey.js").Invite} Invite
 * @typedef {{tones: number, asked: number, shown: {title: string, body: string}[], closed: number}} Noted
 */

const SOUND = "Play a sound";
const NOTIFICATION = "Show a notification";
const CONTENT = "Show sender and text";
/** One ring. */
const TONES = 2;

/** - eared: both in the chat; what Anny's page rings and shows is noted */
const test = base.extend(
  /**
   * @type {import("@playwright/test").Fixtures<{eared: Journey["meets"]},
   *   {}, Journey>}
   */ ({
    eared: async ({ meets }, use) => {
      await use(() => meets((browser) => browser.context.addInitScript(noteAlerts)));
    },
  }),
);

test("nothing rings, shows or asks for permission before it was wished for", async ({ eared }) => {
  const { anny, abhi } = await eared();
  await anny.looksAway();
  await abhi.says("psst");
  await anny.hears("psst");
  expect(await noted(anny)).toEqual({ tones: 0, asked: 0, shown: [], closed: 0 });
});

test("a person who wants a sound hears one while they look away, and none while they look", async ({
  eared,
}) => {
  const { anny, abhi } = await eared();
  await anny.wants(SOUND);
  expect((await noted(anny)).tones, "one hears at once what it sounds like").toBe(TONES);
  await abhi.says("seen at once");
  await anny.hears("seen at once");
  expect((await noted(anny)).tones).toBe(TONES);
  await anny.looksAway();
  await abhi.says("psst");
  await expect.poll(async () => (await noted(anny)).tones).toBe(2 * TONES);
});

test("a message that was there before the page was opened does not ring", async ({ eared, invites }) => {
  const { anny, abhi } = await eared();
  await anny.wants(SOUND);
  await anny.closes();
  await abhi.says("while you were away");
  const again = await anny.device.opens(invites.anny);
  await again.hears("while you were away");
  expect((await noted(again)).tones).toBe(0);
});

test("two tabs of a chat ring once, and not at all while one of them is looked at", async ({
  eared,
  invites,
}) => {
  const { anny, abhi } = await eared();
  await anny.wants(SOUND);
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  const tones = async () => (await noted(anny)).tones + (await noted(second)).tones;
  const before = await tones();
  await anny.looksAway();
  await abhi.says("seen in the other tab");
  await anny.hears("seen in the other tab");
  await second.looksAway();
  await abhi.says("psst");
  await expect.poll(tones).toBe(before + TONES);
  await abhi.says("psst again");
  await expect.poll(tones).toBe(before + 2 * TONES);
});

test('"Try it" rings, and says so when nothing is switched on', async ({ eared }) => {
  const { anny } = await eared();
  await anny.opensTheSettings();
  await anny.taps("Try it");
  await anny.isTold("Turn on sound or notifications first.");
  expect((await noted(anny)).tones).toBe(0);
  await anny.page.getByLabel(SOUND).setChecked(true);
  await anny.taps("Try it");
  await expect.poll(async () => (await noted(anny)).tones).toBe(2 * TONES);
  await anny.isNoLongerTold("Turn on sound or notifications first.");
});

test("the title counts what is new, and has no name in it", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await anny.looksAway();
  await abhi.says("one");
  await anny.titleHolds("1");
  expect(await anny.page.title()).toBe("(1) Parlour");
  await anny.looksAgain();
  await expect(anny.page).toHaveTitle("Parlour");
});

test("your chats count what is new in the title, over all chats, and name nobody", async ({
  device,
  house,
}) => {
  const browser = await device();
  for (const other of ["Abhi", "Kim"]) {
    const [mine, theirs] = await house.chat("Anny", other);
    await browser.hasEntered(mine);
    await (await house.guest(theirs)).says("a secret");
  }
  const { page } = await browser.startPage();
  await expect(page).toHaveTitle("(2) Parlour");
  await page.getByRole("link", { name: "Abhi" }).click();
  await expect(page).toHaveTitle("(1) Parlour");
});

test.describe("in a secure context", () => {
  test("a notification says that there is something new, and neither who nor what", async ({ eared }) => {
    const { anny, abhi } = await eared();
    await anny.wants(NOTIFICATION);
    await anny.looksAway();
    await abhi.says("a secret");
    const said = { title: "Parlour", body: "New message" };
    await expect.poll(async () => (await noted(anny)).shown).toEqual([said]);
    await anny.looksAgain();
    await expect.poll(async () => (await noted(anny)).closed).toBe(1);
  });

  test("name and words are in the notification for who asked for them", async ({ eared }) => {
    const { anny, abhi } = await eared();
    await anny.wants(NOTIFICATION, CONTENT);
    await anny.looksAway();
    await abhi.says("a secret");
    await expect.poll(async () => (await noted(anny)).shown).toEqual([{ title: "Abhi", body: "a secret" }]);
  });

  test("no notification is shown to who looks, but to who works in another window", async ({ eared }) => {
    const { anny, abhi } = await eared();
    await anny.wants(NOTIFICATION);
    await abhi.says("seen at once");
    await anny.hears("seen at once");
    expect((await noted(anny)).shown).toEqual([]);
    await anny.worksInAnotherWindow();
    await abhi.says("psst");
    await expect.poll(async () => (await noted(anny)).shown.length).toBe(1);
  });

  test("a notification is not switched on while the browser still asks, nor when the answer is no", async ({
    eared,
  }) => {
    const { anny } = await eared();
    await anny.page.evaluate(() => {
      Object.assign(Notification, {
        permission: "default",
        requestPermission: () =>
          new Promise((answer) => {
            Object.assign(window, { answer });
          }),
      });
    });
    await anny.opensTheSettings();
    const box = anny.page.getByLabel(NOTIFICATION);
    await box.click();
    await expect.poll(() => anny.page.evaluate(() => "answer" in window)).toBe(true);
    await expect(box).not.toBeChecked();
    await anny.page.evaluate(() => Reflect.get(window, "answer")("denied"));
    await anny.isTold("Your browser");
    await expect(box).not.toBeChecked();
    await box.click();
    await anny.page.evaluate(() => Reflect.get(window, "answer")("granted"));
    await expect(box).toBeChecked();
  });

  test("what a notification says cannot be chosen where there is none", async ({ eared }) => {
    const { anny } = await eared();
    await anny.opensTheSettings();
    await expect(anny.page.getByLabel(CONTENT)).toBeDisabled();
    await anny.page.getByLabel(NOTIFICATION).setChecked(true);
    await expect(anny.page.getByLabel(CONTENT)).toBeEnabled();
  });

  test("a notification is closed when the message that it is about is deleted", async ({
    eared,
    house,
    invites,
  }) => {
    const { anny, abhi } = await eared();
    const elsewhere = await house.guest(invites.abhi);
    await anny.wants(NOTIFICATION);
    await anny.looksAway();
    for (const text of ["one", "two"]) {
      await abhi.says(text);
      await anny.hears(text);
    }
    await expect.poll(async () => (await noted(anny)).shown.length).toBe(2);
    const deletes = async (/** @type {string} */ text) => {
      const row = anny.page.locator(".message").filter({ hasText: text });
      await elsewhere.does("DELETE", `messages/${await row.getAttribute("data-seq")}?for=everybody`);
      await expect(row).toHaveCount(0);
    };
    await deletes("one");
    expect((await noted(anny)).closed).toBe(0);
    await deletes("two");
    expect((await noted(anny)).closed).toBe(1);
  });

  test("a notification of another chat is closed when that was read elsewhere", async ({ meets, house }) => {
    const [mine, theirs] = await house.chat("Anny", "Kim");
    const { anny } = await meets(async (browser) => {
      await browser.hasEntered(mine);
      await browser.context.addInitScript(noteAlerts);
    });
    await anny.wants(NOTIFICATION);
    await anny.looksAway();
    await (await house.guest(theirs)).says("psst");
    await expect.poll(async () => (await noted(anny)).shown.length).toBe(1);
    await (await house.guest(mine)).does("POST", "receipts", { seen: 100 });
    await expect.poll(async () => (await noted(anny)).closed).toBe(1);
  });

  test("of a group a notification names the group, and who wrote only where the text is shown", async ({
    house,
    device,
  }) => {
    const [mine, theirs] = await house.group("Kitchen", "Anny", "Bob", "Cleo");
    const browser = await device();
    await browser.context.addInitScript(noteAlerts);
    const anny = await browser.comesIn(/** @type {Invite} */ (mine));
    const bob = await house.guest(/** @type {Invite} */ (theirs));
    await anny.wants(NOTIFICATION);
    await anny.looksAway();
    await bob.says("psst");
    await expect
      .poll(async () => (await noted(anny)).shown)
      .toEqual([{ title: "Parlour", body: "New message" }]);
    await anny.looksAgain();
    await anny.wants(CONTENT);
    await anny.looksAway();
    await bob.says("Soup is ready");
    const said = { title: "Kitchen", body: "Bob: Soup is ready" };
    await expect.poll(async () => (await noted(anny)).shown.at(-1)).toEqual(said);
  });

  test("a notification is closed when the chat ends", async ({ eared }) => {
    const { anny, abhi } = await eared();
    await anny.wants(NOTIFICATION);
    await anny.looksAway();
    await abhi.says("psst");
    await expect.poll(async () => (await noted(anny)).shown.length).toBe(1);
    await abhi.ends();
    await anny.seesTheEnd();
    await expect.poll(async () => (await noted(anny)).closed).toBe(1);
  });
});

test.describe("on plain HTTP", () => {
  test.use({ host: PLAIN_HTTP_HOST });

  test("the settings say that notifications need HTTPS, and offer none", async ({ eared }) => {
    const { anny } = await eared();
    await anny.opensTheSettings();
    await anny.isTold("Notifications need HTTPS");
    await expect(anny.page.getByLabel(NOTIFICATION)).toHaveCount(0);
    await expect(anny.page.getByLabel(SOUND)).toBeVisible();
  });
});

/** @param {Person} person @returns {Promise<Noted>} */
function noted(person) {
  return person.page.evaluate(() => Reflect.get(window, "noted"));
}

/** In the page: notes in place of what would be heard and seen. */
function noteAlerts() {
  /** @type {Noted} */
  const here = { tones: 0, asked: 0, shown: [], closed: 0 };
  class Tone extends OscillatorNode {
    /** @param {number} [at] @override */
    start(at) {
      here.tones += 1;
      super.start(at);
    }
  }
  class Note {
    static permission = "granted";

    static requestPermission() {
      here.asked += 1;
      return Promise.resolve("granted");
    }

    /** @param {string} title @param {{body: string}} options */
    constructor(title, { body }) {
      here.shown.push({ title, body });
    }

    close() {
      here.closed += 1;
    }
  }
  Object.assign(window, { noted: here, OscillatorNode: Tone, Notification: Note });
}
