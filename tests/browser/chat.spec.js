// J3: what two people say to each other.
import { test, expect } from "./journey.js";

test("both say, both hear, in the same order", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("hi");
  await abhi.hears("hi");
  await abhi.says("hello Anny");
  await anny.hears("hello Anny");
  await anny.says("how are you?");
  for (const person of [anny, abhi]) await person.sees("hi", "hello Anny", "how are you?");
});

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

test("with a keyboard Enter sends and Shift with Enter breaks the line; on a phone Enter breaks it", async ({
  pair,
  isMobile,
}) => {
  const { anny, abhi } = await pair();
  await anny.writes("first line");
  await anny.page.keyboard.press(isMobile ? "Enter" : "Shift+Enter");
  await anny.page.keyboard.type("second line");
  await (isMobile ? anny.sends() : anny.page.keyboard.press("Enter"));
  await abhi.hears("first line\nsecond line");
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

test("a message of 4,000 characters is sent, one of 4,001 is not and stays in the field", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  const long = "🦉".repeat(4_000);
  await anny.says(long);
  await abhi.hears(long);
  await anny.writes(`${long}x`);
  await anny.isTold("1 character too many");
  await anny.sends();
  await anny.isWriting(`${long}x`);
});

test("an empty message is not sent", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.writes("   ");
  await anny.sends();
  await anny.says("something");
  await abhi.hears("something");
  expect(await abhi.conversation()).toEqual(["something"]);
});

test("the title counts what came while nobody looked", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.looksAway();
  await abhi.says("one");
  await abhi.says("two");
  await anny.titleHolds("2");
  await anny.looksAgain();
  await anny.titleHoldsNoCount();
  await abhi.isMarked("two", "Seen");
});

test("who comes back to the page begins with what came meanwhile", async ({ pair, invites, house }) => {
  const { anny } = await pair();
  const abhi = await house.guest(invites.abhi);
  const many = Array.from({ length: 30 }, (_, number) => `meanwhile ${number + 1}`);
  await anny.says("I have to go");
  await anny.looksAway();
  for (const text of many) await abhi.says(text);
  await anny.titleHolds("30");
  await anny.looksAgain();
  await expect(anny.page.locator(".new-divider")).toBeInViewport();
  await anny.isShown("meanwhile 1");
  const before = Number.parseInt(await anny.page.getByRole("button", { name: / new$/ }).innerText(), 10);
  await abhi.says("and one more");
  await anny.isTold(`${before + 1} new`);
  await anny.isShown("meanwhile 1");
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

test.describe("with a long history", () => {
  test.use({ settings: ["--messages-per-second", "1000"] });
  const many = Array.from({ length: 130 }, (_, number) => `message ${number + 1}`);

  test("the newest are there at once, the older ones come as one scrolls up", async ({
    device,
    house,
    invites,
  }) => {
    const speaker = await house.guest(invites.abhi);
    for (const text of many) await speaker.says(text);
    const anny = await (await device()).comesIn(invites.anny);
    await anny.hears("message 130");
    await anny.isShown("message 130");
    await anny.scrollsUpTo("message 1");
    await anny.readsFromTheBeginning(...many);
  });

  test("who reads above is told of new messages and is not moved", async ({ device, house, invites }) => {
    const speaker = await house.guest(invites.abhi);
    for (const text of many) await speaker.says(text);
    const anny = await (await device()).comesIn(invites.anny);
    await anny.hears("message 130");
    await anny.scrollsUpTo("message 90");
    await anny.isTold("Jump to latest");
    for (const text of ["new one", "new two", "new three"]) await speaker.says(text);
    await anny.isTold("3 new");
    await anny.isShown("message 90");
    await anny.page.getByRole("button", { name: "3 new" }).click();
    await anny.isShown("new three");
  });
});

test("who reads the newest goes on reading them when a notice or a long draft takes room", async ({
  device,
  house,
  invites,
}) => {
  const speaker = await house.guest(invites.abhi);
  const anny = await (await device()).comesIn(invites.anny);
  for (let number = 1; number <= 20; number += 1) await speaker.says(`message ${number}`);
  await anny.isShown("message 20");
  await house.guesses(invites.abhi);
  await anny.isTold("Someone entered a wrong code");
  await anny.isShown("message 20");
  await anny.writes("a draft that grows ".repeat(200));
  await anny.isShown("message 20");
  await anny.writes("x".repeat(4_001));
  await anny.isTold("1 character too many");
  await anny.isShown("message 20");
  await anny.writes("");
  await anny.isShown("message 20");
  await anny.isNoLongerTold("Jump to latest");
});

test("one tap keeps the chat for longer", async ({ pair }) => {
  const { anny } = await pair();
  await anny.isTold(/longer if you write/);
  await anny.page.getByRole("button", { name: "Keep longer" }).click();
  await anny.isTold("Kept");
});
