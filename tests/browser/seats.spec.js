// Two seats of one browser never mix.
import { test } from "./journey.js";

test("the other person's link asks for the other person's code, on a browser that is in already", async ({
  meets,
  invites,
}) => {
  const { anny } = await meets();
  const person = await anny.device.opens(invites.abhi);
  await person.isGreeted("Abhi");
  await person.enters(invites.anny.code);
  await person.isRefused("That code isn’t right");
  await person.enters(invites.abhi.code);
  await person.isIn("Anny");
});

test("two tabs of one browser are two people", async ({ device, invites }) => {
  const browser = await device();
  const anny = await browser.comesIn(invites.anny);
  const abhi = await browser.comesIn(invites.abhi);
  await anny.says("I am Anny");
  await abhi.hears("I am Anny");
  await abhi.says("I am Abhi");
  await anny.hears("I am Abhi");
  await anny.saidBySelf("I am Anny");
  await abhi.saidBySelf("I am Abhi");
  await anny.reloads();
  await anny.says("still Anny");
  await abhi.hears("still Anny");
  await abhi.reloads();
  await abhi.saidBySelf("I am Abhi");
});

test("each tab keeps its own half-written message", async ({ device, invites }) => {
  const browser = await device();
  const anny = await browser.comesIn(invites.anny);
  const abhi = await browser.comesIn(invites.abhi);
  await anny.writes("Anny's dra");
  await abhi.writes("Abhi's dra");
  await anny.reloads();
  await abhi.reloads();
  await anny.isWriting("Anny's dra");
  await abhi.isWriting("Abhi's dra");
});

test("two tabs of one chat share one draft, and what is sent in one is taken from both", async ({
  pair,
  invites,
}) => {
  const { anny, abhi } = await pair();
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  await anny.writes("half a");
  await second.isWriting("half a");
  await second.writes("half a sentence");
  await anny.isWriting("half a sentence");
  await anny.reloads();
  await anny.isWriting("half a sentence");
  await second.sends();
  await abhi.hears("half a sentence");
  await anny.isWriting("");
  await anny.reloads();
  await anny.isWriting("");
  await abhi.hasEachOnce("half a sentence");
});

test("the start page lists both, with what is unread", async ({ device, house, invites }) => {
  const browser = await device();
  const anny = await browser.comesIn(invites.anny);
  await anny.closes();
  const abhi = await house.guest(invites.abhi);
  await abhi.says("one");
  await abhi.says("two");
  const start = await browser.startPage();
  await start.lists("Abhi", "Anny", "2 new messages");
  const again = await start.goesTo("Abhi");
  await again.sees("one", "two");
});
