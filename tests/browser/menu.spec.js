// What a person does with a message: by mouse, by finger and by keyboard.
import { test, expect } from "./journey.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./journey.js").Person} Person */

/** @param {Page} page @param {string} text */
const rowOf = (page, text) => page.locator(".message").filter({ hasText: text });
/** @param {Page} page */
const menu = (page) => page.getByRole("dialog", { name: "Message actions" });
/** @param {Page} page */
const undo = (page) => page.getByRole("button", { name: "Undo" });
/** @param {Page} page @param {string} text */
const addressOf = async (page, text) =>
  `messages/${await rowOf(page, text).getAttribute("data-seq")}?for=everybody`;
/** @param {Page} page @param {string} text @param {string} action */
const picks = async (page, text, action) => {
  await rowOf(page, text).click({ button: "right" });
  await menu(page).getByRole("button", { name: action, exact: true }).click();
  await expect(menu(page)).toBeHidden();
};

test("an answer goes out with its quote, and can be called off", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("Tea or coffee?");
  await anny.hears("Tea or coffee?");
  await picks(anny.page, "Tea or coffee?", "Reply");
  await anny.isTold("Reply to Abhi");
  await anny.page.keyboard.press("Escape");
  await anny.isNoLongerTold("Reply to Abhi");
  await picks(anny.page, "Tea or coffee?", "Reply");
  await anny.says("Tea");
  await expect(rowOf(abhi.page, "Tea").last().locator(".quote")).toContainText("Tea or coffee?");
  await anny.isNoLongerTold("Reply to Abhi");
  await anny.says("with milk");
  await expect(rowOf(abhi.page, "with milk").locator(".quote")).toHaveCount(0);
});

test("an edit begins with the text, keeps the draft, and shows on both sides", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("helo");
  await anny.writes("a draft");
  await picks(anny.page, "helo", "Edit");
  await anny.isWriting("helo");
  await anny.writes("hello");
  await anny.sends();
  await abhi.sees("hello");
  await expect(rowOf(abhi.page, "hello")).toContainText("edited");
  await anny.isWriting("a draft");
});

test("a half-written edit is finished or called off before another message is edited or answered", async ({
  pair,
}) => {
  const { anny } = await pair();
  await anny.says("helo");
  await anny.says("nobody");
  await picks(anny.page, "helo", "Edit");
  await anny.writes("hello, half-writt");
  for (const action of ["Edit", "Reply"]) {
    await picks(anny.page, "nobody", action);
    await anny.isTold("You are still editing a message");
    await anny.isWriting("hello, half-writt");
  }
  await anny.page.keyboard.press("Escape");
  await picks(anny.page, "nobody", "Edit");
  await anny.isWriting("nobody");
});

test("what was half-written as an answer or an edit is there when the page is loaded again", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  await abhi.says("Tea or coffee?");
  await anny.says("Mlk");
  await picks(anny.page, "Tea or coffee?", "Reply");
  await anny.writes("Te");
  await anny.reloads();
  await anny.isTold("Reply to Abhi");
  await expect(anny.page.locator("parlour-composer")).toContainText("Tea or coffee?");
  await anny.isWriting("Te");
  await anny.writes("Tea");
  await picks(anny.page, "Mlk", "Edit");
  await anny.writes("Milk");
  await anny.reloads();
  await anny.isTold("Edit message");
  await anny.isWriting("Milk");
  await anny.sends();
  await abhi.hears("Milk");
  await anny.isWriting("Tea");
});

test("what was half-written for a message that is deleted meanwhile is not lost", async ({
  device,
  house,
  invites,
}) => {
  const anny = await (await device()).comesIn(invites.anny);
  const [abhi, elsewhere] = [await house.guest(invites.abhi), await house.guest(invites.anny)];
  await abhi.says("Tea or coffee?");
  await anny.hears("Tea or coffee?");
  await anny.says("Mlk");
  await picks(anny.page, "Tea or coffee?", "Reply");
  await anny.writes("Tea");
  await abhi.does("DELETE", await addressOf(anny.page, "Tea or coffee?"));
  await anny.isNoLongerTold("Reply to Abhi");
  await anny.isWriting("Tea");
  await picks(anny.page, "Mlk", "Edit");
  await anny.writes("Milk");
  await elsewhere.does("DELETE", await addressOf(anny.page, "Mlk"));
  await anny.isNoLongerTold("Edit message");
  await anny.isWriting("Tea\nMilk");
});

