// What is written without a connection is sent once and in order when it is back, whatever broke.
import { test, expect } from "./journey.js";

/** @typedef {import("./journey.js").Person} Person */

/** What is loaded apart from the first script. */
const DIALOGS = /chat-dialogs/;

test("typing while the network is off: sent once, in order, when it is back", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("before");
  await abhi.hears("before");
  await anny.device.losesTheNetwork();
  await anny.knowsItIsOffline();
  for (const text of ["one", "two", "three"]) await anny.queues(text);
  await abhi.says("meanwhile");
  await anny.device.findsTheNetwork();
  await abhi.sees("before", "meanwhile", "one", "two", "three");
  await anny.sees("before", "meanwhile", "one", "two", "three");
});

test("the menu comes by itself before it is needed, and then opens without a network", async ({ meets }) => {
  const { anny } = await meets();
  await anny.page.waitForResponse(DIALOGS);
  await anny.device.losesTheNetwork();
  await anny.knowsItIsOffline();
  await anny.opensTheSettings();
});

test("a menu that cannot be loaded says so, and opens when the connection is back", async ({
  meets,
  watch,
}) => {
  watch.houseMayBeAway = true;
  const { anny } = await meets();
  await anny.device.context.route(DIALOGS, (route) => route.fulfill({ status: 502 }));
  await anny.taps("Menu");
  await anny.isTold("This couldn’t be loaded");
  await anny.device.context.unroute(DIALOGS);
  await anny.opensTheSettings();
});

test("messages that wait survive a reload of the page", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.hasAGate();
  await anny.says("before");
  await anny.closesTheGate();
  await anny.queues("one");
  await anny.queues("two");
  await anny.reloads();
  await anny.isWaitingToSend("one", "two");
  anny.opensTheGate();
  await abhi.sees("before", "one", "two");
  await anny.sees("before", "one", "two");
});

test("a house that is killed and comes back: both pages return by themselves, nothing twice", async ({
  pair,
  house,
  watch,
}) => {
  const { anny, abhi } = await pair();
  await anny.says("before");
  await abhi.hears("before");
  watch.houseMayBeAway = true;
  await house.kill();
  await anny.knowsItIsOffline();
  await anny.queues("while it was away");
  await abhi.knowsItIsOffline();
  await abhi.queues("me too");
  await house.open();
  await anny.hears("me too");
  await abhi.hears("while it was away");
  await anny.hasEachOnce("before", "while it was away", "me too");
  await abhi.hasEachOnce("before", "while it was away", "me too");
  await abhi.says("after");
  await anny.hears("after");
});

test("a house that stops in good order and comes back", async ({ pair, house, watch }) => {
  const { anny, abhi } = await pair();
  await anny.says("before");
  watch.houseMayBeAway = true;
  await house.stop();
  await anny.queues("while it was away");
  await house.open();
  await abhi.sees("before", "while it was away");
  await anny.sees("before", "while it was away");
});

test("forty messages out of a tunnel all arrive, in order, though the house slows them down", async ({
  pair,
}) => {
  test.slow();
  const { anny, abhi } = await pair();
  await anny.device.losesTheNetwork();
  await anny.knowsItIsOffline();
  const texts = Array.from({ length: 40 }, (_, number) => `message ${number + 1}`);
  for (const text of texts) await anny.queues(text);
  await anny.device.findsTheNetwork();
  for (const person of [abhi, anny]) {
    await person.hears("message 40");
    await person.readsFromTheBeginning(...texts);
  }
});

test("two tabs of one person send what waits once", async ({ pair, house, watch, invites }) => {
  const { anny, abhi } = await pair();
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  watch.houseMayBeAway = true;
  await house.kill();
  await anny.knowsItIsOffline();
  await anny.queues("one");
  await second.queues("two");
  await house.open();
  await abhi.hears("one");
  await abhi.hears("two");
  for (const person of [anny, second, abhi]) await person.hasEachOnce("one", "two");
});

test("a browser that keeps nothing says so once, and asks before what waits is lost", async ({
  device,
  invites,
}) => {
  const browser = await device();
  await browser.context.addInitScript(forbidDatabases);
  const anny = await browser.comesIn(invites.anny);
  await anny.isTold("This browser won’t remember this chat");
  await anny.taps("Got it");
  await anny.isNoLongerTold("This browser won’t remember this chat");
  expect(await isAskedBeforeClosing(anny), "with nothing written").toBe(false);
  await anny.writes("half a sentence");
  await anny.isNoLongerTold("This browser won’t remember this chat");
  expect(await isAskedBeforeClosing(anny), "with a draft").toBe(true);
  await anny.writes("");
  await anny.says("that is sent");
  expect(await isAskedBeforeClosing(anny), "with nothing that waits").toBe(false);
});

/** Whether the browser would ask before it closes the page. @param {Person} person */
async function isAskedBeforeClosing({ page }) {
  return page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
}

/** As a browser does whose person forbade sites to keep anything. */
function forbidDatabases() {
  Object.defineProperty(window, "indexedDB", {
    get() {
      throw new DOMException("forbidden", "SecurityError");
    },
  });
}
