// The page of a group: who is in it, what each may do, and what becomes of it while somebody looks.
import { expect, test } from "./journey.js";
import { newInvite } from "./access.js";
import { dialogOf, meetInTheKitchen, opensTheGroup, opensThePerson, peopleIn } from "./group-page.js";

/** @typedef {import("./house.js").Invite} Invite */

/** @param {import("@playwright/test").Page} page @param {string} name */
const buttonOf = (page, name) => page.getByRole("button", { name, exact: true });

/** Nothing lies over its lower edge. @param {Element} row */
function isInSight(row) {
  const { left, bottom } = row.getBoundingClientRect();
  return row.contains(document.elementFromPoint(left + 8, bottom - 2));
}

test("the page of a group says who is in it and as what, and changes as they do", async ({
  house,
  device,
}) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  await opensTheGroup(anny);
  await anny.isTold("3 people");
  await expect(peopleIn(anny)).toHaveText([/^Anny \(you\) Admin/, /^Bob Member/, /^Cleo Member/]);
  await bob.does("PUT", "name", { name: "Bobby" });
  await expect(peopleIn(anny).nth(1)).toHaveText(/^Bobby Member/);
  await bob.does("POST", "leave", {});
  await anny.isTold("2 people");
  await expect(peopleIn(anny)).toHaveText([/^Anny/, /^Cleo/]);
});

test("nothing is offered that one may not do", async ({ house, device }) => {
  const { invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await opensTheGroup(bob);
  const offered = dialogOf(bob.page, "Kitchen").locator("button:not(.person)").filter({ visible: true });
  await expect(offered).toHaveText(["Add somebody", "Leave the group", "Close"]);
  await opensThePerson(bob, "Cleo");
  await expect(dialogOf(bob.page, "Cleo").getByRole("button")).toHaveText(["Close"]);
  await expect(dialogOf(bob.page, "Cleo")).toContainText("Member · offline · Writes, and lets others in");
});

test("the menu of a group leads to its page, and has nothing that one may not do", async ({
  house,
  device,
}) => {
  const { invites, bob: guest } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await guest.says("hello");
  await bob.opensTheSettings();
  const menu = bob.page.getByRole("dialog", { name: "Menu" });
  await expect(menu.getByRole("button", { name: "Group", exact: true })).toBeVisible();
  await expect(menu.getByRole("button", { name: /^Messages vanish after/ })).toBeDisabled();
  await expect(menu.getByRole("button", { name: /^New link/ })).toHaveText(["New link for yourself"]);
  await expect(bob.page.getByRole("button", { name: "End chat" })).toHaveCount(0);
});

test("a role is given, and its person is told while they look", async ({ house, device }) => {
  const { anny, invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await opensTheGroup(bob);
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.page.getByRole("radio", { name: "Admin" }).check();
  await anny.taps("Save");
  await expect(dialogOf(anny.page, "Bob")).toBeHidden();
  await expect(peopleIn(anny).nth(1)).toHaveText(/^Bob Admin/);
  await expect(peopleIn(anny).nth(1)).toBeFocused();
  await bob.isTold("You’re an admin now.");
  await expect(buttonOf(bob.page, "End for everybody")).toBeVisible();
});

test("the last admin stays admin, and is told why", async ({ house, device }) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Anny");
  await anny.page.getByRole("radio", { name: "Member" }).check();
  await anny.taps("Save");
  await expect(dialogOf(anny.page, "Anny").getByRole("alert")).toHaveText(/A group needs an admin/);
  await expect(buttonOf(anny.page, "Save")).toBeFocused();
});

test("a role that is taken away while a question is open forbids the answer, and says why", async ({
  house,
  device,
}) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.page.getByRole("radio", { name: "Admin" }).check();
  await anny.taps("Save");
  await opensThePerson(anny, "Cleo");
  await anny.taps("Remove from the group");
  const question = dialogOf(anny.page, "Remove Cleo from the group?");
  await question.getByRole("button", { name: "Remove" }).focus();
  await bob.does("PUT", "people/1/role", { role: "guest" });
  await expect(question.getByRole("alert")).toHaveText("Only an admin of the group can do this.");
  await expect(question.getByRole("button", { name: "Remove" })).toBeDisabled();
  await expect(question.getByRole("heading")).toBeFocused();
  await anny.taps("Cancel");
  await expect(buttonOf(anny.page, "Remove from the group")).toBeHidden();
  await expect(dialogOf(anny.page, "Cleo").getByRole("heading")).toBeFocused();
  await expect(dialogOf(anny.page, "Cleo").getByRole("alert")).toHaveText(
    "Only an admin of the group can do this.",
  );
  await anny.page.keyboard.press("Escape");
  await anny.isTold("You’re a guest now.");
  await expect(buttonOf(anny.page, "Add somebody")).toBeHidden();
});

