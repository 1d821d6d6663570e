// J1: two names become two invitations.
import { test, expect } from "./journey.js";

const CODE = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

test("two names become two invitations, each with QR, link and code", async ({ device, house }) => {
  const start = await (await device()).startPage();
  const invites = await start.makes("Anny", "Abhi");
  for (const [invite, name] of /** @type {const} */ ([
    [invites[0], "Anny"],
    [invites[1], "Abhi"],
  ])) {
    expect(invite.link).toMatch(new RegExp(`^${house.url}j#[0-9A-HJKMNP-TV-Z]{26}$`));
    expect(invite.code).toMatch(CODE);
    await expect(
      start.card(name).getByRole("img", { name: `QR code of the link for ${name}` }),
    ).toBeVisible();
  }
  expect(invites[0].link).not.toBe(invites[1].link);
  expect(invites[0].code).not.toBe(invites[1].code);
});

for (const [why, first, second] of [
  ["the same name twice", "Anny", "anny"],
  ["only spaces", "   ", "Abhi"],
  ["41 characters", "x".repeat(41), "Abhi"],
]) {
  test(`${why}: refused with a reason, and what was typed stays`, async ({ device }) => {
    const start = await (await device()).startPage();
    await start.tries(first ?? "", second ?? "");
    await start.isRefused();
    await expect(start.page.getByLabel("Their name")).toHaveValue(second ?? "");
  });
}

test("the code is on the screen of a laptop, and one button is the main one", async ({ device }) => {
  const browser = await device();
  await browser.context.addInitScript(() => {
    Object.assign(navigator, { share: () => Promise.resolve() });
  });
  const start = await browser.startPage();
  await start.makes("Anny", "Abhi");
  await start.page.setViewportSize({ width: 1280, height: 800 });
  for (const name of ["Anny", "Abhi"])
    await expect(start.card(name).locator("p.code")).toBeInViewport({ ratio: 1 });
  await expect(start.page.locator("button.main:visible")).toHaveText(["Share with Abhi"]);
});

test("where nothing can be shared, copying the other's link is the main thing", async ({ device }) => {
  const browser = await device();
  await browser.context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "share"));
  const start = await browser.startPage();
  await start.makes("Anny", "Abhi");
  await expect(start.page.locator("button.main:visible")).toHaveText(["Copy link"]);
  await expect(start.card("Abhi").locator("button.main:visible")).toHaveCount(1);
});

test("a card says when its person has come in", async ({ device, house }) => {
  const start = await (await device()).startPage();
  const [forAnny] = await start.makes("Anny", "Abhi");
  await expect(start.card("Anny")).toContainText("not opened yet");
  await house.guest(forAnny);
  await expect(start.card("Anny")).toContainText("has joined");
  await expect(start.card("Abhi")).toContainText("not opened yet");
});

test("the link can be copied, in a secure context and on plain HTTP", async ({ device }) => {
  const browser = await device();
  const start = await browser.startPage();
  const [forAnny] = await start.makes("Anny", "Abhi");
  await start.card("Anny").getByRole("button", { name: "Copy link" }).click();
  await expect(start.card("Anny").getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await browser.clipboard()).toBe(forAnny.link);
});

test("the page asks before links and codes are lost", async ({ device }) => {
  const start = await (await device()).startPage();
  await start.makes("Anny", "Abhi");
  const asked = start.page.waitForEvent("dialog");
  const reloading = start.page.reload();
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.accept();
  await reloading;
  await expect(start.page.getByLabel("Your name")).toBeVisible();
});

test("once both are in, the page is left without a question", async ({ device, house }) => {
  const start = await (await device()).startPage();
  for (const invite of await start.makes("Anny", "Abhi")) {
    await house.guest(invite);
    await expect(start.card(invite.name)).toContainText("has joined");
  }
  let isAsked = false;
  start.page.on("dialog", (dialog) => {
    isAsked = true;
    return dialog.accept();
  });
  await start.page.reload();
  await expect(start.page.getByLabel("Your name")).toBeVisible();
  expect(isAsked).toBe(false);
});

test("the starter goes in from the own card, and the other by link", async ({ device }) => {
  const start = await (await device()).startPage();
  const [, forAbhi] = await start.makes("Anny", "Abhi");
  const anny = await start.takesIn("Anny");
  const abhi = await (await device()).walksIn(forAbhi);
  await anny.says("hi");
  await abhi.hears("hi");
});

test.describe("a house in which chats are started at home", () => {
  test.use({ settings: ["--may-start", "network"] });

  test("a person who comes in through an unknown proxy is told so", async ({ device }) => {
    const abroad = { extraHTTPHeaders: { "X-Forwarded-For": "203.0.113.9" } };
    const start = await (await device(abroad)).startPage();
    await expect(start.page.getByText("New chats are started on the home network")).toBeVisible();
    await expect(start.page.getByLabel("Your name")).toBeHidden();
  });
});

test("going in oneself asks first, while the other's link was not handed out", async ({ device }) => {
  const start = await (await device()).startPage();
  await start.makes("Anny", "Abhi");
  const asked = start.page.waitForEvent("dialog");
  const clicked = start.card("Anny").getByRole("button", { name: "I’m Anny, open the chat" }).click();
  const dialog = await asked;
  expect(dialog.message()).toContain("will be lost");
  await dialog.dismiss();
  await clicked;
  await expect(start.card("Abhi").getByText("Secret code")).toBeVisible();
});
