// Every state of the page as a picture: `npm run screenshots`, then look into out/screenshots.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "./journey.js";

const FOLDER = fileURLToPath(new URL("out/screenshots/", import.meta.url));

/**
 * @param {import("@playwright/test").Page} page
 * @param {string} state
 */
async function take(page, state, fullPage = false) {
  const folder = `${FOLDER}${test.info().project.name}/`;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${state}.png`, fullPage, animations: "disabled" });
}

test("start", async ({ device }) => {
  const start = await (await device()).startPage();
  await expect(start.page.getByLabel("One name")).toBeVisible();
  await take(start.page, "start");
  await start.tries("Anny", "anny");
  await start.isRefused();
  await take(start.page, "start-refused");
  await start.makes("Anny", "Abhi");
  await take(start.page, "start-invites", true);
  await start.page.emulateMedia({ media: "print" });
  await take(start.page, "start-print", true);
});

test("start not here", async ({ device }) => {
  const start = await (await device({ extraHTTPHeaders: { "X-Forwarded-For": "203.0.113.9" } })).startPage();
  await expect(start.page.getByText("New chats are started from inside")).toBeVisible();
  await take(start.page, "start-not-here");
});

test("start with chats", async ({ device, house }) => {
  const browser = await device();
  const names = [
    ["Anny", "Abhi"],
    ["A name that is as long as names may be, 40", "Großmutter Wilhelmine"],
    ["Anny", "مريم"],
  ];
  for (const [one = "", other = ""] of names) {
    const [mine, theirs] = await house.chat(one.slice(0, 40), other);
    await (await browser.comesIn(mine)).closes();
    if (one === "Anny") await (await house.guest(theirs)).says("hi");
  }
  const start = await browser.startPage();
  await expect(start.page.getByText("1 new message").first()).toBeVisible();
  await take(start.page, "start-chats");
});

test("join", async ({ device, house, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.isGreeted("Anny");
  await take(anny.page, "join");
  await anny.enters("0000-0000");
  await anny.isRefused("That code is not right");
  await take(anny.page, "join-wrong-code");
  for (let guess = 0; guess < 4; guess += 1) await house.guesses(invites.anny);
  await anny.enters("0000-0000");
  await anny.mustWait(/You can try again in/);
  await take(anny.page, "join-wait");
});

test("join leads nowhere", async ({ device }) => {
  const browser = await device();
  const nowhere = await browser.opensPath("j#0123456789ABCDEFGHJKMNPQRS");
  await nowhere.isTold("This link leads nowhere");
  await take(nowhere.page, "join-nowhere");
  const incomplete = await browser.opensPath("j#0123");
  await incomplete.isTold("Your link is incomplete");
  await take(incomplete.page, "join-incomplete");
});

test("chat", async ({ device, house, invites }) => {
  const abhi = await house.guest(invites.abhi);
  const browser = await device();
  const anny = await browser.comesIn(invites.anny);
  await take(anny.page, "chat-empty");
  await abhi.says("Good evening! Are you there?");
  await anny.says("I am. How was the train?");
  await anny.says("Did you get a seat?");
  await abhi.says(
    "Late, full, and somebody's dog slept on my foot all the way from Nuremberg. ".repeat(4).trim(),
  );
  await abhi.says("مرحبا، كيف حالك؟");
  await abhi.says(
    "https://a.very.long.example/that/does/not/break/anywhere/because/it/has/no/spaces/at/all/and/goes/on",
  );
  await anny.says("👩‍👩‍👧 👋🏽");
  await anny.hears("مرحبا، كيف حالك؟");
  await take(anny.page, "chat");
  await anny.page.getByRole("button", { name: "Marks" }).click();
  await take(anny.page, "chat-marks");
  await anny.page.keyboard.press("Escape");
  await anny.writes(`A draft of several lines\n${"that grows with what is typed ".repeat(8)}`);
  await take(anny.page, "chat-writing");
  await anny.writes("x".repeat(4_010));
  await take(anny.page, "chat-too-long");
  await anny.writes("");
  await house.guesses(invites.anny);
  await house.guesses(invites.abhi);
  await anny.isTold("Someone tried a wrong code");
  await take(anny.page, "chat-guessed");
  await anny.page.getByRole("button", { name: "End chat" }).click();
  await take(anny.page, "chat-end-question");
  await anny.page.getByRole("button", { name: "Keep talking" }).click();
});

test("chat with two people", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("Are you there?");
  await abhi.says("Yes");
  await anny.isMarked("Are you there?", "Seen");
  await abhi.page
    .getByRole("textbox", { name: "Message" })
    .pressSequentially("One moment please", { delay: 250 });
  await anny.isTold("typing");
  await take(anny.page, "chat-typing");
});

test("chat that scrolls", async ({ device, house, invites }) => {
  const abhi = await house.guest(invites.abhi);
  for (let number = 1; number <= 25; number += 1)
    await abhi.says(`Message number ${number}, which is not short`);
  const anny = await (await device()).comesIn(invites.anny);
  await anny.hears("Message number 25, which is not short");
  await take(anny.page, "chat-first-look");
  await anny.scrollsUpTo("Message number 1, which is not short");
  await anny.isTold("To the newest");
  await abhi.says("one more");
  await anny.isTold(/^1 new$/);
  await take(anny.page, "chat-new-below");
});

test("chat offline", async ({ pair, house, watch }) => {
  const { anny } = await pair();
  await anny.says("Before the line was lost");
  watch.houseMayBeAway = true;
  await house.kill();
  await anny.queues("This one waits");
  await anny.knowsItIsOffline();
  await take(anny.page, "chat-offline");
});

test("ended", async ({ pair, device, invites }) => {
  const { anny, abhi } = await pair();
  await anny.says("Goodbye");
  await anny.ends();
  await take(anny.page, "ended-by-me");
  await abhi.seesTheEnd();
  await take(abhi.page, "ended-by-other");
  const browser = await device();
  const door = await browser.opens(invites.abhi);
  await door.seesTheEnd();
  await take(door.page, "join-ended");
  const gone = await browser.opensPath("c#0011223344556677-1");
  await gone.isTold("This browser is not in this chat");
  await take(gone.page, "chat-not-in");
});
