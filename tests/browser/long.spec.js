// Ten thousand messages scroll, and are written to, like ten.
import { test as base, expect } from "./journey.js";
import { Eye } from "./eye.js";
import { House } from "./house.js";
import { changeAll, expectSame, laidFromTheMiddle, laidLooks, newest } from "./many-changes.js";

/**
 * @typedef {import("./journey.js").Journey} Journey
 * @typedef {import("@playwright/test").PlaywrightWorkerArgs} WorkerParts
 * @typedef {{house: House, invites: Journey["invites"]}} LongChat
 */

const SAID = 10_000;
const ROWS_MAX = 120;
/** Less than a screen: something that was seen before is seen after it. */
const WHEEL_PX = 560;
const KEY_MS = 16;
/** So many turns load 12 pages of history. LONG=1 turns the wheel all the way: three minutes more. */
const TURNS = process.env.LONG ? Infinity : 100;
const ENOUGH_FAULTS = 5;
const WORDS = "the quick brown fox jumps over the lazy dog and then it rests";
const FIRST = "the first words";
const NEWEST = "the newest words";
const FAR_ABOVE = "Abhi says 4950";
/** What other tests look for. */
const KEPT = new Set([FIRST, NEWEST, FAR_ABOVE]);
/** Every second one of the newest is changed, and the wheel is turned over most of them. */
const CHANGED = 500;
const CHANGED_TURNS = 100;

const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{}, {longChat: LongChat}, Journey, WorkerParts>} */ ({
    // Made once: it takes longer than what is tested.
    longChat: [
      async ({ browser }, use) => {
        const house = await House.build("127.0.0.1", ["--messages-per-second", "100000"]);
        try {
          await house.open();
          const [anny, abhi] = await house.chat();
          const speaker = await house.guest(abhi);
          await speaker.says(FIRST);
          const page = await browser.newPage();
          await page.goto(house.url);
          await page.evaluate(sayMany, { invites: [anny, abhi], each: SAID / 2 - 1 });
          await page.close();
          await speaker.says(NEWEST);
          await use({ house, invites: { anny, abhi } });
        } finally {
          await house.demolish();
        }
      },
      { scope: "worker", timeout: 180_000 },
    ],

    house: async ({ longChat }, use) => use(longChat.house),
    invites: async ({ longChat }, use) => use(longChat.invites),
  }),
);

test("it opens at the newest, and little of it is on the page", async ({ device, invites }) => {
  const anny = await (await device()).walksIn(invites.anny);
  await anny.isShown(NEWEST);
  expect(await anny.page.locator(".messages > li").count()).toBeLessThanOrEqual(ROWS_MAX);
});

test("scrolling up never jumps while history is loaded", async ({ device, invites }) => {
  test.setTimeout(0); // Each step has its own deadline.
  const anny = await (await device()).walksIn(invites.anny);
  await anny.isShown(NEWEST);
  await anny.pointsAtTheMessages();
  const eye = new Eye(anny.page);
  await eye.opens();
  await eye.saw();
  const { rows, steps, most } = await turnsUp(anny, eye, TURNS);
  console.log(`${SAID} messages, ${steps} turns of the wheel: at most ${most} px, at most ${rows} rows`);
  expect(rows).toBeLessThanOrEqual(ROWS_MAX);
});

/**
 * Turns the wheel so often, or up to the beginning. What is read stays on the page, and moves no further.
 * @param {import("./person.js").Person} anny
 * @param {Eye} eye
 * @param {number} turns
 * @param {() => Promise<void>} [look] after each of them
 */
async function turnsUp(anny, eye, turns, look = async () => {}) {
  let [rows, steps, most] = [0, 0, 0];
  while (steps < turns && !(await anny.isAtTheBeginning())) {
    await anny.page.mouse.wheel(0, -WHEEL_PX);
    const sight = await eye.saw();
    steps += 1;
    rows = Math.max(rows, sight.rows);
    most = Math.max(most, sight.moved);
    expect.soft(sight.lost, `wheel ${steps}: nothing that was seen is there any more`).toBe(0);
    expect.soft(sight.back, `wheel ${steps}: what is read went up`).toBeLessThanOrEqual(1);
    expect.soft(sight.moved, `wheel ${steps}: what is read jumped down`).toBeLessThanOrEqual(WHEEL_PX + 1);
    await look();
    if (test.info().errors.length > ENOUGH_FAULTS) break;
  }
  return { rows, steps, most };
}

test("the End key goes to the newest from far above", async ({ device, invites }) => {
  const anny = await (await device()).walksIn(invites.anny);
  await anny.isShown(NEWEST);
  await anny.scrollsUpTo(FAR_ABOVE);
  await anny.pointsAtTheMessages();
  await anny.page.keyboard.press("End");
  await anny.isShown(NEWEST);
  await anny.isNoLongerTold("Jump to latest");
});

test("a key is written at once when everything is loaded", async ({ device, invites }) => {
  test.setTimeout(0); // Each step has its own deadline.
  const anny = await (await device()).walksIn(invites.anny);
  await anny.isShown(NEWEST);
  await anny.typesTheMessage("a");
  const few = middle(await new Eye(anny.page).timesTyping(WORDS));
  await anny.page.getByRole("textbox", { name: "Message" }).fill("");
  await anny.goesToTheBeginning();
  await anny.isShown(FIRST);
  await anny.taps("Jump to latest");
  await anny.isShown(NEWEST);
  await anny.typesTheMessage("a");
  const times = await new Eye(anny.page).timesTyping(WORDS);
  const median = middle(times);
  console.log(`a key with ${SAID} messages: median ${median.toFixed(1)} ms; with few: ${few.toFixed(1)} ms`);
  expect(times).toHaveLength(WORDS.length);
  // A picture's time, or on a machine that has other work not much more than with few messages.
  expect(median).toBeLessThan(Math.max(KEY_MS, 3 * few));
});

