// J2: a link and a code let one person in; everything else is refused kindly.
import { test, expect } from "./journey.js";
import { Person } from "./person.js";

const NOT_RIGHT = "That code isn’t right";

test("the link greets by name, and the code lets in", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.isGreeted("Anny");
  await anny.enters(invites.anny.code);
  await anny.isIn("Abhi");
});

test("a wrong code says so, and the right one lets in after it", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.enters(invites.abhi.code);
  await anny.isRefused(NOT_RIGHT);
  await anny.enters(invites.anny.code);
  await anny.isIn("Abhi");
});

test("half a code is not sent at all", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.enters("K7Q");
  await anny.isAskedForTheCode();
});

test("too many wrong codes: the page says how long to wait", async ({ device, house, invites }) => {
  for (let guess = 0; guess < 5; guess += 1) await house.guesses(invites.anny);
  const anny = await (await device()).opens(invites.anny);
  await anny.enters("0000-0000");
  await anny.mustWait(/You can try again in (\d+ sec|1 min)/);
});

test("a guesser does not lock out who is in, and everybody in the chat hears of it", async ({
  pair,
  house,
  invites,
}) => {
  const { anny, abhi } = await pair();
  for (let guess = 0; guess < 7; guess += 1) await house.guesses(invites.anny);
  await abhi.isTold(/Someone entered a wrong code on Anny’s link/);
  await anny.isTold(/Someone entered a wrong code on your link/);
  await anny.says("I am still here");
  await abhi.hears("I am still here");
});

test("wrong codes that were read do not hide those that come after somebody was in", async ({
  pair,
  device,
  house,
  invites,
}) => {
  const { abhi } = await pair();
  for (let wrong = 0; wrong < 2; wrong += 1) await house.guesses(invites.anny);
  await abhi.isTold("Someone entered a wrong code on Anny’s link 2 times");
  await abhi.taps("Got it");
  await (await device()).walksIn(invites.anny);
  await house.guesses(invites.anny);
  await abhi.isTold("Someone entered a wrong code on Anny’s link");
});

test("an ended chat's link says that it ended, and by whom it was", async ({ pair, device, invites }) => {
  const { anny } = await pair();
  await anny.ends();
  const person = await (await device()).opens(invites.abhi);
  await person.seesTheEnd("ended this chat");
});

test("a link of no chat leads nowhere", async ({ device }) => {
  const person = await (await device()).opensPath("j#0123456789ABCDEFGHJKMNPQRS");
  await person.isTold("This link doesn’t work");
});

test("a person who may not start a chat is asked for a link alone", async ({ device, invites }) => {
  const browser = await device();
  const json = { version: "0", may_start: false, idles: ["1h"], idle_default: "1h", reach: "anywhere" };
  await browser.context.route(/\/api\/v1\/house$/, (route) => route.fulfill({ json }));
  const { page } = await browser.startPage();
  const person = new Person(browser, page);
  await person.isTold("New chats are started on the home network");
  await person.isNoLongerTold("Type two names");
  await person.pastes(`${invites.anny.link}\nCode: ${invites.anny.code}`);
  await person.isGreeted("Anny");
  expect(page.url()).not.toContain("#");
  await person.taps("Open chat");
  await person.isIn("Abhi");
});

test("neither token nor code ever stands in an address that the house sees", async ({
  device,
  watch,
  invites,
}) => {
  const anny = await (await device()).walksIn(invites.anny);
  await anny.says("hi");
  await anny.reloads();
  await anny.sees("hi");
  const token = invites.anny.link.split("#")[1] ?? "";
  const asked = [...watch.asked].join("\n");
  expect(asked).toContain("/c");
  expect(asked).not.toContain(token);
  expect(asked).not.toContain(invites.anny.code.replace("-", ""));
});
