// Messages that change: what a page shows of them, whether it was there when they changed or came later.
import { test, expect } from "./journey.js";
import { picks } from "./message-menu.js";

/** @typedef {import("@playwright/test").Page} Page */

const ID = "8f14e45fceea167a0000000000000001";

/** What the page shows, line by line: messages, notes and stubs. @param {Page} page */
const lines = (page) => page.locator(".message .text, .event, .message .gone > p:first-child");
/** @param {Page} page @param {string} text */
const rowOf = (page, text) => page.locator(".message").filter({ hasText: text });

/** As soon as the house lets him: it takes ten a second. @param {() => Promise<unknown>} act */
const patiently = (act) => expect(act).toPass({ intervals: [200], timeout: 30_000 });

/** Abhi is asked through the API, and each of Anny's pages shows it. */
const at = async (/** @type {any} */ { device, invites, house }) => {
  const anny = await (await device()).comesIn(invites.anny);
  const abhi = await house.guest(invites.abhi);
  return { anny, abhi, page: anny.page };
};

test("an edit shows at once, and says that it is one", async ({ device, invites, house }) => {
  const { anny, abhi, page } = await at({ device, invites, house });
  await abhi.says("Are you there?");
  await anny.hears("Are you there?");
  await abhi.does("PATCH", "messages/1", { base: 0, text: "Are you at home?" });
  await anny.sees("Are you at home?");
  await expect(rowOf(page, "Are you at home?")).toContainText("edited");
});

test("what was deleted is said for a day, and what was hidden is not there", async ({
  device,
  invites,
  house,
}) => {
  const { anny, abhi, page } = await at({ device, invites, house });
  await anny.says("mine");
  for (const text of ["one", "two"]) await abhi.says(text);
  await anny.sees("mine", "one", "two");
  await abhi.does("DELETE", "messages/2?for=everybody");
  await expect(lines(page)).toHaveText(["mine", "This message was deleted", "two"]);
  await anny.reloads();
  await expect(lines(page)).toHaveText(["mine", "This message was deleted", "two"]);
  await expect(rowOf(page, "This message was deleted").locator(".mark")).toHaveCount(0);
});

test("notes are small lines that nobody said, and count as nothing new", async ({
  device,
  invites,
  house,
}) => {
  const { anny, abhi, page } = await at({ device, invites, house });
  await abhi.says("hello");
  await anny.hears("hello");
  await anny.looksAway();
  await abhi.does("PUT", "timer", { after: "1d" });
  await abhi.does("PUT", "timer", { after: "never" });
  await abhi.does("PUT", "idle", { idle: "1w" });
  await expect(page.locator(".event")).toHaveText([
    "Abhi set messages to vanish after a day",
    "Abhi set messages to stay",
    "Abhi set this chat to be deleted after a week without use",
  ]);
  await anny.titleHoldsNoCount();
  await anny.looksAgain();
  await expect(page.locator(".new-divider, .event .mark")).toHaveCount(0);
});

test("reactions show how many there are, and tell whose", async ({ device, invites, house }) => {
  const { anny, abhi, page } = await at({ device, invites, house });
  await anny.says("It is a girl");
  await abhi.does("PUT", "messages/1/reaction", { emoji: "\u2764\ufe0f" });
  await expect(page.getByRole("img", { name: "\u2764\ufe0f: Abhi" })).toHaveText("\u2764\ufe0f");
  await abhi.does("DELETE", "messages/1/reaction");
  await expect(page.locator(".reactions")).toHaveCount(0);
});

test("a quote is of the message as it is now, also of one that the page does not have", async ({
  device,
  invites,
  house,
}) => {
  const abhi = await house.guest(invites.abhi);
  await abhi.says("the first of all");
  for (let count = 2; count <= 120; count += 1) await patiently(() => abhi.says(`number ${count}`));
  await patiently(() => abhi.does("POST", "messages", { id: ID, text: "as I said", reply_to: 1 }));
  // What Anny has read elsewhere is not all loaded.
  await (await house.guest(invites.anny)).does("POST", "receipts", { seen: 121 });
  const anny = await (await device()).comesIn(invites.anny);
  const { page } = anny;
  await anny.isShown("as I said");
  await anny.isTold("You came in with another device");
  const quote = rowOf(page, "as I said").locator(".quote");
  await expect(quote).toContainText("Abhi");
  await expect(quote).toContainText("the first of all");
  const { height } = /** @type {{height: number}} */ (await quote.boundingBox());
  await abhi.does("PATCH", "messages/1", { base: 0, text: "first" });
  await expect(quote).toContainText("first");
  await quote.click();
  await anny.isShown("first");
  await expect(page.locator(".message:focus")).toContainText("first");
  await abhi.does("DELETE", "messages/1?for=everybody");
  await page.getByRole("region", { name: "Messages" }).press("End");
  await expect(quote).toContainText("This message was deleted");
  expect(/** @type {{height: number}} */ (await quote.boundingBox()).height).toBe(height);
});

/** What there is to see of each line, the text of its reactions and "edited" included. @param {Page} page */
const looks = (page) =>
  page.locator(".message, .event").evaluateAll((rows) => {
    const seen = ".text, .quote, .gone > p:first-child, .reactions > span, .meta > span:not(.mark)";
    return rows.map((row) => [
      row.className,
      ...[...row.querySelectorAll(seen)].map((one) => one.textContent),
    ]);
  });

test("a device that was offline shows the same as the one on which its person did things meanwhile", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const away = await (await device()).comesIn(invites.anny);
  for (const text of ["hallo", "nobody should read this", "my answer is yes"]) await anny.says(text);
  for (const text of ["good evening", "a long story", "by mistake", "do you come?"]) await abhi.says(text);
  await away.hasAGate();
  await away.hears("do you come?");
  await anny.hears("do you come?");
  await away.closesTheGate();
  await away.knowsItIsOffline();

  await picks(anny, "hallo", "Edit");
  await anny.writes("hello");
  await anny.sends();
  await anny.isWriting("");
  await picks(anny, "nobody should read this", "Delete for everybody");
  await picks(anny, "good evening", "❤️");
  await picks(anny, "a long story", "Delete for me");
  await picks(anny, "do you come?", "Reply");
  await anny.says("with pleasure");
  await picks(abhi, "by mistake", "Delete for everybody");
  await picks(abhi, "my answer is yes", "👍");
  await picks(abhi, "with pleasure", "Reply");
  await abhi.says("until then");
  await anny.hears("until then");
  const before = ["hello", "my answer is yes", "good evening", "do you come?", "with pleasure", "until then"];
  await anny.sees(...before);
  await away.sees(
    "hallo",
    "nobody should read this",
    "my answer is yes",
    "good evening",
    "a long story",
    "by mistake",
    "do you come?",
  );

  away.opensTheGate();
  await away.sees(...before);
  await expect.poll(() => looks(away.page)).toEqual(await looks(anny.page));
  await expect(away.page.locator(".reactions > span")).toHaveText(["👍", "❤️"]);
  await expect(rowOf(away.page, "hello")).toContainText("edited");
  const stubs = ["You deleted this message", "This message was deleted"];
  await expect(away.page.locator(".gone > p:first-child")).toHaveText(stubs);
});
