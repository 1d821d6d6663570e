// The ways into a chat: a device is signed out, a lost code or a leaked link is replaced.
import { expect, test } from "./journey.js";
import {
  devicesOf,
  isSignedOut,
  leavesHere,
  losesTheFirstAnswer,
  makesANewLink,
  newInvite,
  opensTheDevices,
  putsTheCardAway,
  signsOutAnotherDevice,
  takesTheWay,
  wantsToSignOut,
} from "./access.js";

/**
 * This link opens nothing for somebody who is not in yet.
 * @param {import("./device.js").Device} device
 * @param {import("./house.js").Invite} invite
 */
async function leadsNowhere(device, invite) {
  const stranger = await device.opens(invite);
  await stranger.isTold("This link doesn’t work");
}

test("a person who asks for the ways too early is shown them once it is known who is in the chat", async ({
  meets,
}) => {
  const { anny } = await meets();
  await anny.hasAGate();
  await anny.closesTheGate();
  await anny.page.reload();
  await anny.opensTheSettings();
  const way = anny.page.getByRole("button", { name: "New link for Abhi" });
  const devices = anny.page.getByRole("button", { name: "Your devices" });
  await expect(devices).toBeFocused();
  await expect(way).toBeHidden();
  anny.opensTheGate();
  await expect(way).toBeVisible();
  await expect(devices).toBeFocused();
});

test("a device that is signed out says so at once, and only link and code bring it back", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  await anny.says("on all my devices");
  const lost = await (await device()).comesIn(invites.anny);
  await lost.sees("on all my devices");
  await signsOutAnotherDevice(anny);
  await isSignedOut(lost);
  await lost.isNoLongerTold("on all my devices");
  await expect(devicesOf(anny, "Another device")).toHaveCount(0);
  await anny.taps("Close");
  await anny.says("still here");
  await abhi.hears("still here");

  const again = await lost.device.opens(invites.anny);
  await again.isGreeted("Anny");
  await again.enters(invites.anny.code);
  await again.sees("on all my devices", "still here");
});

test("a person who asks to sign a device out and thinks better of it changes nothing", async ({
  meets,
  device,
  invites,
}) => {
  const { anny } = await meets();
  const tablet = await (await device()).comesIn(invites.anny);
  await wantsToSignOut(anny, "Another device");
  await anny.taps("Not now");
  await expect(devicesOf(anny, "Another device")).toHaveCount(1);
  await anny.taps("Close");
  await tablet.says("still in");
  await anny.hears("still in");
});

test("what was typed on a device that is signed out can be copied, and is kept nowhere", async ({
  meets,
  device,
  invites,
}) => {
  const { anny } = await meets();
  const lost = await (await device()).comesIn(invites.anny);
  await lost.hasAGate();
  await lost.closesTheGate();
  await lost.queues("canary that waits");
  await lost.writes("canary in the draft");
  await signsOutAnotherDevice(anny);
  lost.opensTheGate();
  await isSignedOut(lost);
  await lost.isTold("canary that waits");
  await lost.isTold("canary in the draft");
  await expect.poll(() => lost.kept()).not.toContain("canary");
  await lost.taps("Copy");
  await lost.isTold("Copied");
  const pasted = await lost.device.clipboard();
  expect(pasted.split(/\s{2,}/)).toEqual(["canary that waits", "canary in the draft"]);
});

test("a person who leaves on one device is out in all its tabs, and in on the others", async ({
  meets,
  device,
  invites,
}) => {
  const { anny, abhi } = await meets();
  const tab = await anny.device.opens(invites.anny);
  await tab.isIn("Abhi");
  const phone = await (await device()).comesIn(invites.anny);
  await leavesHere(tab);
  await isSignedOut(tab);
  await isSignedOut(anny);
  await abhi.says("still with me?");
  await phone.hears("still with me?");
  const again = await anny.device.opens(invites.anny);
  await again.enters(invites.anny.code);
  await again.hears("still with me?");
});

test("after a new link the old one leads nowhere, and the new one with its code opens the chat", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  await anny.says("before");
  const made = await makesANewLink(anny, "Abhi");
  expect(made.link).not.toBe(invites.abhi.link);
  expect(made.code).not.toBe(invites.abhi.code);
  await putsTheCardAway(anny);
  await anny.isNoLongerTold("You made a new link");

  await abhi.isTold("Anny made a new link for you");
  await abhi.says("my device stays in");
  await anny.hears("my device stays in");
  await leadsNowhere(await device(), invites.abhi);
  const phone = await (await device()).opens(made);
  await phone.isGreeted("Abhi");
  await phone.enters(invites.abhi.code);
  await phone.isRefused("That code isn’t right");
  await phone.enters(made.code);
  await phone.sees("before", "my device stays in");
});

test("what was said of a new link is said until it was read, and then no more", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await makesANewLink(anny, "Abhi");
  await abhi.isTold("Anny made a new link for you");
  await abhi.reloads();
  await abhi.isTold("Anny made a new link for you");
  await abhi.taps("Got it");
  await abhi.isNoLongerTold("Anny made a new link for you");
  await abhi.reloads();
  await abhi.isIn("Anny");
  await abhi.isTold(/^online$/);
  await abhi.isNoLongerTold("Anny made a new link for you");
});

