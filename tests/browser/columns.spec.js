// On a wide screen the list of chats is beside the chat that is open; below 900 px one takes the place of the
// other.
import { test, expect } from "./journey.js";
import { Person } from "./person.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("./journey.js").Journey} Journey
 */

const NARROW = { width: 880, height: 800 };
const WIDE = { width: 900, height: 800 };
const OTHERS = ["Cleo", "Bob", "Abhi"];

test.use({ viewport: WIDE });

/**
 * Anny in chats with each of these, the last one first in the list; what they say comes from elsewhere.
 * @param {Pick<Journey, "device" | "house">} parts
 */
async function inChats({ device, house }) {
  const browser = await device();
  /** @type {Map<string, Awaited<ReturnType<typeof house.guest>>>} */
  const guests = new Map();
  for (const other of OTHERS) {
    const [mine, theirs] = await house.chat("Anny", other);
    await browser.hasEntered(mine);
    const guest = await house.guest(theirs);
    await guest.says(`Hello from ${other}`);
    guests.set(other, guest);
  }
  const start = await browser.startPage();
  const says = async (/** @type {string} */ other, /** @type {string} */ text) =>
    guests.get(other)?.says(text);
  return { start, page: start.page, anny: new Person(browser, start.page), says };
}

/** Which chats are listed, in order. @param {Page} page */
function listed(page) {
  return page.getByRole("navigation", { name: "Your chats" }).locator(".who");
}

/** The row of the chat that is open. @param {Page} page */
function current(page) {
  return page.locator(".chats [aria-current=page]");
}

test("the list stays beside the chat that is open, and follows what comes in the others", async ({
  device,
  house,
}) => {
  const { start, page, says } = await inChats({ device, house });
  await expect(page.getByText("Choose a chat, or start a new one.")).toBeVisible();
  await expect(page.getByLabel("Your name")).toBeHidden();
  const abhi = await start.goesTo("Abhi");
  await abhi.sees("Hello from Abhi");
  await expect(current(page)).toContainText("Abhi");
  await expect(page.getByRole("link", { name: /^Your chats/ })).toBeHidden();
  await expect(page).toHaveTitle("(2) Parlour");
  await says("Cleo", "Are you there?");
  await start.lists("Cleo", "Anny", "2 new messages");
  await expect(listed(page)).toHaveText(["Cleo", "Abhi", "Bob"]);
  await expect(page).toHaveTitle("(3) Parlour");
  const cleo = await start.goesTo("Cleo");
  await cleo.sees("Hello from Cleo", "Are you there?");
  await expect(current(page)).toContainText("Cleo");
  await expect(page).toHaveTitle("(1) Parlour");
});

test("back and forward go from chat to chat, and a reload shows the same", async ({ device, house }) => {
  const { start, page, anny } = await inChats({ device, house });
  await start.goesTo("Abhi");
  await anny.writes("half a sentence");
  await start.goesTo("Bob");
  await anny.isWriting("");
  await page.goBack();
  await anny.isIn("Abhi");
  await anny.isWriting("half a sentence");
  await expect(current(page)).toContainText("Abhi");
  await page.reload();
  await anny.isIn("Abhi");
  await anny.isWriting("half a sentence");
  await expect(current(page)).toContainText("Abhi");
  await page.goBack();
  await expect(page.getByText("Choose a chat, or start a new one.")).toBeVisible();
  await page.goForward();
  await page.goForward();
  await anny.isIn("Bob");
});

