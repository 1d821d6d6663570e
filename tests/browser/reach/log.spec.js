// The conversation in one's hands: typing goes where it is meant to go, one stop of the Tab key for all that
// is in it, and what is copied is what was said.
import { expect, test } from "../journey.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("../journey.js").Person} Person
 */

test.use({ settings: ["--messages-per-second", "1000"] });

test("what is typed while the messages have the focus is written, from the first letter", async ({
  meets,
}) => {
  const { anny } = await meets();
  const { page } = anny;
  await anny.says("Are you there?");
  await anny.writes("I ");
  await messages(page).focus();
  await page.keyboard.type("am here");
  await anny.isWriting("I am here");
  await page.locator("button.mark").focus();
  await page.keyboard.type("!");
  await anny.isWriting("I am here!");
});

test("keys that write nothing stay where they are, and a dialog keeps its own", async ({ meets }) => {
  const { anny } = await meets();
  const { page } = anny;
  await messages(page).focus();
  for (const key of ["Space", "PageUp", "ArrowDown", "Control+A", "Shift"]) await page.keyboard.press(key);
  await expect(messages(page)).toBeFocused();
  await anny.opensTheSettings();
  await page.keyboard.type("not for the chat");
  await anny.closesTheSettings();
  await anny.isWriting("");
});

test("what is pasted while the messages have the focus is written", async ({ meets }) => {
  const { anny } = await meets();
  await anny.writes("Look: ");
  await messages(anny.page).focus();
  await pastes(anny.page, { text: "from elsewhere" });
  await anny.isWriting("Look: from elsewhere");
});

test("thirty messages are one stop on the way to the field, and arrows lead through them", async ({
  meets,
}) => {
  const { anny } = await meets();
  const { page } = anny;
  for (let number = 1; number <= 30; number += 1) await anny.says(`https://example.org/${number}`);
  await anny.isMarked("https://example.org/30", "Seen");
  await writing(page).focus();
  await page.keyboard.press("Shift+Tab");
  await expect(page.locator("button.mark").last()).toBeFocused();
  await goesTo(page, "ArrowUp", /org\/29$/);
  await goesTo(page, "ArrowDown", /org\/30$/);
  await goesTo(page, "ArrowUp", /org\/1$/);
  // What was looked at last is where one comes back to; before it are the messages as a whole.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("link", { name: /org\/1$/ })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(messages(page)).toBeFocused();
});

test("of one message the words alone are copied, of several who said them and when", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await abhi.says("Are you there?");
  await anny.says("I am.\nAnd you?");
  await anny.isMarked("I am.\nAnd you?", "Seen");
  expect(await copies(anny, "I am.\nAnd you?", "I am.\nAnd you?")).toBe("I am.\nAnd you?");
  const all = await copies(anny, "Are you there?", "I am.\nAnd you?");
  expect(all).toMatch(/^Abhi, \d\d:\d\d\nAre you there\?\n\nAnny, \d\d:\d\d\nI am\.\nAnd you\?$/);
});

test("a part of a message is copied as that part", async ({ meets }) => {
  const { anny } = await meets();
  await anny.says("K7QM-3XRP is the code");
  const { page } = anny;
  await page.evaluate(() => {
    const words = document.querySelector(".message .text")?.firstChild;
    if (words) getSelection()?.setBaseAndExtent(words, 0, words, 9);
  });
  expect(await copied(page)).toBe("K7QM-3XRP");
});

test("names, codes and addresses are not translated", async ({ meets, device }) => {
  const { anny, abhi } = await meets();
  await abhi.says("see https://example.org/a");
  await anny.hears("see https://example.org/a");
  await expect(anny.page.locator("h1 bdi")).toHaveAttribute("translate", "no");
  await expect(anny.page.locator(".message a")).toHaveAttribute("translate", "no");
  const { page } = await (await device()).startPage();
  await page.getByLabel("Your name").fill("Anny");
  await page.getByLabel("Their name").fill("Abhi");
  await page.getByRole("button", { name: "Create invites" }).click();
  for (const place of ["h2 bdi", ".link", ".address", "p.code"])
    await expect(page.locator(`.invite ${place}`).first(), place).toHaveAttribute("translate", "no");
});