/** @param {number[]} times the shortest first */
function middle(times) {
  return times[Math.floor(times.length / 2)] ?? 0;
}

test("a person who reads far above is told of a new message and is not moved, and knows the day", async ({
  device,
  house,
  invites,
}) => {
  const abhi = await house.guest(invites.abhi);
  const anny = await (await device()).walksIn(invites.anny);
  await anny.isShown(NEWEST);
  await anny.pointsAtTheMessages();
  const eye = new Eye(anny.page);
  await eye.opens();
  for (let turn = 0; turn < 10; turn += 1) {
    await anny.page.mouse.wheel(0, -WHEEL_PX);
    await eye.saw();
  }
  await anny.isTold("Jump to latest");
  await expect(anny.page.locator(".day.floating-day")).toHaveText("Today");
  await abhi.says("and something new");
  await anny.isTold("1 new");
  const { moved, back, lost } = await eye.saw();
  expect(Math.max(Math.abs(moved), back), "pixels").toBeLessThan(1);
  expect(lost).toBe(0);
  await anny.taps("1 new");
  await anny.isShown("and something new");
});

test("500 of them change while a page is away, and then nothing jumps and all of it is true", async ({
  device,
  house,
  invites,
}) => {
  test.setTimeout(0); // Each step has its own deadline.
  const [abhi, elsewhere] = [await house.guest(invites.abhi), await house.guest(invites.anny)];
  const anny = await (await device()).walksIn(invites.anny);
  await anny.hasAGate();
  await anny.pointsAtTheMessages();
  const eye = new Eye(anny.page);
  await eye.opens();
  await turnsUp(anny, eye, 10);
  await anny.closesTheGate();
  await anny.isTold("No connection");

  const said = (await newest(abhi, 3 * CHANGED)).filter(({ text }) => text && !KEPT.has(text));
  const changed = said.filter((_, at) => at % 2 === 0).slice(0, CHANGED);
  const guestOf = (/** @type {string} */ participant) => (participant === "1" ? elsewhere : abhi);
  await changeAll(changed, guestOf);
  // What is in the middle stays laid, however high the others become.
  const nearest = await laidFromTheMiddle(anny.page);
  const unchanged = said.filter((message) => !changed.includes(message));
  const last = nearest.map((seq) => unchanged.find((message) => message.seq === seq)).find(Boolean);
  expect(last, "one in sight that was not changed").toBeDefined();
  if (!last) return;
  await guestOf(last.from).does("PATCH", `messages/${last.seq}`, { base: 0, text: "The last change" });
  await eye.saw();
  anny.opensTheGate();
  // After so long the page would wait for half a minute; a browser says when its network is back.
  await anny.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(anny.page.getByText("The last change")).toHaveCount(1);
  expect((await eye.saw()).lost).toBe(0);

  const messages = await newest(elsewhere, 3 * CHANGED);
  let oldest = Infinity;
  const compare = async () => {
    const looks = await laidLooks(anny.page);
    expectSame(looks, messages);
    oldest = Math.min(oldest, ...looks.keys());
  };
  await compare();
  await turnsUp(anny, eye, CHANGED_TURNS, compare);
  const passed = changed.filter(({ seq }) => seq >= oldest).length;
  console.log(`${changed.length} changed, and ${passed} of them were scrolled through`);
  expect(passed).toBeGreaterThan(CHANGED / 2);
});

/**
 * Two people say so many messages each, as fast as the house takes them.
 * @param {{invites: import("./house.js").Invite[], each: number}} what
 */
async function sayMany({ invites, each }) {
  const AT_ONCE = 60;
  await Promise.all(invites.map((invite) => sayAll(invite)));

  /** @param {import("./house.js").Invite} invite */
  async function sayAll({ name, link, code }) {
    const body = JSON.stringify({ token: link.split("#")[1], code });
    const headers = { "Content-Type": "application/json" };
    const { device, seat } = await (
      await fetch("api/v1/invites/enter", { method: "POST", headers, body })
    ).json();
    const socket = new WebSocket(new URL("api/v1/socket", location.href), "parlour.v1");
    let [sent, said] = [0, 0];
    const producer = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
    const say = () => {
      if (sent === each) return;
      sent += 1;
      const id = producer + sent.toString(16).padStart(16, "0");
      const text = `${name} says ${sent}${" and so on".repeat(sent % 7 === 0 ? sent % 30 : 0)}`;
      socket.send(JSON.stringify({ type: "chat-say", seat, id, text }));
    };
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", device }));
    await new Promise((resolve, reject) => {
      socket.onclose = reject;
      socket.onmessage = ({ data }) => {
        const { type } = JSON.parse(data);
        if (type === "welcome") for (let one = 0; one < AT_ONCE; one += 1) say();
        if (type === "refused") reject(new Error(data));
        if (type !== "chat-said") return;
        say();
        said += 1;
        if (said === each) resolve(undefined);
      };
    });
    socket.onclose = null;
    socket.close();
  }
}
