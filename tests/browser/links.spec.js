// What stands beside the words: links, the time, why something has not arrived, and the way back and forward.
import { Line } from "./line.js";
import { test, expect } from "./journey.js";

test("web addresses are links that open apart from the chat, and nothing else is", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("see https://example.org/a?b=1, not ftp://example.org or javascript:alert(1)");
  await abhi.hears("see https://example.org/a?b=1, not ftp://example.org or javascript:alert(1)");
  const links = abhi.page.locator(".message .text a");
  await expect(links).toHaveCount(1);
  await expect(links).toHaveText("https://example.org/a?b=1");
  await expect(links).toHaveAttribute("href", "https://example.org/a?b=1");
  await expect(links).toHaveAttribute("target", "_blank");
  await expect(links).toHaveAttribute("rel", /(^| )noopener( |$)/);
});

test("a link whose name looks like another says what browsers show for it", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.writes("https://аpple.com or anny@example.org");
  await anny.sends();
  const message = abhi.page.locator(".message .text", { hasText: "pple.com" });
  await expect(message).toHaveText("https://аpple.com (xn--pple-43d.com) or anny@example.org");
  const mail = message.getByRole("link", { name: "anny@example.org" });
  await expect(mail).toHaveAttribute("href", "mailto:anny@example.org");
  expect(await mail.getAttribute("target")).toBe(null);
});

test("what nobody could see is not sent, and the first line keeps its indent", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.writes("\u200d\u3164\n\u2800");
  await anny.sends();
  await anny.writes(`\n  first\n    second${"\n".repeat(200)}third\n`);
  await anny.sends();
  const message = abhi.page.locator(".message .text");
  await expect(message).toHaveCount(1);
  expect(await message.textContent()).toBe("  first\n    second\n\n\n\nthird");
});

test("an address in a text from right to left keeps its own direction", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("مرحبا https://example.org/a/b مرحبا");
  await abhi.hears("مرحبا https://example.org/a/b مرحبا");
  const link = abhi.page.locator(".message .text a");
  await expect(link).toHaveAttribute("dir", "ltr");
  await expect(link).toHaveCSS("unicode-bidi", "isolate");
});

test("why it has not arrived: the other has not come in, is away, or has not looked", async ({
  device,
  invites,
}) => {
  const anny = await (await device()).walksIn(invites.anny);
  await anny.says("hello?");
  await anny.isToldWhy("hello?", "Abhi hasn’t joined yet. The message waits for them here.");

  const abhi = await (await device()).walksIn(invites.abhi);
  await anny.isMarked("hello?", "Seen");
  await anny.isToldWhy("hello?", "Abhi has seen this.");

  await abhi.looksAway();
  await anny.says("look here");
  await anny.isMarked("look here", "Delivered");
  await anny.isToldWhy("look here", "It’s on Abhi’s device, but hasn’t been seen yet.");

  await abhi.closes();
  await anny.isTold(/last seen/);
  await anny.says("gone?");
  await anny.isToldWhy("gone?", /Abhi was last here [^.]*\. The message arrives/);
});

test("why it has not arrived: there is no connection", async ({ meets }) => {
  const { anny } = await meets();
  await anny.hasAGate();
  await anny.closesTheGate();
  await anny.knowsItIsOffline();
  await anny.queues("into the void");
  await anny.isToldWhy("into the void", "There is no connection right now. The message waits");
});

test("messages of one sender in one minute stand together and tell the time once", async ({ pair }) => {
  const { anny, abhi } = await pair();
  const texts = ["one", "two", "three"];
  for (const text of texts) await anny.says(text);
  await abhi.says("four");
  for (const person of [anny, abhi]) {
    await person.hears("four");
    // Where a minute ends between two of them, the one before it tells the time as well.
    const minutes = await Promise.all(texts.map((text) => minuteOf(person, text)));
    const last = texts.filter((_, at) => minutes[at] !== minutes[at + 1]);
    await person.tellsTheTimeOf(...last, "four");
  }
});

test("the QR code opens large, and Escape closes it", async ({ device }) => {
  const start = await (await device()).startPage();
  await start.makes("Anny", "Abhi");
  const zoom = start.card("Anny").getByRole("button", { name: "Enlarge the QR code for Anny" });
  await zoom.click();
  const large = start.page.getByRole("dialog");
  await expect(large).toBeVisible();
  const { width = 0 } = (await large.getByRole("img").boundingBox()) ?? {};
  const small = (await start.card("Anny").locator(".zoom img").boundingBox())?.width ?? 0;
  expect(width).toBeGreaterThan(small * 1.5);
  await start.page.keyboard.press("Escape");
  await expect(large).toBeHidden();
  await expect(zoom).toBeFocused();
});

test("the QR code on the page is the one that the house draws", async ({ device }) => {
  const start = await (await device()).startPage();
  const [{ link }] = await start.makes("Anny", "Abhi");
  const shown = await start.card("Anny").locator(".zoom img").getAttribute("src");
  const [page, house] = await start.page.evaluate(modulesOf, { shown: shown ?? "", link });
  expect(page).toMatch(/^[01]{1,}$/);
  expect(page).toBe(house);
});

test("the QR code that fills the screen is not smaller than before on a phone that lies on its side", async ({
  device,
}) => {
  const start = await (await device()).startPage();
  await start.makes("Anny", "Abhi");
  await start.page.setViewportSize({ width: 667, height: 375 });
  const card = start.card("Anny");
  const small = (await card.locator(".zoom img").boundingBox())?.width ?? 0;
  await card.getByRole("button", { name: "Enlarge the QR code for Anny" }).click();
  const code = start.page.getByRole("dialog").getByRole("img");
  await expect(code).toBeInViewport({ ratio: 1 });
  expect((await code.boundingBox())?.width).toBeGreaterThan(small);
  await expect(start.page.getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 });
});