test("by keyboard: arrows lead from chat to chat, and Enter opens one", async ({ device, house }) => {
  const { page, anny } = await inChats({ device, house });
  const row = (/** @type {string} */ other) => page.getByRole("link", { name: new RegExp(`^${other}`) });
  await expect(row("Abhi")).toBeVisible();
  await page.getByRole("link", { name: "New chat" }).focus();
  await page.keyboard.press("Tab");
  await expect(row("Abhi")).toBeFocused();
  for (const [key, other] of [
    ["ArrowDown", "Bob"],
    ["End", "Cleo"],
    ["ArrowDown", "Cleo"],
    ["Home", "Abhi"],
    ["ArrowDown", "Bob"],
  ]) {
    await page.keyboard.press(key ?? "");
    await expect(row(other ?? "")).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await anny.isIn("Bob");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
  // One stop of the Tab key leads into the list, at the chat that is open.
  await page.getByRole("link", { name: "New chat" }).focus();
  await page.keyboard.press("Tab");
  await expect(row("Bob")).toBeFocused();
});

test("a window that becomes narrower and wider again loses nothing", async ({ device, house }) => {
  const { start, page, anny } = await inChats({ device, house });
  await start.goesTo("Abhi");
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill("half a sentence");
  await page.setViewportSize(NARROW);
  await expect(listed(page).first()).toBeHidden();
  await expect(page.getByRole("link", { name: /^Your chats/ })).toBeVisible();
  await expect(field).toBeFocused();
  await anny.isWriting("half a sentence");
  await anny.opensTheSettings();
  await page.setViewportSize(WIDE);
  await expect(page.getByRole("dialog")).toBeVisible();
  await anny.closesTheSettings();
  await expect(listed(page)).toHaveText(["Abhi", "Bob", "Cleo"]);
  await anny.isWriting("half a sentence");
  await listed(page).first().locator("..").locator("..").focus();
  await page.setViewportSize(NARROW);
  await expect(page.getByRole("link", { name: /^Your chats/ })).toBeFocused();
  await page.setViewportSize(WIDE);
  await expect(current(page)).toBeFocused();
});

test("a new chat is behind its button, and what is typed there stays in a narrow window", async ({
  device,
  house,
}) => {
  const { start, page } = await inChats({ device, house });
  await start.goesTo("Abhi");
  await page.getByRole("link", { name: "New chat" }).click();
  await expect(page.getByLabel("Your name")).toBeFocused();
  await expect(current(page)).toHaveCount(0);
  await page.keyboard.type("Anny");
  await page.setViewportSize(NARROW);
  await expect(page.getByLabel("Your name")).toBeFocused();
  await expect(page.getByLabel("Your name")).toHaveValue("Anny");
  await page.reload();
  await expect(page.getByLabel("Your name")).toBeVisible();
  await page.setViewportSize(WIDE);
  await expect(page.getByLabel("Your name")).toBeVisible();
  await expect(page.getByText("Choose a chat, or start a new one.")).toBeHidden();
});

test("links and codes that were not handed out are not left for another chat without a question", async ({
  device,
  house,
}) => {
  const { start, page, anny } = await inChats({ device, house });
  await page.getByRole("link", { name: "New chat" }).click();
  await start.makes("Anny", "Dora");
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("link", { name: /^Abhi/ }).click();
  await expect(start.card("Dora")).toBeVisible();
  for (const way of ["Start another chat", "New chat"]) {
    page.once("dialog", (dialog) => dialog.accept());
    await page.getByRole("link", { name: way }).click();
    await expect(page.getByLabel("Your name")).toBeFocused();
    await start.makes("Anny", "Dora");
  }
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: /^Abhi/ }).click();
  await anny.isIn("Abhi");
});

test("a chat that ends leaves the list, and says so in its place", async ({ device, house }) => {
  const { start, page, anny } = await inChats({ device, house });
  await start.goesTo("Abhi");
  await anny.ends();
  await expect(listed(page)).toHaveText(["Bob", "Cleo"]);
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(page.getByText("Choose a chat, or start a new one.")).toBeVisible();
});