test("the arrow up in an empty field edits what one said last", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("first");
  await anny.says("second");
  await anny.page.keyboard.press("ArrowUp");
  await anny.isTold("Edit message");
  await anny.isWriting("second");
  await anny.writes("third");
  await anny.sends();
  await abhi.sees("first", "third");
  await anny.isWriting("");
});

test("for oneself alone, or for everybody", async ({ pair }) => {
  const { anny, abhi } = await pair();
  for (const text of ["one", "two"]) await anny.says(text);
  await abhi.says("three");
  await anny.hears("three");
  await picks(anny.page, "three", "Delete for me");
  await anny.sees("one", "two");
  await picks(anny.page, "one", "Delete for everybody");
  await anny.isTold("You deleted this message");
  await abhi.isTold("This message was deleted");
  await abhi.sees("two", "three");
  await rowOf(abhi.page, "two").click({ button: "right" });
  await expect(menu(abhi.page).getByRole("button", { name: "Delete for everybody" })).toHaveCount(0);
});

test("what was deleted is brought back, and nobody else ever missed it", async ({ pair }) => {
  const { anny, abhi } = await pair();
  for (const text of ["one", "two"]) await anny.says(text);
  await abhi.hears("two");
  await picks(anny.page, "one", "Delete for everybody");
  await anny.sees("two");
  await anny.isTold("You deleted this message");
  await anny.taps("Undo");
  await anny.sees("one", "two");
  await expect(undo(anny.page)).toHaveCount(0);
  await picks(anny.page, "one", "Delete for me");
  await anny.sees("two");
  await anny.taps("Undo");
  await anny.sees("one", "two");
  await anny.says("three");
  await abhi.sees("one", "two", "three");
  await anny.reloads();
  await anny.sees("one", "two", "three");
});

for (const [how, leave] of /** @type {[string, (anny: Person) => Promise<unknown>][]} */ ([
  ["is closed", (anny) => anny.closes()],
  ["is loaded again", (anny) => anny.reloads()],
  ["is out of sight", (anny) => anny.looksAway()],
  ["leads elsewhere", (anny) => anny.leavesTheChat()],
])) {
  test(`what was deleted does not come back because the page ${how}`, async ({ pair }) => {
    const { anny, abhi } = await pair();
    await anny.says("a mistake");
    await abhi.hears("a mistake");
    await picks(anny.page, "a mistake", "Delete for everybody");
    await expect(undo(anny.page)).toBeVisible();
    await leave(anny);
    await abhi.isTold("This message was deleted");
  });
}

test("what waits can be edited, deleted and brought back, and only what is left is sent", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  await anny.hasAGate();
  await anny.closesTheGate();
  await anny.knowsItIsOffline();
  for (const text of ["one", "two", "three"]) await anny.queues(text);
  await rowOf(anny.page, "one").click({ button: "right" });
  await expect(menu(anny.page).getByRole("button")).toHaveText(["Copy", "Edit", "Delete", "Cancel"]);
  await menu(anny.page).getByRole("button", { name: "Edit" }).click();
  await anny.isWriting("one");
  await anny.writes("first");
  await anny.sends();
  await anny.isWaitingToSend("first");
  await anny.isWriting("");
  await picks(anny.page, "two", "Delete");
  await anny.sees("first", "three");
  await picks(anny.page, "three", "Delete");
  await anny.taps("Undo");
  await anny.isWaitingToSend("first", "three");
  await anny.page.getByRole("textbox", { name: "Message" }).press("ArrowUp");
  await anny.isWriting("three");
  await anny.page.keyboard.press("Escape");
  await anny.reloads();
  await anny.isWaitingToSend("first", "three");
  anny.opensTheGate();
  await abhi.sees("first", "three");
  await expect(rowOf(abhi.page, "first")).not.toContainText("edited");
});

