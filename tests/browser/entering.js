// The way into a chat without a browser: the page's own models ask the house, and what the page would keep of
// it is handed to the browser before its first tab. For every test that begins in the chat; the way in that
// people take has tests of its own (enter, forms, links, start, back).
import { Api } from "../../assets/app/models/api.js";
import { enter } from "../../assets/app/models/enter.js";
import { Seats } from "../../assets/app/models/seats.js";

export class Entering {
  /** As web storage keeps it. @type {Map<string, string>} */
  #kept = new Map();
  #seats = new Seats(
    {
      getItem: (key) => this.#kept.get(key) ?? null,
      setItem: (key, value) => void this.#kept.set(key, value),
      removeItem: (key) => void this.#kept.delete(key),
    },
    "/",
  );
  #api;

  /** @param {string} base of the house's API, as this machine reaches it */
  constructor(base) {
    this.#api = new Api({
      base,
      device: () => this.#seats.device,
      fetch: (address, request) => fetch(address, request),
      after: () => () => {},
    });
  }

  /** The secret that the house gave. */
  get device() {
    return this.#seats.device;
  }

  /**
   * @param {import("./house.js").Invite} invite
   * @returns {Promise<string>} the seat
   */
  async enters({ link, code }) {
    const token = link.slice(link.indexOf("#") + 1);
    return (await enter(this.#api, this.#seats, token, code)).seat;
  }

  /**
   * What the browser kept if the page had done this.
   * @param {import("@playwright/test").Page} page that was opened and leads nowhere yet
   * @param {string} url
   */
  async opens(page, url) {
    const kept = [...this.#kept];
    const handing = await page.addInitScript((rows) => {
      for (const [key, value] of rows) localStorage.setItem(key, value);
    }, kept);
    await page.goto(url);
    await handing.dispose();
  }
}
