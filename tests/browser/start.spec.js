// J1: two names become two invitations, and J8: many names those of a group.
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

test("a title and names become a group: a card for each person, and whoever starts it goes in", async ({
  device,
  house,
}) => {
  const start = await (await device()).startPage();
  await expect(start.page.getByText("A private room for two or more")).toBeVisible();
  const invites = await start.makesGroup("Kitchen", "Anny", "Bob", "Cleo");
  expect(new Set(invites.map(({ link }) => link)).size).toBe(3);
  for (const { code } of invites) expect(code).toMatch(CODE);
  await expect(start.page.getByRole("button", { name: /open the chat/ })).toHaveCount(1);
  const [, forBob] = invites;
  if (!forBob) throw new Error("three invites");
  const bob = await house.guest(forBob);
  await expect(start.card("Bob")).toContainText("has joined");
  await expect(start.card("Cleo")).toContainText("not opened yet");
  const anny = await start.takesIn("Anny");
  await bob.says("Who cooks?");
  await anny.sees("Who cooks?");
});

test("Enter leads from name to name, and a name can be taken away", async ({ device }) => {
  const start = await (await device()).startPage();
  const { page } = start;
  await page.getByLabel("A group").check();
  await page.getByLabel("Name of the group").focus();
  for (const text of ["Kitchen", "Anny", "Bob", "Cleo", "Dora"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }
  await expect(start.field(5)).toBeFocused();
  await page.getByRole("button", { name: "Remove person 3" }).click();
  await expect(start.field(3)).toHaveValue("Dora");
  await expect(start.field(3)).toBeFocused();
  await expect(start.field(5)).toHaveCount(0);
  // An empty field at the end is nobody.
  await start.field(4).press("Enter");
  await expect(page.getByRole("button", { name: "Create invites" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "3 invites" })).toBeVisible();
});

test("what is wrong with a group is said at its field", async ({ device }) => {
  const start = await (await device()).startPage();
  const { page } = start;
  const go = page.getByRole("button", { name: "Create invites" });
  const isBlamed = async (/** @type {string} */ label, /** @type {RegExp} */ why) => {
    await go.click();
    await expect(page.getByRole("alert")).toHaveText(why);
    await expect(page.getByLabel(label, { exact: true })).toBeFocused();
    await expect(page.getByLabel(label, { exact: true })).toHaveAccessibleDescription(why);
  };
  await page.getByLabel("A group").check();
  await isBlamed("Name of the group", /name the group/);
  await page.getByLabel("Name of the group").fill("x".repeat(41));
  await page.getByLabel("Your name").fill("Anny");
  await isBlamed("Person 2", /at least one more/);
  await start.field(2).fill("Bob");
  await isBlamed("Name of the group", /1 to 40/);
  await start.fillsGroup("Kitchen", "Anny", "", "Bob", "x".repeat(41));
  await isBlamed("Person 4", /1 to 40/);
  await start.field(4).fill("BOB");
  await isBlamed("Person 4", /^BOB looks the same/);
});

test("names stay when somebody changes between two people and a group", async ({ device }) => {
  const start = await (await device()).startPage();
  const { page } = start;
  await page.getByLabel("Your name").fill("Anny");
  await page.getByLabel("Their name").fill("Abhi");
  await start.fillsGroup("Kitchen", "Anny", "Abhi", "Cleo");
  await page.getByLabel("Two people").check();
  await expect(page.getByLabel("Their name")).toHaveValue("Abhi");
  await expect(page.getByLabel("Name of the group")).toHaveCount(0);
  await page.getByLabel("A group").check();
  await expect(page.getByLabel("Name of the group")).toHaveValue("Kitchen");
  await expect(start.field(3)).toHaveValue("Cleo");
  await page.getByLabel("Two people").check();
  await page.getByRole("button", { name: "Create invites" }).click();
  await expect(page.getByRole("heading", { name: "Two invites" })).toBeVisible();
});

test("a large group says that it takes a while, and has room for fifty", async ({ device, house }) => {
  test.slow();
  const start = await (await device()).startPage();
  const names = Array.from({ length: 50 }, (_, at) => `Guest ${String(at + 1).padStart(2, "0")}`);
  await start.fillsGroup("Choir", ...names);
  await expect(start.page.getByRole("button", { name: "Add another name" })).toBeHidden();
  await expect(start.page.getByText("A group has up to 50 people.")).toBeVisible();
  await start.page.getByRole("button", { name: "Create invites" }).click();
  await expect(
    start.page.getByRole("button", { name: "Creating 50 invites, this takes a while" }),
  ).toBeVisible();
  await expect(start.page.getByRole("article")).toHaveCount(50, { timeout: 60_000 });
  expect(house.log).not.toContain("ERROR");
});
