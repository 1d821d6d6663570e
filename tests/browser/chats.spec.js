// Many chats in one browser: one socket for all of them, a list that follows, and in a chat a sign of what
// came in another one. The window is so narrow that the list and a chat are shown one after the other;
// columns.spec.js has both side by side.
import { test, expect } from "./journey.js";
import { Speaker } from "./speaker.js";
import { StartPage } from "./start-page.js";

/**
 * @typedef {import("./house.js").House} House
 * @typedef {import("./person.js").Person} Person
 */

const CHATS = 10;

test.use({ viewport: { width: 880, height: 800 } });

/** Chats of Anny with so many others, who need no browser. @param {House} house @param {number} count */
async function chatsOf(house, count) {
  const names = Array.from({ length: count }, (_, at) => `Guest ${String.fromCodePoint(65 + at)}`);
  const chats = [];
  for (const name of names) {
    const [anny, other] = await house.chat("Anny", name);
    chats.push({ name, anny, guest: await house.guest(other) });
  }
  return chats;
}

/** Sockets of the tabs that are opened from now on. @param {import("./device.js").Device} device */
function socketsOf({ context }) {
  /** @type {import("@playwright/test").WebSocket[]} */
  const sockets = [];
  context.on("page", (page) => page.on("websocket", (socket) => sockets.push(socket)));
  return sockets;
}

/** From a chat to "your chats". @param {Person} person */
async function goesBack({ device, page }) {
  await page.getByRole("link", { name: /^Your chats/ }).click();
  await expect(page.getByRole("heading", { name: "Start a chat" })).toBeVisible();
  return new StartPage(device, page);
}

test("ten chats in one browser have one socket, and the list follows each of them", async ({
  device,
  house,
}) => {
  test.slow();
  const browser = await device();
  const chats = await chatsOf(house, CHATS);
  for (const { anny } of chats) await browser.hasEntered(anny);
  const sockets = socketsOf(browser);
  let start = await browser.startPage();
  await expect(start.rows).toHaveCount(CHATS);
  for (const { name, guest } of chats) {
    await guest.says(`from ${name}`);
    await start.lists(name, "Anny", "1 new message");
    await expect(start.rows.first()).toContainText(name);
  }
  await expect(start.page).toHaveTitle(`(${CHATS}) Parlour`);
  for (const { name } of chats) {
    const anny = await start.goesTo(name);
    await anny.sees(`from ${name}`);
    start = await goesBack(anny);
  }
  await expect(start.page).toHaveTitle("Parlour");
  expect(sockets.length).toBe(1);
});

test("a chat shows that something came in another one, until it was read", async ({ device, house }) => {
  const browser = await device();
  const [first, second] = await chatsOf(house, 2);
  if (!first || !second) throw new Error("two chats");
  await browser.hasEntered(second.anny);
  const anny = await browser.comesIn(first.anny);
  const back = anny.page.getByRole("link", { name: /^Your chats/ });
  await expect(back).toHaveAccessibleName("Your chats");
  const before = await anny.page.locator("parlour-presence").boundingBox();
  for (const text of ["one", "two"]) await second.guest.says(text);
  await expect(back).toHaveAccessibleName("Your chats, 2 new messages in your other chats");
  await expect(back).toHaveText("2");
  const spoken = anny.page.locator("parlour-back-link").getByRole("status");
  await expect(spoken).toHaveText("1 new message in your other chats");
  expect(await anny.page.locator("parlour-presence").boundingBox()).toEqual(before);
  await first.guest.says("here");
  await anny.hears("here");
  await expect(back).toHaveText("2");
  const start = await goesBack(anny);
  await start.lists("Guest B", "Anny", "2 new messages");
  const there = await start.goesTo("Guest B");
  await there.sees("one", "two");
  await expect(back).toHaveAccessibleName("Your chats");
  await expect(back).toHaveText("");
});

test("two people in one tab: each seat of the chat has its own side, and each message once", async ({
  device,
  invites,
}) => {
  const browser = await device();
  await browser.hasEntered(invites.anny);
  await browser.hasEntered(invites.abhi);
  const sockets = socketsOf(browser);
  let start = await browser.startPage();
  const anny = await start.goesTo("Abhi");
  await anny.says("I am Anny");
  start = await goesBack(anny);
  await start.lists("Anny", "Abhi", "1 new message");
  const abhi = await start.goesTo("Anny");
  await abhi.sees("I am Anny");
  await abhi.says("I am Abhi");
  await abhi.saidBySelf("I am Abhi");
  const again = await (await goesBack(abhi)).goesTo("Abhi");
  await again.sees("I am Anny", "I am Abhi");
  await again.saidBySelf("I am Anny");
  await again.isMarked("I am Anny", "Seen");
  expect(sockets.length).toBe(1);
});

test("two tabs of one chat that were offline say each message once, also after a reload", async ({
  pair,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  await anny.hasAGate();
  await second.hasAGate();
  await anny.says("before");
  for (const tab of [anny, second]) await tab.closesTheGate();
  const texts = ["one", "two", "three"];
  for (const text of texts) {
    await anny.queues(`first ${text}`);
    await second.queues(`second ${text}`);
  }
  await second.reloads();
  await second.isWaitingToSend("second one", "second two", "second three");
  for (const tab of [second, anny]) tab.opensTheGate();
  const all = ["before", ...texts.flatMap((text) => [`first ${text}`, `second ${text}`])];
  for (const person of [anny, second, abhi]) await person.hasEachOnce(...all);
  for (const tab of ["first", "second"]) {
    const said = (await abhi.conversation()).filter((text) => text.startsWith(tab));
    expect(said).toEqual(texts.map((text) => `${tab} ${text}`));
  }
});

test("what waited in a tab that was closed is said by the tab that stays", async ({ pair, invites }) => {
  const { anny, abhi } = await pair();
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  await anny.hasAGate();
  await anny.closesTheGate();
  await anny.queues("left behind");
  await anny.closes();
  await abhi.sees("left behind");
  await second.sees("left behind");
  await second.saidBySelf("left behind");
});

test("a chat that ends while another one is shown leaves the list and the browser", async ({
  device,
  house,
}) => {
  const browser = await device();
  const [anny, other] = await house.chat("Anny", "Berta");
  const [here] = await house.chat("Anny", "Carla");
  await browser.hasEntered(anny);
  const shown = await browser.comesIn(here);
  const berta = await Speaker.comesIn(house, other);
  await berta.ends();
  const start = await goesBack(shown);
  await expect(start.rows).toHaveText(/Carla/);
});
