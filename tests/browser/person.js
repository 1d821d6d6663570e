// One person in one tab: at the link, in the chat, or after its end. Tests say what the person does and
// perceives; this file knows by which words and marks on the page.
import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { everythingKept } from "./kept.js";
import { escaped, lookAndGoOn, oldest } from "./reading.js";
import { stopsNews } from "./line.js";

/** @typedef {string | RegExp} Words */

export class Person {
  /** Whether the tab's socket is kept from reaching the house. */
  #socketIsCut = false;
  /** @type {import("@playwright/test").WebSocketRoute[]} */
  #sockets = [];

  /**
   * @param {import("./device.js").Device} device
   * @param {import("@playwright/test").Page} page
   */
  constructor(device, page) {
    this.device = device;
    this.page = page;
  }

  // --- At the link.

  /** @param {string} name */
  async isGreeted(name) {
    await expect(this.page.getByRole("heading", { name: `Hello ${name}` })).toBeVisible();
  }

  /** @param {string} code */
  async enters(code) {
    await this.page.getByLabel("Secret code").fill(code);
    await this.page.getByRole("button", { name: "Open chat" }).click();
  }

  /**
   * By hand, where the cursor stands already.
   * @param {string} code
   */
  async typesTheCode(code) {
    await expect(this.page.getByLabel("Secret code")).toBeFocused();
    await this.page.keyboard.type(code);
  }

  /**
   * With a finger or with the mouse.
   * @param {string} button
   */
  async taps(button) {
    await this.#touch(this.page.getByRole("button", { name: button, exact: true }));
  }

