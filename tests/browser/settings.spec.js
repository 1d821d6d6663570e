// What this device tells about its person, in which language and look it speaks: the person decides.
import { test, expect } from "./journey.js";

const TYPING = "When I’m typing";
const SEEN = "Read receipts";
const HERE = "When I’m online";

test("a person who does not tell that they are typing is not seen typing, and sees nobody typing", async ({
  pair,
  watch,
}) => {
  const { anny, abhi } = await pair();
  await anny.wantsNo(TYPING);
  await anny.isIn("Abhi");
  await anny.writes("I am thinking");
  await anny.says("said");
  await abhi.hears("said");
  expect(watch.timesTold(abhi.page, "chat-typing")).toBe(0);

  await abhi.writes("so am I");
  await abhi.says("answered");
  await anny.hears("answered");
  expect(watch.timesTold(anny.page, "chat-typing")).toBe(0);

  await anny.wants(TYPING);
  await anny.says("tell me again");
  await abhi.hears("tell me again");
  await abhi.goesOnTyping();
  await anny.isTold("typing");
});

test("a person who does not tell what they have seen is not told it either", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.wantsNo(SEEN);
  await abhi.says("from Abhi");
  await anny.hears("from Abhi");
  await anny.says("from Anny");
  await abhi.hears("from Anny");
  await abhi.isMarked("from Abhi", "Delivered");
  await anny.isMarked("from Anny", "Delivered");
  await anny.isToldWhy("from Anny", "You can’t see read receipts");

  await anny.wants(SEEN);
  await anny.isMarked("from Anny", "Seen");
  await abhi.says("from now on");
  await abhi.isMarked("from now on", "Seen");
});

test("a person who does not tell that they are here is not seen here, and sees nobody here", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  await abhi.isTold(/^online$/);
  await anny.wantsNo(HERE);
  await abhi.isNoLongerTold(/^online$/);
  await anny.isNoLongerTold(/^online$/);
  await anny.says("I am still here");
  await abhi.hears("I am still here");
  await abhi.isNoLongerTold(/last seen|^online$/);
  await anny.wants(HERE);
  await abhi.isTold(/^online$/);
  await anny.isTold(/^online$/);
});

test("what is not told stays so after a reload, and holds in every tab of the device", async ({
  pair,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  await anny.wantsNo(HERE, SEEN);
  await abhi.isNoLongerTold(/^online$/);
  await second.isNoLongerTold(/^online$/);
  await anny.reloads();
  await abhi.says("unseen");
  await anny.hears("unseen");
  await second.hears("unseen");
  await abhi.isMarked("unseen", "Delivered");
  await abhi.isNoLongerTold(/^online$/);
  await anny.isNoLongerTold(/^online$/);
  await anny.opensTheSettings();
  for (const label of [HERE, SEEN]) await expect(anny.page.getByLabel(label)).not.toBeChecked();
  await expect(anny.page.getByLabel(TYPING)).toBeChecked();
});

test("the other language stays after a reload, and what was being written stays too", async ({ meets }) => {
  const { anny } = await meets();
  await anny.writes("half a sen");
  await anny.speaks("Language", "Deutsch");
  await expect(anny.page.locator("html")).toHaveAttribute("lang", "de");
  await expect(anny.page.getByRole("textbox", { name: "Nachricht" })).toHaveValue("half a sen");
  await anny.page.reload();
  await expect(anny.page.locator("html")).toHaveAttribute("lang", "de");
  await expect(anny.page.getByRole("textbox", { name: "Nachricht" })).toHaveValue("half a sen");
});

test("the dark look stays after a reload, on every page and in every tab", async ({ meets }) => {
  const { anny } = await meets();
  const start = await anny.device.startPage();
  const light = await anny.page.evaluate(colourBehind);
  await anny.looksLike("Dark");
  await expect.poll(() => anny.page.evaluate(colourBehind)).not.toBe(light);
  const dark = await anny.page.evaluate(colourBehind);
  await expect.poll(() => start.page.evaluate(colourBehind)).toBe(dark);
  await anny.reloads();
  expect(await anny.page.evaluate(colourBehind)).toBe(dark);
  await anny.looksLike("Automatic");
  await expect.poll(() => anny.page.evaluate(colourBehind)).toBe(light);
});

/** The colour behind everything. */
function colourBehind() {
  return getComputedStyle(document.body).backgroundColor;
}
