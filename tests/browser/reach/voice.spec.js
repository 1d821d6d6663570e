// What a screen reader says: each new message once, and why something was refused where it was typed.
import { Line } from "../line.js";
import { expect, test } from "../journey.js";
import { lineOf } from "../scenes.js";
import { makesANewLink, opensTheDevices } from "../access.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("../journey.js").Person} Person
 */

test("what the other says is read out once, and what one says oneself is not", async ({ meets }) => {
  const { anny, abhi } = await meets();
  const spoken = await listens(anny);
  await abhi.says("one");
  await anny.says("my own");
  await abhi.says("two");
  await anny.hears("two");
  await expect.poll(spoken).toEqual(["Abhi: one", "Abhi: two"]);
});

test("the history is not read out when the chat is opened, and when older messages come in", async ({
  device,
  house,
  invites,
}) => {
  const abhi = await house.guest(invites.abhi);
  for (let number = 1; number <= 20; number += 1) await abhi.says(`message ${number}`);
  const anny = await (await device()).walksIn(invites.anny);
  const spoken = await listens(anny);
  await anny.scrollsUpTo("message 1");
  await anny.says("after all of this");
  await abhi.says("new");
  await expect.poll(spoken).toEqual(["Abhi: new"]);
});

test("what was said while the line was lost is read out once when it is back", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await abhi.says("before");
  await anny.hears("before");
  await anny.hasAGate();
  const spoken = await listens(anny);
  await anny.closesTheGate();
  await abhi.says("meanwhile");
  anny.opensTheGate();
  await anny.hears("meanwhile");
  await abhi.says("after");
  await anny.hears("after");
  await expect.poll(spoken).toEqual(["Abhi: meanwhile", "Abhi: after"]);
});

test("each message says who wrote it, and one's own whether it was seen", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await abhi.says("Are you there?");
  await anny.says("I am");
  await anny.isMarked("I am", "Seen");
  const list = anny.page.getByRole("region", { name: "Messages" });
  await expect(list.getByRole("listitem").filter({ hasText: "Are you there?" })).toHaveText(
    /^Abhi: Are you there\?\d\d:\d\d$/,
  );
  await expect(list.getByRole("listitem").filter({ hasText: "I am" })).toHaveText(/^You: I am\d\d:\d\dSeen/);
  await expect(list.locator("button.mark")).toHaveAccessibleName("Seen What does this mean?");
});

test("a message that has not arrived says so on its mark", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await abhi.closes();
  await anny.says("Are you there?");
  const mark = anny.page.getByRole("region", { name: "Messages" }).locator("button.mark");
  await expect(mark).toHaveAccessibleName("Sent Why hasn’t it arrived?");
});

test("it is said who comes, goes and types, and not how it was when the chat was opened", async ({
  device,
  invites,
}) => {
  const abhi = await (await device()).comesIn(invites.abhi);
  const anny = await (await device()).comesIn(invites.anny);
  await anny.isTold("online");
  const spoken = await hearsEverything(anny);
  await abhi.goesOnTyping();
  await expect.poll(spoken).toEqual(["Abhi: typing"]);
  await abhi.closes();
  await expect.poll(spoken).toEqual(["Abhi: typing", expect.stringMatching(/^Abhi: last seen \d\d:\d\d$/)]);
});

test("that one's last message was seen is said once", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const spoken = await hearsEverything(anny);
  await abhi.looksAway();
  await anny.says("one");
  await anny.says("two");
  await abhi.looksAgain();
  await expect.poll(spoken).toEqual(["Abhi has seen this."]);
  await anny.isMarked("two", "Seen");
});

test("what the marks mean is said once for each of them", async ({ meets }) => {
  const { anny } = await meets();
  await anny.opensTheSettings();
  const lines = anny.page.getByRole("dialog").locator(".legend li");
  await expect(lines).toHaveText([/^Waiting: /, /^Sent: /, /^Delivered: /, /^Seen: /]);
});

test("a loss of the line is said", async ({ meets }) => {
  const { anny } = await meets();
  const line = await lineOf(anny);
  await line.cuts();
  await expect(saidAloud(anny.page).filter({ hasText: "No connection" })).toHaveCount(1);
});

test("a new link is said once, in words, and not again with what follows", async ({
  pair,
  house,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const spoken = await hearsEverything(anny);
  await makesANewLink(abhi, "Anny");
  await anny.isTold("Abhi made a new link for you");
  await abhi.page.keyboard.press("Escape");
  await house.guesses(invites.abhi);
  await anny.isTold("Someone entered a wrong code");
  const said = (await spoken()).filter((line) => line.includes("made a new link for you"));
  expect(said).toEqual([expect.stringMatching(/^Abhi made a new link for you\. Ask for it:/)]);
  await expect(saidAloud(anny.page).filter({ hasText: "made a new link for you" })).toHaveCount(1);
});

test("each button of the devices says which device it signs out", async ({ meets, house, invites }) => {
  const { anny } = await meets();
  await house.guest(invites.anny);
  await opensTheDevices(anny);
  const buttons = anny.page.getByRole("dialog").getByRole("listitem").getByRole("button");
  await expect(buttons.nth(0)).toHaveAccessibleName(/^Sign out This device, Signed in: /);
  await expect(buttons.nth(1)).toHaveAccessibleName(/^Sign out Another device, Signed in: /);
});

test("a message that the house does not take is said", async ({ meets }) => {
  const { anny } = await meets();
  const line = await Line.of(anny.page);
  await anny.reloads();
  line.refuses("chat-say", { code: "message_too_long" });
  await anny.queues("not this one");
  await anny.isTold("Please send it in parts");
  await expect(saidAloud(anny.page).filter({ hasText: "Please send it in parts" })).toHaveCount(1);
});

test("a wrong code is said at once, and again with the field", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  const field = anny.page.getByLabel("Secret code");
  await expect(field).toHaveAccessibleDescription(/Eight letters and numbers/);
  await anny.enters(invites.abhi.code);
  await isRefused(anny.page, "Secret code", "That code isn’t right");
  await anny.enters("K7Q");
  await isRefused(anny.page, "Secret code", "A code has eight letters and numbers");
});

