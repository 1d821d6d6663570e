// How long messages stay, and how long the chat may go unused: set by one, and shown to both.
import { test, expect } from "./journey.js";
import { refuses } from "./scenes.js";

/**
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("@playwright/test").Page} Page
 */

const TIMER = "Messages vanish after";
const IDLE = "Delete this chat when unused for";

/** @param {Page} page @param {string} title */
const question = (page, title) => page.getByRole("dialog", { name: title });

/** @param {Person} person @param {string} title @param {string} now what the menu says of it */
async function opens(person, title, now) {
  await person.opensTheSettings();
  await person.page.getByRole("button", { name: `${title} ${now}` }).click();
  await expect(question(person.page, title).getByLabel(now)).toBeChecked();
}

/** @param {Person} person @param {string} title @param {string} choice */
async function chooses({ page }, title, choice) {
  await question(page, title).getByLabel(choice).check();
  await question(page, title).getByRole("button", { name: "Save" }).click();
}

/** @param {Person} person @param {string} title @param {string} choice */
async function sets(person, title, choice) {
  await chooses(person, title, choice);
  await expect(question(person.page, title)).toBeHidden();
}

/** @param {Page} page @param {string} text */
const signOn = (page, text) =>
  page
    .locator(".message")
    .filter({ hasText: text })
    .getByRole("img", { name: /^Vanishes (on|at) / });

test("what is said after one of them set it vanishes for both, and says when", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await abhi.says("before");
  await anny.hears("before");
  await opens(anny, TIMER, "Never");
  await expect(question(anny.page, TIMER)).toHaveAccessibleDescription(/From now on.* for everybody/);
  await sets(anny, TIMER, "1 hour");
  await anny.isTold("You set messages to vanish after an hour");
  await abhi.isTold("Anny set messages to vanish after an hour");
  for (const person of [anny, abhi]) await person.isTold("New messages vanish after an hour");
  await anny.says("after");
  await abhi.hears("after");
  for (const { page } of [anny, abhi]) {
    await expect(signOn(page, "after")).toHaveCount(1);
    await expect(signOn(page, "before")).toHaveCount(0);
  }
  await abhi.page.locator(".message").filter({ hasText: "after" }).click({ button: "right" });
  await expect(question(abhi.page, "Message actions")).toContainText(/Vanishes (on|at) /);
});

test("the other sets messages to stay, with the keyboard alone, and what was said keeps its time", async ({
  pair,
}) => {
  const { anny, abhi } = await pair();
  await opens(anny, TIMER, "Never");
  await sets(anny, TIMER, "4 weeks");
  await anny.says("for a while");
  await abhi.hears("for a while");
  await abhi.reloads();
  await abhi.isTold("New messages vanish after 4 weeks");
  await opens(abhi, TIMER, "4 weeks");
  await abhi.page.keyboard.press("Tab");
  for (let up = 0; up < 4; up += 1) await abhi.page.keyboard.press("ArrowUp");
  await expect(question(abhi.page, TIMER).getByLabel("Never")).toBeChecked();
  await abhi.page.keyboard.press("Enter");
  await anny.isTold("Abhi set messages to stay");
  for (const person of [anny, abhi]) await person.isNoLongerTold("New messages vanish");
  for (const { page } of [anny, abhi])
    await expect(page.getByRole("status").getByText("New messages no longer vanish")).toHaveCount(1);
  await abhi.says("for good");
  await anny.hears("for good");
  await expect(signOn(anny.page, "for a while")).toHaveCount(1);
  await expect(signOn(anny.page, "for good")).toHaveCount(0);
});

test("the time without use is one of the house's, and both are told of another", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await opens(anny, IDLE, "1 day");
  await expect(question(anny.page, IDLE).getByRole("radio")).toHaveCount(5);
  await sets(anny, IDLE, "6 months");
  await anny.isTold("You set this chat to be deleted after 6 months without use");
  await abhi.isTold("Anny set this chat to be deleted after 6 months without use");
  for (const person of [anny, abhi]) await person.isTold(/Kept until \d+ \w+,/);
  await opens(abhi, IDLE, "6 months");
});

test("a person who chooses what is set already, or cancels, changes nothing", async ({ meets, watch }) => {
  const { anny } = await meets();
  await opens(anny, IDLE, "1 day");
  await sets(anny, IDLE, "1 day");
  await opens(anny, TIMER, "Never");
  await question(anny.page, TIMER).getByLabel("1 week").check();
  await question(anny.page, TIMER).getByRole("button", { name: "Cancel" }).click();
  await opens(anny, TIMER, "Never");
  await expect(anny.page.locator(".event")).toHaveCount(0);
  expect(watch.faults).toEqual([]);
});

test("what the house refuses is said, and what was chosen can be tried again", async ({ meets }) => {
  const { anny } = await meets();
  await anny.page.route(/\/timer$/, refuses(429, { code: "slow_down" }), { times: 1 });
  await opens(anny, TIMER, "Never");
  await chooses(anny, TIMER, "1 week");
  await expect(question(anny.page, TIMER).getByRole("alert")).toHaveText(/That was too fast/);
  await anny.taps("Save");
  await anny.isTold("You set messages to vanish after a week");

  await anny.page.route(/\/house$/, refuses(429, { code: "busy" }), { times: 1 });
  await anny.opensTheSettings();
  await anny.page.getByRole("button", { name: IDLE }).click();
  await anny.isTold("The house is busy");
  await anny.taps("Try again");
  await expect(question(anny.page, IDLE).getByLabel("1 day")).toBeChecked();
});
