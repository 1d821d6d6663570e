// The start page in one tab: names, an invite for each of them, your chats.
import { expect } from "@playwright/test";
import { Person } from "./person.js";

/** @typedef {import("./house.js").Invite} Invite */

export class StartPage {
  /**
   * @param {import("./device.js").Device} device
   * @param {import("@playwright/test").Page} page
   */
  constructor(device, page) {
    this.device = device;
    this.page = page;
  }

  /**
   * @param {string} first
   * @param {string} second
   */
  async tries(first, second) {
    await this.page.getByLabel("Your name").fill(first);
    await this.page.getByLabel("Their name").fill(second);
    await this.page.getByRole("button", { name: "Create invites" }).click();
  }

  /**
   * @param {string} first
   * @param {string} second
   * @returns {Promise<[Invite, Invite]>}
   */
  async makes(first, second) {
    await this.tries(first, second);
    await expect(this.page.getByRole("heading", { name: "Two invites" })).toBeVisible();
    return [await this.#invite(first), await this.#invite(second)];
  }

  /**
   * Types what a group is called and who is in it, without making it.
   * @param {string} title
   * @param {...string} names one's own first
   */
  async fillsGroup(title, ...names) {
    await this.page.getByLabel("A group").check();
    await this.page.getByLabel("Name of the group").fill(title);
    for (const [at, name] of names.entries()) {
      if (at > 1) await this.page.getByRole("button", { name: "Add another name" }).click();
      await this.field(at + 1).fill(name);
    }
  }

  /** Of a group. @param {number} place from 1 */
  field(place) {
    return this.page.getByLabel(place === 1 ? "Your name" : `Person ${place}`, { exact: true });
  }

  /**
   * @param {string} title
   * @param {...string} names one's own first
   * @returns {Promise<Invite[]>}
   */
  async makesGroup(title, ...names) {
    await this.fillsGroup(title, ...names);
    await this.page.getByRole("button", { name: "Create invites" }).click();
    await expect(this.page.getByRole("heading", { name: `${names.length} invites` })).toBeVisible();
    return Promise.all(names.map((name) => this.#invite(name)));
  }

  async isRefused() {
    await expect(this.page.getByRole("alert")).toHaveText(/\S/);
    await expect(this.page.getByRole("button", { name: "Create invites" })).toBeEnabled();
  }

  /** @param {string} name */
  card(name) {
    return this.page.getByRole("article", { name });
  }

  /** @param {string} name */
  async takesIn(name) {
    this.page.once("dialog", (dialog) => dialog.accept());
    await this.card(name)
      .getByRole("button", { name: `I’m ${name}, open the chat` })
      .click();
    const person = new Person(this.device, this.page);
    await person.isAtTheTable();
    return person;
  }

  /**
   * @param {string} other
   * @param {string} name
   * @param {string} unread
   */
  async lists(other, name, unread) {
    const row = this.#chatWith(other);
    await expect(row).toContainText(`you are ${name}`);
    await expect(row).toContainText(unread);
  }

  /** @param {string} other */
  async goesTo(other) {
    await this.#chatWith(other).click();
    const person = new Person(this.device, this.page);
    await person.isAtTheTable();
    return person;
  }

  /** Of all chats, in order. */
  get rows() {
    return this.#chats.getByRole("listitem").getByRole("link");
  }

  /** A browser may have the seats of both: each row has both names. @param {string} other */
  #chatWith(other) {
    const who = this.page.locator(".who", { hasText: other });
    return this.#chats.getByRole("link").filter({ has: who });
  }

  get #chats() {
    return this.page.getByRole("navigation", { name: "Your chats" });
  }

  /**
   * @param {string} name
   * @returns {Promise<Invite>}
   */
  async #invite(name) {
    const card = this.card(name);
    const link = await card.getByLabel(`Link for ${name}`).inputValue();
    const code = await card.locator("[data-code]").innerText();
    return { name, link, code };
  }
}