test("what is not a link is said at once, and again with the field", async ({ device }) => {
  const door = await (await device()).opensPath("j#0123");
  await door.pastes("this is no link");
  await isRefused(door.page, "Your link", "This link is incomplete too");
});

test("a missing name is said at once, and again with its field", async ({ device }) => {
  const start = await (await device()).startPage();
  await start.tries("Anny", "");
  await isRefused(start.page, "Their name", "Please type both names");
});

test("a name that is refused is said at once, and again with its field", async ({ device }) => {
  const start = await (await device()).startPage();
  await start.tries("Anny", "anny");
  await isRefused(start.page, "Their name", "These two names look the same");
  await start.tries("Anny", "x".repeat(41));
  await isRefused(start.page, "Their name", "A name needs 1 to 40 visible characters");
  await expect(start.page.getByLabel("Your name")).not.toHaveAttribute("aria-invalid", "true");
  await start.tries("x".repeat(41), "Abhi");
  await isRefused(start.page, "Your name", "A name needs 1 to 40 visible characters");
  await expect(start.page.getByLabel("Their name")).not.toHaveAttribute("aria-invalid", "true");
});

test("a message that is too long says so with its field", async ({ meets }) => {
  const { anny } = await meets();
  await anny.writes("x".repeat(4_010));
  const field = anny.page.getByRole("textbox", { name: "Message" });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription("10 characters too many");
  await expect(saidAloud(anny.page).filter({ hasText: "up to 4,000 characters" })).toHaveCount(1);
});

test("each question says what it is and what it is about", async ({ meets }) => {
  const { anny } = await meets();
  const { page } = anny;
  for (const [name, title] of [
    ["End chat", "End this chat?"],
    ["Menu", "Menu"],
  ]) {
    await page.getByRole("button", { name: name ?? "", exact: true }).click();
    await expect(page.getByRole("dialog")).toHaveAccessibleName(title ?? "");
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByRole("dialog")).toHaveAccessibleDescription(/0 messages.*can’t be undone/);
});

test("the final call of the clock is said at once", async ({ meets }) => {
  const { anny } = await meets();
  const line = await Line.of(anny.page);
  await anny.reloads();
  await expect.poll(() => line.other).toBeTruthy();
  line.says({ type: "chat-due", at: new Date(Date.now() + 600_000).toISOString() });
  await expect(anny.page.getByRole("alert")).toHaveText(/It will be deleted at/);
});

/**
 * Whatever a screen reader says without being asked.
 * @param {Page} page
 */
function saidAloud(page) {
  return page.getByRole("status").or(page.getByRole("alert")).or(page.getByRole("log"));
}

/**
 * What the log says from now on, each line as often as it is said.
 * @param {Person} person
 * @returns {Promise<() => Promise<string[]>>}
 */
async function listens({ page }) {
  const log = page.getByRole("log");
  await expect(log).toBeAttached();
  const said = await log.evaluateHandle((live) => {
    /** @type {string[]} */
    const lines = [...live.children].map((line) => line.textContent ?? "");
    const hear = (/** @type {MutationRecord[]} */ changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) lines.push(node.textContent ?? "");
    };
    new MutationObserver(hear).observe(live, { childList: true, subtree: true, characterData: true });
    return lines;
  });
  return () => said.evaluate((lines) => [...lines]);
}

/**
 * What is put into a place that is read out by itself, each as often as it is put there.
 * @param {Person} person
 * @returns {Promise<() => Promise<string[]>>}
 */
async function hearsEverything({ page }) {
  const said = await page.evaluateHandle(() => {
    /** @type {string[]} */
    const lines = [];
    const isLive = (/** @type {Node} */ node) =>
      node instanceof Element && node.closest("[role=status], [role=alert]") !== null;
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes.filter(({ target }) => isLive(target)))
        for (const node of addedNodes) lines.push(node.textContent ?? "");
    }).observe(document.body, { childList: true, subtree: true });
    return lines;
  });
  return () => said.evaluate((lines) => [...lines]);
}

/**
 * @param {Page} page
 * @param {string} label
 * @param {string} why
 */
async function isRefused(page, label, why) {
  const field = page.getByLabel(label);
  await expect(page.getByRole("alert").filter({ hasText: why })).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(new RegExp(why));
  await expect(field).toHaveAttribute("aria-invalid", "true");
}