test("where copying is not possible the link is marked, to be copied by hand", async ({ device }) => {
  const start = await (await device()).startPage();
  const [forAnny] = await start.makes("Anny", "Abhi");
  await start.page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await start.card("Anny").getByRole("button", { name: "Copy link" }).click();
  await expect(start.card("Anny").getByRole("button", { name: "Please copy it by hand" })).toBeVisible();
  expect(await start.page.evaluate(() => getSelection()?.toString())).toBe(forAnny.link);
});

test("the card says by name who has come in", async ({ device, house }) => {
  const start = await (await device()).startPage();
  const [forAnny] = await start.makes("Anny", "Abhi");
  await house.guest(forAnny);
  await expect(start.card("Anny")).toContainText("Anny has joined");
});

test("the question about the end counts what was said, and what waits", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await abhi.says("one");
  await abhi.says("two");
  await anny.hears("two");
  await anny.hasAGate();
  await anny.hears("two");
  await anny.closesTheGate();
  await anny.queues("three");
  await anny.taps("End chat");
  const question = anny.page.getByRole("dialog");
  await expect(question).toContainText("2 messages");
  await expect(question).toContainText("1 message that has not been sent");
  await expect(question).toContainText("Your name and Abhi’s");
});

test("from the link into the chat, back to your chats and forward again: one document", async ({
  device,
  invites,
  house,
}) => {
  const abhi = await house.guest(invites.abhi);
  for (let number = 1; number <= 5; number += 1) await abhi.says(`message ${number}`);
  const anny = await (await device()).opens(invites.anny);
  const documents = countDocuments(anny.page);
  await anny.enters(invites.anny.code);
  await anny.hears("message 5");
  await anny.leavesTheChat();
  await expect(anny.page.getByRole("link").filter({ hasText: "Abhi" })).toBeVisible();
  await anny.page.goBack();
  await anny.sees("message 1", "message 2", "message 3", "message 4", "message 5");
  await anny.page.goForward();
  await expect(anny.page.getByRole("link").filter({ hasText: "Abhi" })).toBeVisible();
  await anny.page.goBack();
  await anny.says("still here");
  expect(documents()).toBe(0);
});

test("a chat that was seen before is shown at once, whether or not the house answers", async ({
  meets,
  watch,
  house,
}) => {
  const { anny, abhi } = await meets();
  await abhi.says("known");
  await anny.hears("known");
  await anny.leavesTheChat();
  await expect(anny.page.getByRole("link").filter({ hasText: "Abhi" })).toBeVisible();
  watch.houseMayBeAway = true;
  await house.kill();
  await anny.page.goBack();
  await anny.sees("known");
  await house.open();
  await anny.says("again");
});

test("a chat that ended in another tab is gone from memory too", async ({ meets, invites }) => {
  const { anny, abhi } = await meets();
  await abhi.says("canary");
  await anny.hears("canary");
  const second = await anny.device.opens(invites.anny);
  await second.isIn("Abhi");
  await anny.leavesTheChat();
  await expect(anny.page.getByRole("link").filter({ hasText: "Abhi" })).toBeVisible();
  await second.ends();
  await anny.page.goBack();
  await anny.isTold(/This chat has ended|This browser isn’t in this chat/);
  expect(await anny.page.content()).not.toContain("canary");
});

test("after the laptop slept the chat comes back by itself, and nothing stands twice", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.page.clock.install();
  const line = await Line.of(anny.page);
  await anny.reloads();
  await anny.says("before");
  await abhi.hears("before");
  line.dies();
  await abhi.says("while it slept");
  await anny.queues("from the sleeping one");
  await anny.page.clock.fastForward("01:00:00");
  await anny.hears("while it slept");
  await abhi.hears("from the sleeping one");
  for (const person of [anny, abhi])
    await person.hasEachOnce("before", "while it slept", "from the sleeping one");
});

/** @param {import("@playwright/test").Page} page */
function countDocuments(page) {
  let count = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) count += 1;
  });
  return () => count;
}

/**
 * When it was said, to the minute.
 * @param {import("./person.js").Person} person
 * @param {string} text
 */
async function minuteOf({ page }, text) {
  const row = page.getByRole("listitem").filter({ has: page.getByText(text, { exact: true }) });
  const time = await row.locator("time").getAttribute("datetime");
  return time?.slice(0, "2026-11-29T23:34".length);
}

/**
 * In the page: the modules of the code that is shown and of the house's image of the same link.
 * @param {{shown: string, link: string}} of
 */
async function modulesOf({ shown, link }) {
  const [, token] = link.split("#");
  const answer = await fetch("api/v1/invites/qr", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "image/png" },
    body: JSON.stringify({ token }),
  });
  const house = URL.createObjectURL(await answer.blob());
  const side = Number(/viewBox="0 0 (\d+) /.exec(decodeURIComponent(shown))?.[1]);
  return Promise.all([shown, house].map(modules));

  /** Drawn with one pixel to a module. @param {string} source */
  async function modules(source) {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const drawing = canvas.getContext("2d");
    if (!drawing) throw new Error("no canvas");
    drawing.imageSmoothingEnabled = false;
    drawing.drawImage(image, 0, 0, side, side);
    const pixels = drawing.getImageData(0, 0, side, side).data;
    return Array.from({ length: side * side }, (_, at) => Number((pixels[at * 4] ?? 0) < 128)).join("");
  }
}
