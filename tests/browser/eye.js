// What somebody's eyes see while a long conversation moves under them: whether it jumps, how much of it
// is laid, and how long the page is busy with one stroke of a key.

/**
 * - moved: how far what was seen went down, in pixels, by the rows that stayed on the page
 * - back: how far it ever went the other way between two pictures
 * - lost: pictures that had no row in common with the one before
 * - rows: the most rows that were ever on the page
 * @typedef {{moved: number, back: number, lost: number, rows: number}} Sight
 */

export class Eye {
  #page;

  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** Looks at every picture from now on. */
  async opens() {
    await this.#page.evaluate(lookAtEveryPicture);
  }

  /** What was seen since the last time, as soon as nothing moves any more. @returns {Promise<Sight>} */
  async saw() {
    return this.#page.evaluate(() => Reflect.get(window, "sawUntilNow")());
  }

  /**
   * Types letter by letter.
   * @param {string} text
   * @returns {Promise<number[]>} how long the page was busy with each, in milliseconds, the shortest first
   */
  async timesTyping(text) {
    await this.#page.evaluate(timeKeys);
    for (const letter of text) {
      await this.#page.keyboard.press(letter === " " ? "Space" : letter);
      await this.#page.evaluate(() => Reflect.get(window, "keyIsDone")());
    }
    const times = await this.#page.evaluate(() => /** @type {number[]} */ (Reflect.get(window, "keyTimes")));
    return times.sort((one, other) => one - other);
  }
}

function lookAtEveryPicture() {
  const STILL_PICTURES = 3;
  const list = document.querySelector(".messages");
  const scroller = list?.parentElement;
  if (!list || !scroller) throw new Error("no messages");
  const channel = new MessageChannel();
  const nothing = { moved: 0, back: 0, lost: 0, rows: 0 };
  let sight = { ...nothing };
  let still = 0;
  /** Rows that were before the eyes, the one in the middle first. @type {[string, number][]} */
  let before = [];

  const laid = () =>
    [...list.querySelectorAll("[data-seq]")].map((row) => {
      return { key: row.getAttribute("data-seq") ?? "", place: row.getBoundingClientRect() };
    });

  /** @param {ReturnType<typeof laid>} rows @returns {[string, number][]} */
  const beforeTheEyes = (rows) => {
    const { top, bottom } = scroller.getBoundingClientRect();
    const fromMiddle = (/** @type {DOMRect} */ place) => Math.abs(place.top - (top + bottom) / 2);
    const seen = rows.filter(({ place }) => place.bottom > top && place.top < bottom);
    seen.sort((one, other) => fromMiddle(one.place) - fromMiddle(other.place));
    return seen.map(({ key, place }) => [key, place.top]);
  };

  // A task behind the picture: everything is laid out, and nothing has moved since.
  channel.port1.onmessage = () => {
    const rows = laid();
    const now = new Map(rows.map(({ key, place }) => [key, place.top]));
    const [key, was] = before.find(([one]) => now.has(one)) ?? ["", 0];
    const step = key ? (now.get(key) ?? 0) - was : 0;
    if (!key && before.length > 0) sight.lost += 1;
    sight.moved += step;
    sight.back = Math.max(sight.back, -step);
    sight.rows = Math.max(sight.rows, list.childElementCount);
    still = Math.abs(step) < 0.5 ? still + 1 : 0;
    before = beforeTheEyes(rows);
    requestAnimationFrame(() => channel.port2.postMessage(""));
  };
  channel.port2.postMessage("");

  /** @returns {Promise<void>} */
  const nextPicture = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => resolve());
    });
  Reflect.set(window, "sawUntilNow", async () => {
    still = 0;
    while (still < STILL_PICTURES) await nextPicture();
    const seen = sight;
    sight = { ...nothing };
    return seen;
  });
}

/** From the key to the end of its handlers and their layout, and the next picture: not the wait between. */
function timeKeys() {
  /** @type {number[]} */
  const times = [];
  const channel = new MessageChannel();
  let [pressedAt, handled, pictureAt, isDone] = [0, 0, 0, true];
  Reflect.set(window, "keyTimes", times);
  /** @returns {Promise<void>} */
  const nextPicture = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => resolve());
    });
  Reflect.set(window, "keyIsDone", async () => {
    while (!isDone) await nextPicture();
  });
  addEventListener("keydown", () => ([pressedAt, isDone] = [performance.now(), false]), true);
  addEventListener("input", () => {
    document.body.getBoundingClientRect();
    handled = performance.now() - pressedAt;
    requestAnimationFrame(() => {
      pictureAt = performance.now();
      channel.port2.postMessage("");
    });
  });
  channel.port1.onmessage = () => {
    times.push(handled + performance.now() - pictureAt);
    isDone = true;
  };
}
