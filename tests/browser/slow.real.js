// What somebody with a slow line and a weak phone waits for: told in figures, and bounded.
//
// Apart from tests/run, because bounds of time need a machine that does nothing else.
import { test, expect } from "./journey.js";
import { PHONE } from "./screens.js";

const SOMETHING_TO_READ_MS = 2_500;
const FIELD_TAKES_KEYS_MS = 5_000;

test.use(PHONE);

test("there is something to read, and the field takes keys, long before the page is complete", async ({
  device,
  invites,
}) => {
  test.slow();
  const phone = await device();
  phone.hasASlowLine();
  await phone.context.addInitScript(noteTheFirstKey);
  const anny = await phone.opens(invites.anny);
  const { page } = anny;
  await expect.poll(() => page.evaluate(() => Reflect.get(window, "read") ?? 0)).toBeGreaterThan(0);
  const read = Number(await page.evaluate(() => Reflect.get(window, "read")));
  const takesKeys = Number(await page.evaluate(() => Reflect.get(window, "takesKeys")));

  await anny.isGreeted("Anny");
  const greeted = await page.evaluate(() => performance.now());
  await anny.typesTheCode(invites.anny.code);
  await anny.taps("Open chat");
  await anny.isAtTheTable();
  const inside = await page.evaluate(() => performance.now());
  await anny.says("I am here");
  const said = await page.evaluate(() => performance.now());

  const told = { read, takesKeys, greeted, inside, said };
  const figures = Object.entries(told).map(([what, at]) => `${what} ${Math.round(at)} ms`);
  console.log(`slow line, from the opened link: ${figures.join(", ")}`);
  expect(read).toBeLessThanOrEqual(SOMETHING_TO_READ_MS);
  expect(takesKeys).toBeLessThanOrEqual(FIELD_TAKES_KEYS_MS);
});

/** Notes in the page when something was painted first, and when the field for the code took keys. */
function noteTheFirstKey() {
  new PerformanceObserver((list) => {
    const paint = list.getEntries().find(({ name }) => name === "first-contentful-paint");
    if (paint) Reflect.set(window, "read", paint.startTime);
  }).observe({ type: "paint", buffered: true });
  const look = () => {
    const field = document.querySelector("input.code");
    const isField = field instanceof HTMLInputElement;
    const canBeWrittenIn = isField && !field.disabled && field.checkVisibility();
    if (!canBeWrittenIn) return requestAnimationFrame(look);
    return Reflect.set(window, "takesKeys", performance.now());
  };
  look();
}
