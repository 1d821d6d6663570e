// What a person does with the menu of a message. Tests say what; this file knows where it stands.
import { expect } from "./journey.js";
import { escaped } from "./reading.js";

/** @typedef {Pick<import("./person.js").Person, "page">} Reader */

/**
 * With the mouse; the menu is open then.
 * @param {Reader} reader
 * @param {string} text of the message, and of no other
 */
export async function asksFor({ page }, text) {
  const said = page.locator(".text").filter({ hasText: new RegExp(`^${escaped(text)}$`) });
  await said.click({ button: "right" });
  await expect(page.getByRole("dialog", { name: "Message actions" })).toBeVisible();
}

/**
 * @param {Reader} reader
 * @param {string} text of the message, and of no other
 * @param {string} action or an emoji
 */
export async function picks({ page }, text, action) {
  await asksFor({ page }, text);
  const menu = page.getByRole("dialog", { name: "Message actions" });
  await menu.getByRole("button", { name: action, exact: true }).click();
  await expect(menu).toBeHidden();
}
