// The devices of a person: one of them is signed out.
import { expect, test } from "./journey.js";
import {
  devicesOf,
  isSignedOut,
  leavesHere,
  signsOutAnotherDevice,
  takesTheWay,
  wantsToSignOut,
} from "./ways.js";

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

test("who asks to sign a device out and thinks better of it changes nothing", async ({
  pair,
  device,
  invites,
}) => {
  const { anny } = await pair();
  const tablet = await (await device()).comesIn(invites.anny);
  await wantsToSignOut(anny, "Another device");
  await anny.taps("Not now");
  await expect(devicesOf(anny, "Another device")).toHaveCount(1);
  await anny.taps("Close");
  await tablet.says("still in");
  await anny.hears("still in");
});

test("what was typed on a device that is signed out can be copied, and is kept nowhere", async ({
  pair,
  device,
  invites,
}) => {
  const { anny } = await pair();
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

test("who leaves on one device is out in all its tabs, and in on the others", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
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

test("a list of devices that does not come says why, and comes when it is asked for again", async ({
  pair,
  watch,
}) => {
  const { anny } = await pair();
  watch.houseMayBeAway = true;
  await anny.page.route(/\/devices$/, (route) => route.abort("connectionrefused"), { times: 1 });
  await takesTheWay(anny, "Your devices");
  await anny.isTold("The house cannot be reached just now");
  await anny.taps("Try again");
  await expect(devicesOf(anny, "This device")).toHaveCount(1);
});

test("a device that is gone already is no trouble", async ({ pair, device, invites }) => {
  const { anny } = await pair();
  const tablet = await (await device()).comesIn(invites.anny);
  await wantsToSignOut(anny, "Another device");
  await leavesHere(tablet);
  await anny.taps("Sign out");
  await anny.isTold("This device is not in the list any more");
  await anny.taps("Not now");
  await expect(devicesOf(anny, "Another device")).toHaveCount(0);
});