  async isAskedForTheCode() {
    await expect(this.page.getByLabel("Secret code")).toBeVisible();
    await expect(this.#writing).toBeHidden();
  }

  /** @param {Words} why */
  async isRefused(why) {
    await expect(this.page.getByRole("alert").filter({ hasText: why })).toBeVisible();
    await this.isAskedForTheCode();
  }

  /** @param {RegExp} howLong */
  async mustWait(howLong) {
    await this.isTold(howLong);
    await expect(this.page.getByRole("button", { name: "Open chat" })).toBeDisabled();
  }

  /** @param {string} link */
  async pastes(link) {
    await this.page.getByLabel("Your link").fill(link);
    await this.page.getByRole("button", { name: "Open link" }).click();
  }

  // --- In the chat.

  /** In some chat, with its newest messages there. */
  async isAtTheTable() {
    await expect(this.#writing).toBeVisible();
    await expect(this.page.getByRole("button", { name: "Menu" })).toBeVisible();
    await this.isNoLongerTold("Opening the chat");
  }

  /** @param {string} other */
  async isIn(other) {
    await expect(this.page.getByRole("heading", { name: other, exact: true })).toBeVisible();
    await this.isAtTheTable();
  }

  /** @param {string} text */
  async says(text) {
    await this.queues(text);
    await expect(this.#row(text).last().locator(".mark")).toHaveText(/Sent|Delivered|Seen/);
  }

  /**
   * Says it, whether or not it can be sent now.
   * @param {string} text
   */
  async queues(text) {
    await this.writes(text);
    await this.sends();
    await expect(this.#row(text).last()).toBeVisible();
  }

  async sends() {
    await this.page.getByRole("button", { name: "Send" }).click();
  }

  /**
   * Types without sending.
   * @param {string} text
   */
  async writes(text) {
    await this.#writing.fill(text);
  }

  /**
   * By hand; where the cursor does not stand in the field yet, a tap puts it there.
   * @param {string} text
   */
  async typesTheMessage(text) {
    const isFocused = await this.#writing.evaluate((field) => field === document.activeElement);
    if (!isFocused) await this.#touch(this.#writing);
    await this.page.keyboard.type(text);
    await this.isWriting(text);
  }

  /** One letter after the other for longer than one sign of typing stands for. */
  async goesOnTyping() {
    await this.#writing.pressSequentially("I have been thinking", { delay: 200 });
  }

  /** @param {string} text */
  async isWriting(text) {
    await expect(this.#writing).toHaveValue(text);
  }

  /** @param {string} text */
  async hears(text) {
    await expect.poll(() => this.conversation()).toContain(text);
  }

  /**
   * Exactly these, in this order.
   * @param {string[]} texts
   */
  async sees(...texts) {
    await expect.poll(() => this.conversation()).toEqual(texts);
  }

  /**
   * These in any order, and nothing twice.
   * @param {string[]} texts
   */
  async hasEachOnce(...texts) {
    await expect.poll(async () => (await this.conversation()).sort()).toEqual([...texts].sort());
  }

  /** What stands on the page, from top to bottom; nothing while the page is on its way to another. */
  async conversation() {
    const reading = this.#messages.locator(".message .text").allTextContents();
    return reading.catch((error) => {
      if (String(error).includes("Execution context was destroyed")) return [];
      throw error;
    });
  }

  /** @param {string} text */
  async saidBySelf(text) {
    await expect(this.#row(text)).toContainText("You: ");
  }

  /**
   * @param {string} text
   * @param {string} mark
   */
  async isMarked(text, mark) {
    await expect(this.#row(text).last().locator(".mark")).toContainText(mark);
  }

  /** @param {string[]} texts */
  async isWaitingToSend(...texts) {
    for (const text of texts) await this.isMarked(text, "Waiting");
  }

  /**
   * Of all messages these alone show a time.
   * @param {string[]} texts
   */
  async tellsTheTimeOf(...texts) {
    const told = this.#messages
      .locator(".message")
      .filter({ has: this.page.locator(".meta:not(.visually-hidden)") });
    await expect(told.locator(".text")).toHaveText(texts);
  }

  /** @param {string} text */
  async isShown(text) {
    await expect(this.#row(text)).toBeInViewport();
  }

  /** @param {string} text */
  async scrollsUpTo(text) {
    await expect(async () => {
      if ((await this.#row(text).count()) === 0) {
        await this.#messages.evaluate((scroller) => (scroller.scrollTop -= scroller.clientHeight / 2));
      }
      expect(await this.#row(text).count()).toBe(1);
    }).toPass({ intervals: [50], timeout: 15_000 });
    await this.#row(text).scrollIntoViewIfNeeded();
  }

  /** The mouse rests on what is read, which then has the keyboard. */
  async pointsAtTheMessages() {
    await this.#messages.focus();
    await this.#messages.hover();
  }

  async isAtTheBeginning() {
    const isFirst = await this.page.getByText("This is the start of your chat").isVisible();
    return isFirst && (await this.#messages.evaluate((scroller) => scroller.scrollTop < 1));
  }

  /** As fast as what was said before is loaded. Each part of it must come, however long all of them take. */
  async goesToTheBeginning() {
    while (!(await this.isAtTheBeginning())) {
      const was = await this.#oldest();
      await expect(async () => {
        await this.#messages.evaluate((scroller) => (scroller.scrollTop = 0));
        expect((await this.#oldest()) < was || (await this.isAtTheBeginning())).toBe(true);
      }).toPass({ intervals: [20], timeout: 60_000 });
    }
  }

  /** The place of the first message that is on the page. */
  async #oldest() {
    return this.#messages.evaluate(oldest);
  }

  /**
   * Everything that was said, read from its beginning to its end: only what is near the eye is on the page.
   * @param {string[]} texts
   */
  async readsFromTheBeginning(...texts) {
    const { length } = texts;
    await this.#messages.evaluate((scroller) => (scroller.scrollTop = 0));
    /** @type {Map<number, string>} */
    const read = new Map();
    await expect(async () => {
      for (const [seq, text] of await this.#messages.evaluate(lookAndGoOn)) read.set(seq, text);
      expect(read.size).toBe(length);
    }).toPass({ intervals: [50], timeout: 30_000 });
    expect([...read].sort(([one], [other]) => one - other).map(([, text]) => text)).toEqual(texts);
  }

  /** @param {Words} words */
  async isTold(words) {
    await expect(this.page.getByText(words).filter({ visible: true }).first()).toBeVisible();
  }

  /** @param {Words} words */
  async isNoLongerTold(words) {
    await expect(this.page.getByText(words).filter({ visible: true })).toHaveCount(0);
  }

  async knowsItIsOffline() {
    await this.isTold("No connection");
  }

  /** @param {string} part */
  async titleHolds(part) {
    await expect(this.page).toHaveTitle(new RegExp(part));
  }

  async titleHoldsNoCount() {
    await expect(this.page).not.toHaveTitle(/\d/);
  }

  async looksAway() {
    await this.#becomes("hidden");
  }

  async looksAgain() {
    await this.#becomes("visible");
  }

  /** The page is in sight, and the keyboard is elsewhere. */
  async worksInAnotherWindow() {
    await this.page.evaluate(() => {
      document.hasFocus = () => false;
    });
  }

  // --- Settings.

  async opensTheSettings() {
    await this.page.getByRole("button", { name: "Menu" }).click();
    await expect(this.#sheet).toBeVisible();
  }

  async closesTheSettings() {
    await this.#sheet.getByRole("button", { name: "Close" }).click();
    await expect(this.#sheet).toBeHidden();
  }

  /**
   * Another language opens the page again.
   * @param {string} label of the list, in the language that is spoken
   * @param {string} language in its own words
   */
  async speaks(label, language) {
    await this.opensTheSettings();
    await this.#sheet.getByLabel(label, { exact: true }).selectOption(language);
    await expect(this.#sheet).toHaveCount(0);
  }

  /** @param {string} look */
  async looksLike(look) {
    await this.opensTheSettings();
    await this.#sheet.getByLabel("Theme", { exact: true }).selectOption(look);
    await this.closesTheSettings();
  }

  /**
   * "Why hasn’t it arrived?", asked of one's own message.
   * @param {string} text
   * @param {Words} why
   */
  async isToldWhy(text, why) {
    await this.#row(text).last().locator("button.mark").click();
    await expect(this.#sheet).toContainText(why);
    await this.#sheet.getByRole("button", { name: "Close" }).click();
    await expect(this.#sheet).toBeHidden();
  }

  /**
   * Switches these on.
   * @param {string[]} labels
   */
  async wants(...labels) {
    await this.#switches(labels, true);
  }

  /**
   * Switches these off.
   * @param {string[]} labels
   */
  async wantsNo(...labels) {
    await this.#switches(labels, false);
  }

  /**
   * @param {string[]} labels
   * @param {boolean} isOn
   */
  async #switches(labels, isOn) {
    await this.opensTheSettings();
    for (const label of labels) await this.#sheet.getByLabel(label, { exact: true }).setChecked(isOn);
    await this.closesTheSettings();
  }

  // --- Losing things.

  /** Back to the list; where that is beside the chat, to the form for a new one. */
  async leavesTheChat() {
    const back = this.page.getByRole("link", { name: /^Your chats/ });
    await back.or(this.page.getByRole("link", { name: "New chat" })).click();
  }

  async closes() {
    await this.page.close();
  }

  async reloads() {
    await this.page.reload();
    await expect(this.#writing).toBeVisible();
  }

  /** From the next reload on, this tab's ways to the house go through a gate that can be closed. */
  async hasAGate() {
    await stopsNews(this.page, () => this.#socketIsCut);
    await this.page.routeWebSocket(/\/socket$/, (socket) => {
      if (this.#socketIsCut) {
        void socket.close();
        return;
      }
      socket.connectToServer();
      this.#sockets.push(socket);
    });
    await this.page.reload();
    await this.isAtTheTable();
  }

  async closesTheGate() {
    this.#socketIsCut = true;
    for (const socket of this.#sockets.splice(0)) await socket.close();
  }

  opensTheGate() {
    this.#socketIsCut = false;
  }

  /** A browser with a screen does it by itself, to know whether the page can be installed. */
  async looksAtTheManifest() {
    await this.page.evaluate(async () => {
      const link = document.querySelector('link[rel="manifest"]');
      if (link instanceof HTMLLinkElement) await (await fetch(link.href)).text();
    });
  }

  /** Everything that the browser keeps for the house. */
  async kept() {
    return this.page.evaluate(everythingKept);
  }

  // --- The end.

  /** Up to the question before it; where there is little room it is in the menu alone. */
  async wantsToEnd() {
    const end = this.page.getByRole("button", { name: "End chat" });
    if (!(await end.isVisible())) await this.opensTheSettings();
    await end.click();
  }

  async almostEnds() {
    await this.wantsToEnd();
    await this.page.getByRole("dialog").getByRole("button", { name: "Keep talking" }).click();
    await expect(this.page.getByRole("dialog")).toBeHidden();
  }

  async ends() {
    await this.wantsToEnd();
    await this.page.getByRole("dialog").getByRole("button", { name: "End it for both" }).click();
    await this.seesTheEnd();
  }

  /** @param {Words[]} words */
  async seesTheEnd(...words) {
    await expect(this.page.getByRole("heading", { name: "This chat has ended" })).toBeVisible();
    await expect(this.#writing).toBeHidden();
    for (const word of words) await this.isTold(word);
  }

  /**
   * Saves the transcript from the question about the end, and goes back to the chat.
   * @param {string} button
   */
  async saves(button) {
    await this.wantsToEnd();
    const [file] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("dialog").getByRole("button", { name: button }).click(),
    ]);
    await this.page.getByRole("dialog").getByRole("button", { name: "Keep talking" }).click();
    return readFile(await file.path(), "utf8");
  }

  get #writing() {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  get #sheet() {
    return this.page.getByRole("dialog");
  }

  get #messages() {
    return this.page.getByRole("region", { name: "Messages" });
  }

  /** @param {string} text */
  #row(text) {
    const exactly = this.page.locator(".text").filter({ hasText: new RegExp(`^${escaped(text)}$`) });
    return this.#messages.getByRole("listitem").filter({ has: exactly });
  }

  /** @param {import("@playwright/test").Locator} place */
  async #touch(place) {
    const hasTouch = await this.page.evaluate(() => navigator.maxTouchPoints > 0);
    await (hasTouch ? place.tap() : place.click());
  }

  /** @param {"hidden" | "visible"} state */
  async #becomes(state) {
    await this.page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { value, configurable: true });
      Object.defineProperty(document, "hidden", { value: value === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  }
}
