// What a person in a chat does about the ways into it: looks at their devices, signs one out. Tests say
// which; this file knows behind which buttons it stands.
import { expect } from "@playwright/test";

/** @typedef {import("./person.js").Person} Person */

/**
 * From the three dots.
 * @param {Person} person
 * @param {string} way
 */
export async function takesTheWay(person, way) {
  await person.opensTheSettings();
  await person.page.getByRole("button", { name: way, exact: true }).click();
}

/** @param {Person} person */
export async function opensTheDevices(person) {
  await takesTheWay(person, "Your devices");
  await expect(person.page.getByRole("dialog", { name: "Your devices" }).getByRole("list")).toBeVisible();
}

/**
 * The rows of the list of devices.
 * @param {Person} person
 * @param {"This device" | "Another device"} which
 */
export function devicesOf(person, which) {
  return person.page.getByRole("dialog").getByRole("listitem").filter({ hasText: which });
}

/**
 * Up to the question before it.
 * @param {Person} person
 * @param {"This device" | "Another device"} which
 */
export async function wantsToSignOut(person, which) {
  await opensTheDevices(person);
  await devicesOf(person, which).first().getByRole("button", { name: "Sign out" }).click();
}

/** @param {Person} person */
export async function signsOutAnotherDevice(person) {
  await wantsToSignOut(person, "Another device");
  await person.taps("Sign out");
  await person.isTold("That device is signed out");
}

/** @param {Person} person */
export async function leavesHere(person) {
  await wantsToSignOut(person, "This device");
  await person.taps("Sign out");
  await person.isTold("You have left this chat here");
}

/** @param {Person} person */
export async function isSignedOut(person) {
  await expect(person.page.getByRole("heading", { name: "This device is signed out" })).toBeFocused();
  await expect(person.page.getByRole("textbox", { name: "Message" })).toBeHidden();
}