test("with the keyboard there is time to take a deletion back", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("one");
  await abhi.says("two");
  await anny.hears("two");
  await rowOf(anny.page, "one").getByRole("button", { name: "Message actions" }).focus();
  await anny.page.keyboard.press("Enter");
  await menu(anny.page).getByRole("button", { name: "Delete for me" }).focus();
  await anny.page.keyboard.press("Enter");
  await anny.sees("two");
  await expect(undo(anny.page)).toBeFocused();
  await expect(anny.page.getByRole("status").filter({ hasText: "Deleted" })).toContainText("Undo");
  await anny.page.keyboard.press("Enter");
  await anny.sees("one", "two");
  await expect(anny.page.getByRole("region", { name: "Messages" })).toBeFocused();
});

test("a reaction is given and taken away", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  await picks(anny.page, "It is a girl", "\u2764\ufe0f");
  await expect(abhi.page.getByRole("img", { name: "\u2764\ufe0f: Anny" })).toBeVisible();
  await picks(anny.page, "It is a girl", "\u2764\ufe0f");
  await expect(abhi.page.locator(".reactions")).toHaveCount(0);
});

test("the menu opens with the keyboard and closes with Escape, and the focus goes back", async ({ pair }) => {
  const { anny } = await pair();
  await anny.says("hello");
  await anny.isMarked("hello", "Seen");
  const act = rowOf(anny.page, "hello").getByRole("button", { name: "Message actions" });
  await act.focus();
  await expect(act).toHaveCSS("opacity", "1");
  await anny.page.keyboard.press("Enter");
  await expect(menu(anny.page)).toBeVisible();
  await anny.page.keyboard.press("Escape");
  await expect(menu(anny.page)).toBeHidden();
  await expect(act).toBeFocused();
  await anny.page.keyboard.press("Shift+F10");
  await expect(menu(anny.page)).toBeVisible();
});

test("a message that is held with a finger opens its menu", async ({ pair }) => {
  const { anny } = await pair();
  await anny.says("hello");
  await anny.isMarked("hello", "Seen");
  const row = rowOf(anny.page, "hello").locator(".bubble");
  const { x, y } = /** @type {{x: number, y: number}} */ (await row.boundingBox());
  const touch = { pointerType: "touch", bubbles: true, clientX: x + 5, clientY: y + 5 };
  await row.dispatchEvent("pointerdown", touch);
  await row.dispatchEvent("pointermove", { ...touch, clientY: y + 60 });
  await row.dispatchEvent("pointerup", touch);
  await row.dispatchEvent("pointerdown", touch);
  await expect(menu(anny.page)).toBeVisible();
});

test("one's own message says by which device it was sent, and nothing moves when that is known", async ({
  device,
  invites,
}) => {
  const phone = await (await device()).comesIn(invites.anny);
  await phone.says("from the phone");
  const { page } = await (await device()).comesIn(invites.anny);
  /** @type {() => void} */
  let answer = () => {};
  const isAsked = new Promise((resolve) => {
    answer = () => resolve(undefined);
  });
  await page.route(/\/devices$/, async (route) => {
    await isAsked;
    await route.fallback();
  });
  await rowOf(page, "from the phone").click({ button: "right" });
  const before = await menu(page).boundingBox();
  await expect(menu(page).getByText("Sent from", { exact: false }).filter({ visible: true })).toHaveCount(0);
  answer();
  await expect(menu(page)).toContainText(/Sent from another device, signed in at \d/);
  expect(await menu(page).boundingBox()).toEqual(before);
  await page.keyboard.press("Escape");
  await rowOf(phone.page, "from the phone").click({ button: "right" });
  await expect(menu(phone.page).getByText("Sent from this device")).toBeVisible();
});

test("what was copied is the text", async ({ pair }) => {
  const { anny } = await pair();
  await anny.says("copy me");
  await picks(anny.page, "copy me", "Copy");
  await anny.isTold("Copied");
  await anny.page.keyboard.press("ControlOrMeta+V");
  await anny.isWriting("copy me");
});
