// What is different about messages in a group: who has seen one, who may write, and being out of it.
import { expect, test } from "./journey.js";
import { meetInTheKitchen } from "./group-page.js";
import { asksFor } from "./message-menu.js";
import { Speaker } from "./speaker.js";

/** @typedef {import("./house.js").Invite} Invite */
/** @typedef {import("./person.js").Person} Person */

/** @param {Person} person */
const lines = ({ page }) => page.locator("dialog[open] parlour-reached-lines p");

/** @param {Person} person */
const field = ({ page }) => page.getByRole("textbox", { name: "Message" });

const ADMINS_WRITE = { writers: "admins" };
const EVERYBODY_WRITES = { writers: "everybody" };

test("the menu of one's own message says who has seen it and who has got it, as it happens", async ({
  house,
  device,
}) => {
  const { anny, bob, cleo } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  await anny.says("Soup is ready");
  await asksFor(anny, "Soup is ready");
  await expect(lines(anny)).toHaveText(["Not yet delivered to \u2068Bob\u2069 and \u2068Cleo\u2069"]);
  const { messages } = await bob.does("GET", "messages");
  const head = messages.at(-1).seq;
  await bob.does("POST", "receipts", { delivered: head, seen: head });
  await cleo.does("POST", "receipts", { delivered: head, seen: 0 });
  await expect(lines(anny)).toHaveText(["Seen by \u2068Bob\u2069", "Delivered to \u2068Cleo\u2069"]);
  await anny.page.keyboard.press("Escape");
  await bob.says("Coming");
  await asksFor(anny, "Coming");
  await expect(lines(anny)).toHaveCount(0);
});

test("a mark that is pressed says in words who has the message, and what the marks mean for all", async ({
  house,
  device,
}) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  await anny.says("Soup is ready");
  await anny.isToldWhy("Soup is ready", "Not yet delivered to");
  await anny.isToldWhy("Soup is ready", "Everybody has had it on the screen");
});

test("where only admins write, the others read so, and what they typed comes back", async ({
  house,
  device,
}) => {
  const { anny, invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  const admin = await house.guest(/** @type {Invite} */ (invites[0]));
  await bob.typesTheMessage("half a sen");
  await admin.does("PUT", "writers", ADMINS_WRITE);
  await bob.isTold("Only admins write here now. What you typed is kept.");
  await expect(field(bob)).toBeHidden();
  await expect(field(anny)).toBeVisible();
  await bob.page.reload();
  await bob.isTold("Only admins write here now. What you typed is kept.");
  await expect(field(bob)).toBeHidden();
  await admin.does("PUT", "writers", EVERYBODY_WRITES);
  await expect(field(bob)).toHaveValue("half a sen");
  await expect(bob.page.getByText("Only admins write here now")).toBeHidden();
});

test("what is typed and pasted where only admins write changes nothing of the draft", async ({
  house,
  device,
}) => {
  const { invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  const admin = await house.guest(/** @type {Invite} */ (invites[0]));
  await bob.typesTheMessage("half a sen");
  await bob.page.keyboard.press("ControlOrMeta+A");
  await bob.page.keyboard.press("ControlOrMeta+C");
  await admin.does("PUT", "writers", ADMINS_WRITE);
  await bob.isTold("Only admins write here now. What you typed is kept.");
  await bob.page.keyboard.press("ControlOrMeta+V");
  await bob.page.keyboard.type("tence");
  await admin.does("PUT", "writers", EVERYBODY_WRITES);
  await expect(field(bob)).toHaveValue("half a sen");
});

test("what waited and is not taken any more can be copied and deleted, and not edited", async ({
  house,
  device,
  watch,
}) => {
  // The browser tells of a refusal over HTTP, too.
  watch.houseMayBeAway = true;
  const { invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  const admin = await house.guest(/** @type {Invite} */ (invites[0]));
  await bob.hasAGate();
  await bob.closesTheGate();
  await bob.queues("I bring the bread");
  await asksFor(bob, "I bring the bread");
  const actions = bob.page.getByRole("dialog", { name: "Message actions" }).getByRole("button");
  await expect(actions).toHaveText(["Copy", "Edit", "Delete", "Cancel"]);
  await admin.does("PUT", "writers", ADMINS_WRITE);
  bob.opensTheGate();
  await expect(actions).toHaveText(["Copy", "Delete", "Cancel"]);
  await bob.page.keyboard.press("Escape");
  await bob.isTold("Only admins write in this group");
  await asksFor(bob, "I bring the bread");
  await expect(actions).toHaveText(["Copy", "Delete", "Cancel"]);
});

test("a menu that is open loses what its person may not do any more, and goes when its message does", async ({
  house,
  device,
}) => {
  const { anny, invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  const admin = await house.guest(/** @type {Invite} */ (invites[0]));
  await bob.says("this is my own");
  await asksFor(bob, "this is my own");
  const menu = bob.page.getByRole("dialog", { name: "Message actions" });
  await menu.getByRole("button", { name: "Edit" }).focus();
  await admin.does("PUT", "writers", ADMINS_WRITE);
  await expect(menu.getByRole("button", { name: "Edit" })).toBeHidden();
  await expect(menu.getByRole("button", { name: "Copy" })).toBeVisible();
  await expect(menu.locator(":focus")).toBeVisible();
  const { messages } = await admin.does("GET", "messages");
  const said = messages.find((/** @type {{text?: string}} */ { text }) => text === "this is my own");
  await admin.does("DELETE", `messages/${said.seq}?for=everybody`);
  await expect(menu).toBeHidden();
  await anny.isTold("This message was deleted");
});

test("a person who is removed while writing is told of it, and keeps what they typed", async ({
  house,
  device,
}) => {
  const { invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  const admin = await house.guest(/** @type {Invite} */ (invites[0]));
  await bob.typesTheMessage("half a sen");
  await admin.does("DELETE", "people/2");
  await expect(bob.page.getByRole("heading", { name: "You are no longer in this group here" })).toBeFocused();
  await bob.isTold("An admin took you out of the group, or this device was signed out.");
  await bob.isTold("half a sen");
});

test("two who type are named, and more are counted", async ({ house, device }) => {
  const invites = await house.group("Kitchen", "Anny", "Bob", "Cleo", "Dora");
  const [mine, ...theirs] = /** @type {[Invite, ...Invite[]]} */ (invites);
  const anny = await (await device()).comesIn(mine);
  const [bob, cleo, dora] = await Promise.all(theirs.map((invite) => Speaker.comesIn(house, invite)));
  await anny.isTold(/^3 online/);
  bob?.types();
  await anny.isTold(/^.Bob. is typing$/);
  cleo?.types();
  await anny.isTold(/^.Bob. and .Cleo. are typing$/);
  dora?.types();
  await anny.isTold(/^3 are typing$/);
  for (const speaker of [bob, cleo, dora]) await speaker?.closes();
});
