// J2: links and codes in all the forms in which people have them.
import { test, expect } from "./journey.js";

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
