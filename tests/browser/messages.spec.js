// J3: what arrives, as it was written and in one order, and what each sees of it and of the other.
import { test, expect } from "./journey.js";

test("what both say at the same time stands in one order on both sides", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const words = ["a", "b", "c", "d", "e"];
  await Promise.all([
    (async () => {
      for (const word of words) await anny.says(`Anny ${word}`);
    })(),
    (async () => {
      for (const word of words) await abhi.says(`Abhi ${word}`);
    })(),
  ]);
  for (const person of [anny, abhi])
    await person.hasEachOnce(...words.flatMap((word) => [`Anny ${word}`, `Abhi ${word}`]));
  expect(await anny.conversation()).toEqual(await abhi.conversation());
});

test("markup, scripts and odd scripts arrive as they were written", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const texts = [
    '<img src=x onerror="alert(1)"><script>alert(2)</script>',
    "&amp; {name} %s ${x}",
    "مرحبا بك",
    "नमस्ते 👩‍👩‍👧",
    "  spaces  kept",
  ];
  for (const text of texts) await anny.says(text);
  await abhi.hears("नमस्ते 👩‍👩‍👧");
  for (const text of texts.slice(0, 4)) await abhi.hears(text);
});

test("a message goes from sent over delivered to seen", async ({ pair, invites }) => {
  const { anny, abhi } = await pair();
  await abhi.closes();
  await anny.says("are you there?");
  await anny.isMarked("are you there?", "Sent");
  const again = await abhi.device.opens(invites.abhi);
  await again.hears("are you there?");
  await anny.isMarked("are you there?", "Seen");
});

test("each sees whether the other is here, and was", async ({ pair, invites }) => {
  const { anny, abhi } = await pair();
  await anny.isTold(/^online$/);
  await abhi.closes();
  await anny.isTold(/last seen/);
  await abhi.device.opens(invites.abhi);
  await anny.isTold(/^online$/);
});

test("before the other has come in, the page says so", async ({ device, invites }) => {
  const anny = await (await device()).comesIn(invites.anny);
  await anny.isTold("hasn’t joined yet");
});

test("typing shows on the other side, and fades", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.isTold(/^online$/);
  await anny.writes("I am thinking");
  await abhi.isTold("typing");
  await abhi.isNoLongerTold("typing");
});

test("an empty message is not sent", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.writes("   ");
  await anny.sends();
  await anny.says("something");
  await abhi.hears("something");
  expect(await abhi.conversation()).toEqual(["something"]);
});

test("a message with the id of another's does not take its place", async ({ device, invites, house }) => {
  const anny = await (await device()).comesIn(invites.anny);
  await anny.says("mine");
  await anny.isMarked("mine", "Sent");
  const abhi = await house.guest(invites.abhi);
  await abhi.says("yours", abhi.found[0]?.id);
  await anny.hears("yours");
  expect(await anny.conversation()).toEqual(["mine", "yours"]);
});
