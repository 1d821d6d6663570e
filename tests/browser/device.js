// One browser: what it keeps is its own, and it may lose its network.
import { expect } from "@playwright/test";
import { Entering } from "./entering.js";
import { Person } from "./person.js";
import { StartPage } from "./start-page.js";

/** @typedef {import("./house.js").Invite} Invite */

const SLOW_BYTES = ((500 * 1024) / 8) * 0.8;
/** Chromium's "Slow 3G": bytes a second, milliseconds. */
const SLOW_LINE = { downloadThroughput: SLOW_BYTES, uploadThroughput: SLOW_BYTES, latency: 400 * 5 };
/** So many times slower than this machine. */
const SLOW_PROCESSOR = 4;

export class Device {
  #house;
  #watch;
  #isSlow = false;
  /** What was entered before the first tab. @type {Entering | undefined} */
  #entering;
  #isFresh = true;

  /**
   * @param {import("@playwright/test").BrowserContext} context
   * @param {import("./house.js").House} house
   * @param {import("./watch.js").Watch} watch
   */
  constructor(context, house, watch) {
    this.context = context;
    this.#house = house;
    this.#watch = watch;
  }

  /**
   * It came into this chat before its first tab.
   * @param {Invite} invite
   * @returns {Promise<string>} the seat
   */
  async hasEntered(invite) {
    this.#entering ??= new Entering(this.#house.api);
    return this.#entering.enters(invite);
  }

  async startPage() {
    return new StartPage(this, await this.#tab(this.#house.url));
  }

  /**
   * Opens this link, wherever it leads.
   * @param {Invite} invite
   */
  async opens({ link }) {
    return new Person(this, await this.#tab(link));
  }

  /** @param {string} path */
  async opensPath(path) {
    return new Person(this, await this.#tab(this.#house.url + path));
  }

  /**
   * Into the chat. What the page keeps can be handed to a browser before its first tab, and saves a third of
   * the time; later the page keeps it itself. Who walks in by link and code begins at the newest message, and
   * who comes back at the first that is new: a test in which much was said before says `walksIn`.
   * @param {Invite} invite
   */
  async comesIn(invite) {
    if (!this.#isFresh || this.#house.isSecure) return this.walksIn(invite);
    const seat = await this.hasEntered(invite);
    const person = await this.opensPath(`c#${encodeURIComponent(seat)}`);
    await person.isAtTheTable();
    return person;
  }

  /**
   * By link and code, into the chat, as people do.
   * @param {Invite} invite
   */
  async walksIn(invite) {
    const person = await this.opens(invite);
    await person.isGreeted(invite.name);
    await person.enters(invite.code);
    await person.isAtTheTable();
    return person;
  }

  /** From the next tab on: a line of "Slow 3G", and a processor that is four times slower. */
  hasASlowLine() {
    this.#isSlow = true;
  }

  async losesTheNetwork() {
    this.#watch.houseMayBeAway = true;
    await this.context.setOffline(true);
  }

  async findsTheNetwork() {
    await this.context.setOffline(false);
  }

  /** What was copied, as pasting tells it: on plain HTTP no page may read the clipboard. */
  async clipboard() {
    const tab = await this.#tab(`${this.#house.url}#new`);
    const field = tab.getByLabel("Your name");
    await field.focus();
    await tab.keyboard.press("ControlOrMeta+V");
    await expect(field).not.toHaveValue("");
    const pasted = await field.inputValue();
    await tab.close();
    return pasted;
  }

  /** @param {string} url */
  async #tab(url) {
    const page = await this.context.newPage();
    if (this.#isSlow) await this.#slow(page);
    this.#isFresh = false;
    await (this.#entering ? this.#entering.opens(page, url) : page.goto(url));
    this.#entering = undefined;
    return page;
  }

  /** @param {import("@playwright/test").Page} page */
  async #slow(page) {
    const tools = await this.context.newCDPSession(page);
    await tools.send("Network.emulateNetworkConditions", { offline: false, ...SLOW_LINE });
    await tools.send("Emulation.setCPUThrottlingRate", { rate: SLOW_PROCESSOR });
  }
}