test("a choice that was open when the right to it was taken away cannot be saved", async ({
  house,
  device,
}) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.page.getByRole("radio", { name: "Admin" }).check();
  await anny.taps("Save");
  await expect(dialogOf(anny.page, "Bob")).toBeHidden();
  await anny.page.keyboard.press("Escape");
  await anny.opensTheSettings();
  await anny.page.getByRole("button", { name: /^Messages vanish after/ }).click();
  const dialog = dialogOf(anny.page, "Messages vanish after");
  await expect(dialog.getByRole("radio")).toHaveCount(5);
  await bob.does("PUT", "people/1/role", { role: "guest" });
  await expect(dialog.getByRole("alert")).toHaveText("Only an admin of the group can do this.");
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
});

test("somebody is removed after a question, and their devices are out", async ({ house, device }) => {
  const { anny, invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.taps("Remove from the group");
  await anny.isTold("What Bob wrote stays.");
  await buttonOf(anny.page, "Remove").click();
  await expect(peopleIn(anny)).toHaveText([/^Anny/, /^Cleo/]);
  await expect(dialogOf(anny.page, "Bob")).toBeHidden();
  await expect(dialogOf(anny.page, "Kitchen").locator(":focus")).toHaveCount(1);
  await expect(bob.page.getByRole("textbox", { name: "Message" })).toBeHidden();
});

test("a person who goes while one looks at them is said to be out", async ({ house, device }) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await buttonOf(anny.page, "Remove from the group").focus();
  await bob.does("POST", "leave", {});
  const dialog = dialogOf(anny.page, "Bob");
  await expect(dialog.getByRole("alert")).toHaveText("This person isn’t in the group any more.");
  await expect(dialog.getByRole("button")).toHaveText(["Close"]);
  await expect(dialog.getByRole("heading")).toBeFocused();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialogOf(anny.page, "Kitchen").getByRole("heading", { name: "Kitchen" })).toBeFocused();
});

test("somebody is let in with all that was said, and their card is not lost by mistake", async ({
  house,
  device,
}) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await anny.says("said before");
  await opensTheGroup(anny);
  await anny.taps("Add somebody");
  const field = anny.page.getByLabel("Name", { exact: true });
  await expect(field).toBeFocused();
  await field.fill("bob");
  await anny.taps("Make link and code");
  await expect(field).toHaveAccessibleDescription(/bob/);
  await expect(field).toBeFocused();
  await field.fill("Dora");
  await anny.page.getByRole("switch", { name: "May read everything said before" }).check();
  await anny.page.getByRole("radio", { name: "Guest" }).check();
  await anny.taps("Make link and code");
  await expect(dialogOf(anny.page, "Link and code for Dora")).toBeVisible();
  const invite = await newInvite(anny, "Dora");
  anny.page.once("dialog", (asked) => asked.dismiss());
  await anny.page.keyboard.press("Escape");
  await expect(dialogOf(anny.page, "Link and code for Dora")).toBeVisible();
  const dora = await (await device()).walksIn(invite);
  await dora.sees("said before");
  await anny.isTold("Dora has joined");
  await dialogOf(anny.page, "Link and code for Dora").getByRole("button", { name: "Close" }).click();
  await expect(peopleIn(anny).last()).toHaveText(/^Dora Guest/);
});