for (const [how, gives] of /** @type {[string, typeof pastes][]} */ ([
  ["pasted", pastes],
  ["dropped", drops],
])) {
  test(`a picture that is ${how} gets a sentence, and the page stays`, async ({ meets }) => {
    const { anny } = await meets();
    const { page } = anny;
    await anny.writes("Look at this");
    const address = page.url();
    await gives(page, { picture: true });
    await expect(page.getByRole("status").filter({ hasText: "Photos can’t be sent yet." })).toHaveCount(1);
    await anny.isTold("Photos can’t be sent yet.");
    await anny.isWriting("Look at this");
    expect(page.url()).toBe(address);
    await writing(page).pressSequentially(" all the same");
    await anny.isNoLongerTold("Photos can’t be sent yet.");
  });
}

test("the start page is not left for a picture that is dropped on it", async ({ device }) => {
  const { page } = await (await device()).startPage();
  await expect(page.getByRole("button", { name: "Create invites" })).toBeVisible();
  expect(await drops(page, { picture: true }), "whether the browser would open it").toBe(false);
});

/** @param {Page} page */
function messages(page) {
  return page.getByRole("region", { name: "Messages" });
}

/** @param {Page} page */
function writing(page) {
  return page.getByRole("textbox", { name: "Message" });
}

/**
 * By this key alone, past what lies between: a mark here and there.
 * @param {Page} page @param {string} key @param {RegExp} link
 */
async function goesTo(page, key, link) {
  const goal = page.getByRole("link", { name: link });
  await expect(async () => {
    await page.keyboard.press(key);
    await expect(goal).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [1] });
}

/**
 * Marks from the beginning of one message to the end of another, and copies.
 * @param {Person} person
 * @param {string} first
 * @param {string} last
 */
async function copies({ page }, first, last) {
  await page.evaluate(
    ([from, to]) => {
      const texts = [...document.querySelectorAll(".message")];
      const row = (/** @type {string | undefined} */ text) =>
        texts.find((one) => one.querySelector(".text")?.textContent === text);
      const [begin, end] = [row(from), row(to)];
      if (!begin || !end) throw new Error("no such message");
      getSelection()?.setBaseAndExtent(begin, 0, end, end.childNodes.length);
    },
    [first, last],
  );
  return copied(page);
}

/** What a press of the keys for copying brings. @param {Page} page */
async function copied(page) {
  return page.evaluate(() => {
    let text = "";
    const note = (/** @type {ClipboardEvent} */ event) => {
      text = event.clipboardData?.getData("text/plain") || String(getSelection());
    };
    document.addEventListener("copy", note);
    document.execCommand("copy");
    document.removeEventListener("copy", note);
    return text;
  });
}

/** @typedef {{text?: string, picture?: boolean}} Given */

/**
 * Where the focus is.
 * @param {Page} page @param {Given} given
 */
async function pastes(page, given) {
  return page.evaluate(give, { type: "paste", ...given });
}

/** @param {Page} page @param {Given} given */
async function drops(page, given) {
  return page.evaluate(give, { type: "drop", ...given });
}

/** Whether the browser goes on with it in its own way. @param {Given & {type: string}} given */
function give({ type, text, picture }) {
  const carried = new DataTransfer();
  if (text) carried.setData("text/plain", text);
  if (picture) carried.items.add(new File(["no picture"], "cat.png", { type: "image/png" }));
  const how = { bubbles: true, cancelable: true };
  const event =
    type === "paste"
      ? new ClipboardEvent(type, { ...how, clipboardData: carried })
      : new DragEvent(type, { ...how, dataTransfer: carried });
  return (document.activeElement ?? document.body).dispatchEvent(event);
}