test("a person who has one chat sees it alone, and a second one brings the list", async ({
  device,
  house,
}) => {
  const browser = await device();
  const start = await browser.startPage();
  const { page } = start;
  await expect(page.getByLabel("Your name")).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await start.makesGroup("Kitchen", "Anny", "Bob", "Cleo");
  const anny = await start.takesIn("Anny");
  await expect(listed(page)).toHaveCount(0);
  await anny.leavesTheChat();
  await expect(listed(page)).toHaveText(["Kitchen"]);
  await expect(page.getByText("3 people · you are Anny")).toBeVisible();
  await expect(page.getByLabel("Your name")).toBeVisible();
  await page.goBack();
  await anny.isAtTheTable();
  const [mine] = await house.chat("Anny", "Abhi");
  await (await browser.walksIn(mine)).closes();
  await expect(listed(page)).toHaveText(["Abhi", "Kitchen"]);
  await expect(current(page)).toContainText("Kitchen");
});

test("a chat is pinned and muted on this device, by its menu or by that of its row", async ({
  device,
  house,
}) => {
  const { start, page, anny, says } = await inChats({ device, house });
  const row = (/** @type {string} */ other) => page.getByRole("link", { name: new RegExp(`${other}\\b`) });
  const menu = page.getByRole("dialog");
  await row("Cleo").click({ button: "right" });
  await expect(menu.getByRole("heading", { name: "Cleo" })).toBeVisible();
  await menu.getByRole("button", { name: "Pin to the top" }).click();
  await expect(listed(page)).toHaveText(["Cleo", "Abhi", "Bob"]);
  await expect(row("Cleo")).toHaveAccessibleName(/^pinned Cleo/);
  await expect(row("Cleo")).toBeFocused();
  await row("Bob").hover();
  await page.getByRole("button", { name: "Options for Bob" }).click();
  await menu.getByRole("button", { name: "Mute" }).click();
  await expect(row("Bob")).toHaveAccessibleName(/muted/);
  await expect(page).toHaveTitle("(2) Parlour");
  await says("Bob", "nobody hears this");
  await start.lists("Bob", "Anny", "2 new messages");
  await expect(page).toHaveTitle("(2) Parlour");
  await start.goesTo("Bob");
  await anny.opensTheSettings();
  await expect(page.getByLabel("Mute this chat")).toBeChecked();
  await page.getByLabel("Mute this chat").uncheck();
  await anny.closesTheSettings();
  await expect(row("Bob")).not.toHaveAccessibleName(/muted/);
  await page.reload();
  await expect(listed(page)).toHaveText(["Cleo", "Bob", "Abhi"]);
  await anny.ends();
  expect(await page.evaluate(() => localStorage.getItem("parlour:/:flags"))).not.toContain("muted");
});

test("by keyboard: the menu of a row opens with the menu key and by its button", async ({
  device,
  house,
}) => {
  const { page } = await inChats({ device, house });
  const row = page.getByRole("link", { name: /^Abhi/ });
  await expect(row).toBeVisible();
  await page.getByRole("link", { name: "New chat" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Options for Abhi" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Abhi" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Options for Abhi" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: /^Bob/ })).toBeFocused();
  await page.keyboard.press("ContextMenu");
  await expect(page.getByRole("dialog", { name: "Bob" })).toBeVisible();
  await page.setViewportSize(NARROW);
  await expect(page.getByRole("dialog", { name: "Bob" })).toBeVisible();
});

test("the list says in which chats something is half-written, in every tab", async ({ device, house }) => {
  const { start, page, anny } = await inChats({ device, house });
  const second = await anny.device.startPage();
  const abhi = (/** @type {Page} */ tab) => tab.getByRole("link", { name: /^Abhi/ });
  await start.goesTo("Abhi");
  await anny.writes("half a sentence");
  await expect(abhi(second.page)).toContainText("Draft");
  // What is half-written in the chat that is open is seen there.
  await expect(abhi(page)).not.toContainText("Draft");
  await start.goesTo("Bob");
  await expect(abhi(page)).toContainText("Draft");
  await page.reload();
  await expect(abhi(page)).toContainText("Draft");
  await start.goesTo("Abhi");
  await anny.sends();
  await start.goesTo("Bob");
  await expect(abhi(page)).not.toContainText("Draft");
  await expect(abhi(second.page)).not.toContainText("Draft");
});