test("a member lets in nobody as more, and decides nothing about what was said before", async ({
  house,
  device,
}) => {
  const { invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await opensTheGroup(bob);
  await bob.taps("Add somebody");
  await expect(dialogOf(bob.page, "Add somebody").getByRole("radio")).toHaveCount(2);
  await expect(bob.page.getByRole("radio", { name: "Admin" })).toHaveCount(0);
  await expect(bob.page.getByRole("switch", { name: "May read everything" })).toBeHidden();
});

test("leaving says who is admin then, and that this device alone can be signed out", async ({
  house,
  device,
}) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  await opensTheGroup(anny);
  await anny.taps("Leave the group");
  await anny.isTold("Bob will be the admin then.");
  await anny.isTold("Or sign out only this device");
  await buttonOf(anny.page, "Leave").click();
  await expect(anny.page.getByRole("heading", { name: "You left the group" })).toBeFocused();
  await expect(anny.page.getByRole("dialog")).toHaveCount(0);
  await bob.does("PUT", "writers", { writers: "admins" });
});

test("from the question about leaving one comes to one’s devices", async ({ house, device }) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await anny.taps("Leave the group");
  await anny.taps("Your devices");
  await expect(dialogOf(anny.page, "Your devices")).toContainText("This device");
});

test("with the last one who leaves the group ends", async ({ house, device }) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await anny.taps("Leave the group");
  await bob.does("POST", "leave", {});
  await anny.isTold("the group ends, and everything in it is deleted");
  await buttonOf(anny.page, "Leave").click();
  await anny.seesTheEnd("You ended this chat");
});

test("a group is ended with one tap more, for everybody", async ({ house, device }) => {
  const { anny, invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await opensTheGroup(anny);
  await anny.taps("End for everybody");
  await anny.isTold("The names of 3 people");
  await expect(buttonOf(anny.page, "End it for everybody")).toBeDisabled();
  await anny.page.getByLabel("Yes, delete it for all 3 people").check();
  await buttonOf(anny.page, "End it for everybody").click();
  await anny.seesTheEnd("You ended this chat");
  await bob.seesTheEnd("Anny ended this chat");
});

test("where only admins write, people can be hidden, and who looks sees fewer at once", async ({
  house,
  device,
}) => {
  const { anny, invites } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const bob = await (await device()).comesIn(/** @type {Invite} */ (invites[1]));
  await opensTheGroup(bob);
  await opensTheGroup(anny);
  const hide = anny.page.getByRole("switch", { name: "People are hidden" });
  const writers = anny.page.getByRole("switch", { name: "Only admins write" });
  await expect(hide).toBeDisabled();
  await writers.check();
  await hide.check();
  await expect(writers).toBeDisabled();
  await expect(peopleIn(bob)).toHaveText([/^Bob \(you\)/, /^Anny/]);
  await bob.isTold("People are hidden from each other in this group.");
  await expect(buttonOf(bob.page, "Add somebody")).toBeHidden();
  await expect(peopleIn(anny)).toHaveCount(3);
  await hide.uncheck();
  await expect(peopleIn(bob)).toHaveCount(3);
  await expect(writers).toBeEnabled();
});

test("a switch that the house refuses goes back, and says why", async ({ house, device }) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  const busy = { status: 429, contentType: "application/problem+json", body: '{"code":"busy"}' };
  await anny.page.route(/\/writers$/, (route) => route.fulfill(busy));
  await anny.page.getByRole("switch", { name: "Only admins write" }).click();
  await anny.isTold("The house is busy");
  await expect(anny.page.getByRole("switch", { name: "Only admins write" })).not.toBeChecked();
});

test("a group is called otherwise, and says what it is about", async ({ house, device }) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await anny.taps("Change name and description");
  await anny.page.getByLabel("Name of the group").fill("Pantry");
  await anny.page.getByLabel("What it’s about").fill("Who cooks, and who washes up");
  await anny.taps("Save");
  await expect(dialogOf(anny.page, "Pantry")).toContainText("Who cooks, and who washes up");
  await expect(buttonOf(anny.page, "Change name and description")).toBeFocused();
  await anny.taps("Close");
  await expect(anny.page.locator("h1")).toHaveText("Pantry");
});

