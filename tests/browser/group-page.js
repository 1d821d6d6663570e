// What a person does at the page of a group. Tests say which; this file knows behind which buttons it stands.
import { expect } from "@playwright/test";

/**
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("./house.js").Invite} Invite
 * @typedef {import("./journey.js").Journey} Journey
 */

/** @param {Page} page @param {string | RegExp} called */
export function dialogOf(page, called) {
  return page.getByRole("dialog", { name: called, exact: true });
}

/** The rows of the people. @param {Person} person */
export function peopleIn({ page }) {
  return page.locator("parlour-people-list").getByRole("button");
}

/** @param {Person} person @param {string} title */
export async function opensTheGroup(person, title = "Kitchen") {
  await person.opensTheSettings();
  await person.page.getByRole("button", { name: "Group", exact: true }).click();
  await expect(dialogOf(person.page, title)).toBeVisible();
}

/**
 * From the page of the group.
 * @param {Person} person @param {string} name
 */
export async function opensThePerson(person, name) {
  await peopleIn(person).filter({ hasText: name }).click();
  await expect(dialogOf(person.page, name)).toBeVisible();
}

/**
 * A group of these people, where the first is at a page and the others do without one.
 * @param {Pick<Journey, "house" | "device">} parts
 * @param {...string} names
 */
export async function meetInTheKitchen({ house, device }, ...names) {
  const invites = await house.group("Kitchen", ...names);
  const [mine, ...theirs] = /** @type {[Invite, ...Invite[]]} */ (invites);
  const guests = [];
  for (const invite of theirs) guests.push(await house.guest(invite));
  const anny = await (await device()).comesIn(mine);
  await anny.isTold(names.at(1) ?? "");
  const [bob, cleo] = /** @type {[typeof guests[0], typeof guests[0]]} */ (guests);
  return { anny, bob, cleo, invites };
}