test("a code of one's own that was lost is replaced, and the other is told", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const made = await makesANewLink(anny, "Anny", { isOwn: true });
  await abhi.isTold("Anny has a new link");
  await leadsNowhere(await device(), invites.anny);
  const phone = await (await device()).comesIn(made);
  await anny.isTold("Anny has joined");
  await phone.says("from my new phone");
  await abhi.hears("from my new phone");
  const tab = await anny.device.opens(made);
  await tab.sees("from my new phone");
});

test("with a new link for a leaked one, the person who came in by it is out at once", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const thief = await (await device()).comesIn(invites.anny);
  const made = await makesANewLink(anny, "Anny", { isOwn: true, signsOut: true });
  await isSignedOut(thief);
  await putsTheCardAway(anny);
  await anny.says("only we two");
  await abhi.hears("only we two");
  await thief.isNoLongerTold("only we two");
  await leadsNowhere(thief.device, invites.anny);
  await (await device()).comesIn(made);
});

test("all devices of the other can be signed out with a new link", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const made = await makesANewLink(anny, "Abhi", { signsOut: true });
  await isSignedOut(abhi);
  const again = await abhi.device.comesIn(made);
  await again.isIn("Anny");
});

test("a new link that was not handed out is not lost by a slip", async ({ meets }) => {
  const { anny } = await meets();
  await anny.closes();
  const again = await (await anny.device.startPage()).goesTo("Abhi");
  const { page } = again;
  const made = await makesANewLink(again, "Abhi");
  const card = page.getByRole("article", { name: "Abhi" });
  const isThere = () => expect(card.getByText(made.code)).toBeVisible();
  for (const slip of [
    () => page.getByRole("button", { name: "Close" }).click(),
    () => page.keyboard.press("Escape"),
    () => page.evaluate(() => history.back()),
  ]) {
    const asked = page.waitForEvent("dialog");
    const slipping = slip();
    const question = await asked;
    expect(question.message()).toContain("haven’t shared");
    await question.dismiss();
    await slipping;
    await isThere();
  }
  /** @type {string[]} */
  const questions = [];
  const note = (/** @type {import("@playwright/test").Dialog} */ question) => {
    questions.push(question.message());
    return question.dismiss();
  };
  page.on("dialog", note);
  await page.mouse.click(2, 2);
  page.off("dialog", note);
  expect(questions, "a touch beside it does nothing").toEqual([]);
  await isThere();
  const asked = page.waitForEvent("dialog");
  const reloading = page.reload();
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.accept();
  await reloading;
});

test("a new link that was copied can be put away without a question", async ({ meets }) => {
  const { anny } = await meets();
  const made = await makesANewLink(anny, "Abhi");
  await anny.taps("Copy link");
  await anny.isTold("Copied");
  await anny.taps("Close");
  await expect(anny.page.getByRole("dialog")).toBeHidden();
  await anny.isNoLongerTold(made.code);
  expect(await anny.page.content()).not.toContain(made.code);
  expect(await anny.device.clipboard()).toBe(made.link);
});

test("an answer that is lost says so, and asking once more helps", async ({ pair, device, watch }) => {
  const { anny, abhi } = await pair();
  watch.houseMayBeAway = true;
  await losesTheFirstAnswer(anny);
  await takesTheWay(anny, "New link for Abhi");
  await anny.taps("Make a new link");
  await anny.isTold("The old link may have stopped working already. Press once more");
  await abhi.isTold("Anny made a new link for you");
  await anny.taps("Make a new link");
  const made = await newInvite(anny, "Abhi");
  await (await device()).comesIn(made);
  await anny.taps("Close");
  await anny.isTold("You made a new link for Abhi");
});

test("a list of devices that does not come says why, and comes when it is asked for again", async ({
  meets,
  watch,
}) => {
  const { anny } = await meets();
  watch.houseMayBeAway = true;
  await anny.page.route(/\/devices$/, (route) => route.abort("connectionrefused"), { times: 1 });
  await takesTheWay(anny, "Your devices");
  await anny.isTold("Can’t reach the house right now");
  await anny.taps("Try again");
  await expect(devicesOf(anny, "This device")).toHaveCount(1);
});

test("a device that is gone already is no trouble", async ({ meets, device, invites }) => {
  const { anny } = await meets();
  const tablet = await (await device()).comesIn(invites.anny);
  await wantsToSignOut(anny, "Another device");
  await leavesHere(tablet);
  await anny.taps("Sign out");
  await anny.isTold("This device is no longer in the list");
  await anny.taps("Not now");
  await expect(devicesOf(anny, "Another device")).toHaveCount(0);
});

test("another of one's devices made the new link: this one asks whether it was oneself", async ({
  meets,
  device,
  invites,
}) => {
  const { anny } = await meets();
  const tablet = await (await device()).comesIn(invites.anny);
  await makesANewLink(tablet, "Anny", { isOwn: true });
  await anny.isTold("You made a new link for yourself. Wasn’t it you?");
  await opensTheDevices(anny);
  await expect(devicesOf(anny, "Another device")).toHaveCount(1);
});
