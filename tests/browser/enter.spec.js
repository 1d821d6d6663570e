// J2: a link and a code let one person in; everything else is refused kindly.
import { test, expect } from "./journey.js";
import { Person } from "./person.js";

const NOT_RIGHT = "That code isn’t right";

test("the link greets by name, and the code lets in", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.isGreeted("Anny");
  await anny.enters(invites.anny.code);
  await anny.isIn("Abhi");
});

for (const [how, typed] of /** @type {[string, (code: string) => string][]} */ ([
  ["in lower case", (code) => code.toLowerCase()],
  ["without the dash", (code) => code.replace("-", "")],
  ["with spaces", (code) => ` ${code.replace("-", "  ")} `],
])) {
  test(`a code typed ${how} lets in`, async ({ device, invites }) => {
    const anny = await (await device()).opens(invites.anny);
    await anny.enters(typed(invites.anny.code));
    await anny.isIn("Abhi");
  });
}

for (const [digit, letter] of /** @type {[string, string][]} */ ([
  ["0", "O"],
  ["0", "o"],
  ["1", "I"],
  ["1", "l"],
])) {
  test(`${letter} is read as ${digit}`, async ({ device, house }) => {
    const [invite] = await house.chatWithCodeHolding(digit);
    const anny = await (await device()).opens(invite);
    await anny.enters(invite.code.replaceAll(digit, letter));
    await anny.isIn("Abhi");
  });
}

test("a wrong code says so, and the right one lets in after it", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.enters(invites.abhi.code);
  await anny.isRefused(NOT_RIGHT);
  await anny.enters(invites.anny.code);
  await anny.isIn("Abhi");
});

test("half a code is not sent at all", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.enters("K7Q");
  await anny.isAskedForTheCode();
});

test("too many wrong codes: the page says how long to wait", async ({ device, house, invites }) => {
  for (let guess = 0; guess < 5; guess += 1) await house.guesses(invites.anny);
  const anny = await (await device()).opens(invites.anny);
  await anny.enters("0000-0000");
  await anny.mustWait(/You can try again in (\d+ sec|1 min)/);
});

test("a guesser does not lock out who is in, and everybody in the chat hears of it", async ({
  pair,
  house,
  invites,
}) => {
  const { anny, abhi } = await pair();
  for (let guess = 0; guess < 7; guess += 1) await house.guesses(invites.anny);
  await abhi.isTold(/Someone entered a wrong code on Anny’s link/);
  await anny.isTold(/Someone entered a wrong code on your link/);
  await anny.says("I am still here");
  await abhi.hears("I am still here");
});

test("wrong codes that were read do not hide those that come after somebody was in", async ({
  pair,
  device,
  house,
  invites,
}) => {
  const { abhi } = await pair();
  for (let wrong = 0; wrong < 2; wrong += 1) await house.guesses(invites.anny);
  await abhi.isTold("Someone entered a wrong code on Anny’s link 2 times");
  await abhi.taps("Got it");
  await (await device()).comesIn(invites.anny);
  await house.guesses(invites.anny);
  await abhi.isTold("Someone entered a wrong code on Anny’s link");
});

test("an ended chat's link says that it ended, and by whom it was", async ({ pair, device, invites }) => {
  const { anny } = await pair();
  await anny.ends();
  const person = await (await device()).opens(invites.abhi);
  await person.seesTheEnd("ended this chat");
});

test("a link of no chat leads nowhere", async ({ device }) => {
  const person = await (await device()).opensPath("j#0123456789ABCDEFGHJKMNPQRS");
  await person.isTold("This link doesn’t work");
});

for (const [what, path] of [
  ["without a token", "j"],
  ["cut in the middle", "j#0123456789ABC"],
]) {
  test(`a link ${what} is incomplete, and the whole one can be pasted`, async ({ device, invites }) => {
    const person = await (await device()).opensPath(path ?? "");
    await person.isTold("Your link is incomplete");
    await person.pastes(invites.anny.link);
    await person.isGreeted("Anny");
  });
}

test("a page for links says what is wrong with what was pasted, and too only of a second link", async ({
  device,
}) => {
  for (const [path, said] of [
    ["j", "This link is incomplete too"],
    ["nowhere", "This link is incomplete. Ask for it to be sent again"],
  ]) {
    const person = await (await device()).opensPath(path ?? "");
    await person.pastes("");
    await person.isTold("Paste your link first");
    await person.pastes("https://parlour.example/j#0123456789");
    await person.isTold(said ?? "");
  }
});

test("who may not start a chat is asked for a link alone", async ({ device, invites }) => {
  const browser = await device();
  const json = { version: "0", may_start: false, idles: ["1h"], idle_default: "1h", reach: "anywhere" };
  await browser.context.route(/\/api\/v1\/house$/, (route) => route.fulfill({ json }));
  const { page } = await browser.startPage();
  const person = new Person(browser, page);
  await person.isTold("New chats are started on the home network");
  await person.isNoLongerTold("Type two names");
  await person.pastes(`${invites.anny.link}\nCode: ${invites.anny.code}`);
  await person.isGreeted("Anny");
  expect(page.url()).not.toContain("#");
  await person.taps("Open chat");
  await person.isIn("Abhi");
});

for (const [what, mangled] of [
  ["a bracket behind it", (/** @type {string} */ token) => `j#${token})`],
  ["a campaign behind it", (/** @type {string} */ token) => `j?fbclid=x#${token}&utm_source=x`],
  ["a slash before its token", (/** @type {string} */ token) => `j#/${token.toLowerCase()}`],
  ["its # encoded", (/** @type {string} */ token) => `j%23${token}`],
  ["a slash too many", (/** @type {string} */ token) => `j/#${token}`],
  ["a capital J", (/** @type {string} */ token) => `J#${token}`],
]) {
  test(`a link with ${what} opens`, async ({ device, invites }) => {
    const token = invites.anny.link.split("#")[1] ?? "";
    const person = await (await device()).opensPath(/** @type {Function} */ (mangled)(token));
    await person.isGreeted("Anny");
    expect(person.page.url()).not.toContain(token);
  });
}

test("a whole message is pasted, and brings its code", async ({ device, invites }) => {
  const { link, code } = invites.anny;
  const person = await (await device()).opensPath("j");
  await person.pastes(`Hello! [The door](${link})\nCode: ${code.toLowerCase()}\nSee you`);
  await person.isGreeted("Anny");
  await expect(person.page.getByLabel("Secret code")).toHaveValue(code);
});

test("a code is pasted with the sentence around it", async ({ device, invites }) => {
  const anny = await (await device()).opens(invites.anny);
  await anny.isGreeted("Anny");
  await anny.page.getByLabel("Secret code").focus();
  // As a paste does, this heeds how much the field takes.
  await anny.page.keyboard.insertText(`Your secret code for our chat at Parlour is: ${invites.anny.code}`);
  await anny.taps("Open chat");
  await anny.isIn("Abhi");
});

test("neither token nor code ever stands in an address that the house sees", async ({
  device,
  watch,
  invites,
}) => {
  const anny = await (await device()).comesIn(invites.anny);
  await anny.says("hi");
  await anny.reloads();
  await anny.sees("hi");
  const token = invites.anny.link.split("#")[1] ?? "";
  const asked = [...watch.weights.keys()].join("\n");
  expect(asked).toContain("/c");
  expect(asked).not.toContain(token);
  expect(asked).not.toContain(invites.anny.code.replace("-", ""));
});
