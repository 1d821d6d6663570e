// How much a person has to do before the first message is said.
import { test, expect } from "./journey.js";

const TAPS_MAX = 3;

test("from the opened link to the first message that stands as sent: at most three taps", async ({
  device,
  invites,
}, info) => {
  const browser = await device();
  await browser.context.addInitScript(countTaps);
  const begun = Date.now();
  const anny = await browser.opens(invites.anny);
  await anny.isGreeted("Anny");
  await anny.typesTheCode(invites.anny.code);
  await anny.taps("Open chat");
  await anny.isAtTheTable();
  await anny.typesTheMessage("hi");
  await anny.taps("Send");
  await anny.isMarked("hi", "Sent");
  const seconds = (Date.now() - begun) / 1000;
  const taps = await anny.page.evaluate(() => Number(Reflect.get(window, "taps")));
  console.log(`first message sent (${info.project.name}): ${taps} taps, ${seconds.toFixed(1)} s`);
  expect(taps).toBeGreaterThan(0);
  expect(taps).toBeLessThanOrEqual(TAPS_MAX);
});

/** Fingers and mouse buttons that go down, counted by the page. */
function countTaps() {
  let taps = 0;
  addEventListener("pointerdown", () => Reflect.set(window, "taps", (taps += 1)), true);
}