test("a description that is half written survives what somebody else makes of the name", async ({
  house,
  device,
}) => {
  const { anny, bob } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.page.getByRole("radio", { name: "Admin" }).check();
  await anny.taps("Save");
  await anny.taps("Change name and description");
  await anny.page.getByLabel("What it’s about").fill("Who coo");
  await bob.does("PATCH", "group", { title: "Pantry", about: "Bread" });
  await expect(anny.page.getByLabel("Name of the group")).toHaveValue("Pantry");
  await expect(anny.page.getByLabel("What it’s about")).toHaveValue("Who coo");
});

test("one corrects one’s own name, unless somebody is called like that", async ({ house, device }) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Anny");
  await anny.taps("Correct my name");
  const dialog = dialogOf(anny.page, "Correct my name");
  const field = dialog.getByLabel("Your name");
  await field.fill("Bob");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toBeFocused();
  await field.fill("Annie");
  await field.press("Enter");
  await expect(dialogOf(anny.page, "Annie")).toBeVisible();
  await expect(peopleIn(anny).first()).toHaveText(/^Annie \(you\)/);
});

test("an admin makes a new link for somebody from the list, and comes back to it", async ({
  house,
  device,
}) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.taps("New link and code");
  await expect(dialogOf(anny.page, "A new link for Bob?")).toBeVisible();
  await dialogOf(anny.page, "A new link for Bob?").getByRole("button", { name: "Cancel" }).click();
  await expect(buttonOf(anny.page, "New link and code")).toBeFocused();
});

test("all of it goes by the keyboard, and the focus comes back to where it was", async ({
  house,
  device,
}) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob", "Cleo");
  const { keyboard } = anny.page;
  await opensTheGroup(anny);
  await expect(anny.page.getByRole("heading", { name: "Kitchen" }).last()).toBeFocused();
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await expect(peopleIn(anny).first()).toBeFocused();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(dialogOf(anny.page, "Cleo").getByRole("heading")).toBeFocused();
  await keyboard.press("Escape");
  await expect(peopleIn(anny).last()).toBeFocused();
  await keyboard.press("Tab");
  await expect(anny.page.getByRole("switch", { name: "Only admins write" })).toBeFocused();
  await keyboard.press("Escape");
  await expect(anny.page.getByRole("dialog")).toHaveCount(0);
});

test("back closes one dialog after the other, and stays in the chat", async ({ house, device }) => {
  const { anny } = await meetInTheKitchen({ house, device }, "Anny", "Bob");
  await opensTheGroup(anny);
  await opensThePerson(anny, "Bob");
  await anny.page.evaluate(() => history.back());
  await expect(dialogOf(anny.page, "Bob")).toBeHidden();
  await expect(dialogOf(anny.page, "Kitchen")).toBeVisible();
  await anny.page.evaluate(() => history.back());
  await expect(anny.page.getByRole("dialog")).toHaveCount(0);
  await anny.isAtTheTable();
});

test("a list of 50 people is one stop of the Tab key, and arrows bring each into sight", async ({
  house,
  device,
}) => {
  const names = Array.from({ length: 49 }, (_, at) => `Somebody ${at + 2}`);
  const [mine] = /** @type {[Invite]} */ (await house.group("Village", "Anny", ...names));
  const anny = await (await device()).comesIn(mine);
  await opensTheGroup(anny, "Village");
  await peopleIn(anny).first().focus();
  for (let at = 1; at < 50; at += 1) await anny.page.keyboard.press("ArrowDown");
  await expect(peopleIn(anny).last()).toBeFocused();
  expect(await peopleIn(anny).last().evaluate(isInSight)).toBe(true);
  await anny.page.keyboard.press("Tab");
  await expect(anny.page.getByRole("switch", { name: "Only admins write" })).toBeFocused();
});
