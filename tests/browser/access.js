// What a person in a chat does about the ways into it: looks at their devices, signs one out, makes a new
// link. Tests say which; this file knows behind which buttons it stands.
import { expect } from "@playwright/test";
import { PLAIN_HTTP_HOST } from "./screens.js";

/**
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("./house.js").Invite} Invite
 */

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
  await person.isTold("The device is signed out");
}

/** @param {Person} person */
export async function leavesHere(person) {
  await wantsToSignOut(person, "This device");
  await person.taps("Sign out");
  await person.isTold("You left this chat on this device");
}

/**
 * For another, by name, or for oneself; what it is called is what is on the card.
 * @param {Person} person
 * @param {string} name
 * @param {{isOwn?: boolean, signsOut?: boolean}} [how]
 * @returns {Promise<Invite>}
 */
export async function makesANewLink(person, name, { isOwn = false, signsOut = false } = {}) {
  await takesTheWay(person, `New link for ${isOwn ? "yourself" : name}`);
  if (signsOut) await person.page.getByRole("dialog").getByRole("switch").check();
  await person.taps("Make a new link");
  return newInvite(person, name);
}

/**
 * What stands on the card.
 * @param {Person} person
 * @param {string} name
 * @returns {Promise<Invite>}
 */
export async function newInvite({ page }, name) {
  const card = page.getByRole("dialog").getByRole("article", { name });
  const link = await card.getByLabel(`Link for ${name}`).inputValue();
  const code = await card.locator("[data-code]").innerText();
  return { name, link, code };
}

/**
 * The first new link that is asked for is made, and the house's answer is lost on the way.
 * @param {Person} person
 */
export async function losesTheFirstAnswer({ page }) {
  const answerless = async (/** @type {import("@playwright/test").Route} */ route) => {
    const request = route.request();
    // Only browsers know the name that is plain HTTP.
    const [url, origin] = [request.url(), request.headers().origin ?? ""].map((address) =>
      address.replace(PLAIN_HTTP_HOST, "127.0.0.1"),
    );
    await route.fetch({ url, headers: { ...request.headers(), origin: origin ?? "" } });
    await route.abort("connectionreset");
  };
  await page.route(/\/seats\/.*\/invites$/, answerless, { times: 1 });
}

/** The card is put away, though nothing of it was copied. @param {Person} person */
export async function putsTheCardAway(person) {
  person.page.once("dialog", (dialog) => dialog.accept());
  await person.taps("Close");
  await expect(person.page.getByRole("dialog")).toBeHidden();
}

/** @param {Person} person */
export async function isSignedOut(person) {
  await expect(person.page.getByRole("heading", { name: "This device is signed out" })).toBeFocused();
  await expect(person.page.getByRole("textbox", { name: "Message" })).toBeHidden();
}
