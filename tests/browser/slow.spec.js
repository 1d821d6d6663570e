// A slow line and a weak phone: what was said is there as soon as the house has said it.
import { test, expect } from "./journey.js";

const FIRST_MESSAGE_MS = 1_000;
const NEWEST = "the newest words";

test("on a slow line the newest message is seen within a second of the answer to the code", async ({
  device,
  house,
  invites,
}, info) => {
  test.slow();
  const abhi = await house.guest(invites.abhi);
  for (let number = 1; number < 25; number += 1) await abhi.says(`message ${number}`);
  await abhi.says(NEWEST);

  const phone = await device();
  phone.hasASlowLine();
  await phone.context.addInitScript(noteWhenSeen, NEWEST);
  const anny = await phone.opens(invites.anny);
  await anny.isGreeted("Anny");
  await anny.typesTheCode(invites.anny.code);
  await anny.taps("Open chat");
  await anny.isShown(NEWEST);

  const times = await (await anny.page.waitForFunction(() => Reflect.get(window, "seen"))).jsonValue();
  const { pressed, answered, seen } = /** @type {Times} */ (times);
  const told = `${ms(seen - answered)} after the answer, ${ms(seen - pressed)} after "Open chat"`;
  console.log(`slow line (${info.project.name}): the newest message was seen ${told}`);
  expect(answered).toBeGreaterThan(pressed);
  expect(seen - answered).toBeLessThanOrEqual(FIRST_MESSAGE_MS);

  await anny.isAtTheTable();
  await anny.says("I am here");
});

/** @typedef {{pressed: number, answered: number, seen: number}} Times */

/** @param {number} time */
function ms(time) {
  return `${Math.round(time)} ms`;
}

/**
 * Notes in the page when "Open chat" was pressed, when the answer was there, and when the text was painted.
 * @param {string} text
 */
function noteWhenSeen(text) {
  let [pressed, answered, seen] = [0, 0, 0];
  addEventListener("pointerdown", (event) => (pressed = event.timeStamp), true);
  new PerformanceObserver((list) => {
    const answer = list.getEntries().find(({ name }) => name.endsWith("/invites/enter"));
    if (answer instanceof PerformanceResourceTiming) answered = answer.responseEnd;
    note();
  }).observe({ type: "resource" });
  const isThere = () => {
    return [...document.querySelectorAll(".message .text")].some((one) => one.textContent === text);
  };
  const look = new MutationObserver(() => {
    if (!isThere()) return;
    look.disconnect();
    afterPaint(note);
  });
  look.observe(document, { childList: true, subtree: true });

  /** Whichever of the two comes last has both. */
  function note(now = seen) {
    seen = now;
    if (answered > 0 && seen > 0) Reflect.set(window, "seen", { pressed, answered, seen });
  }

  /** @param {(now: number) => void} then */
  function afterPaint(then) {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(performance.now());
    requestAnimationFrame(() => channel.port2.postMessage(""));
  }
}
