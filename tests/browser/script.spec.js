// A script that does not come, comes late, fails, or runs in an older browser: nobody sits before an empty
// page.
import { test, expect } from "./journey.js";

const SCRIPT = /\/assets\/app\//;
const LATE = "This page is taking long";

test.beforeEach(({ watch }) => {
  watch.houseMayBeAway = true;
});

for (const [what, path] of [
  ["the start page", ""],
  ["the page of a link", "j"],
]) {
  test(`without its script ${what} says so by itself after a while`, async ({ device }) => {
    const browser = await device();
    await browser.context.route(SCRIPT, (route) => route.abort("connectionfailed"));
    const { page } = await browser.opensPath(String(path));
    const late = page.getByText(LATE);
    await expect(late).toBeHidden();
    expect(await page.evaluate(putForward)).toBeGreaterThan(10_000);
    await expect(late).toBeVisible();
  });
}

test("without its words the page says one thing, and that is all", async ({ device, watch }) => {
  const browser = await device();
  await browser.context.route(/\/words\//, (route) => route.abort("connectionfailed"));
  const { page } = await browser.opensPath("");
  await expect(page.getByText("This house cannot be reached")).toBeVisible();
  await page.evaluate(putForward);
  await expect(page.getByText(LATE)).toBeHidden();
  watch.faults = watch.faults.filter((fault) => !fault.includes("Failed to fetch"));
});

test("where the script came, that sentence is gone", async ({ device }) => {
  const { page } = await (await device()).startPage();
  await expect(page.getByText(LATE)).toHaveCount(0);
});

test("the field for the code takes keys before the script is there, and keeps them", async ({
  device,
  invites,
}) => {
  const browser = await device();
  let come = () => {};
  const held = new Promise((resolve) => {
    come = () => resolve(undefined);
  });
  await browser.context.route(SCRIPT, async (route) => {
    await held;
    await route.continue();
  });
  await browser.context.addInitScript(noteShifts);
  const page = await browser.context.newPage();
  await page.goto(invites.anny.link, { waitUntil: "commit" });
  await page.getByLabel("Secret code").click();
  await page.keyboard.type(invites.anny.code.slice(0, 4));
  come();
  await expect(page.getByRole("heading", { name: "Hello Anny" })).toBeVisible();
  await expect(page.getByLabel("Secret code")).toBeFocused();
  await page.keyboard.type(invites.anny.code.slice(4));
  await expect(page.getByLabel("Secret code")).toHaveValue(invites.anny.code);
  // Letters in the middle of a field move by what the next one is wide.
  expect(await page.evaluate(() => Reflect.get(window, "shift")), "nothing jumps").toBeLessThan(0.005);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
});

test("an error that nothing caught is told, with what to do", async ({ device, invites, watch }) => {
  const anny = await (await device()).walksIn(invites.anny);
  const script = anny.page.locator("script[src]").first();
  const asset = await script.evaluate((one) => Reflect.get(one, "src"));
  await anny.page.evaluate((filename) => {
    dispatchEvent(new ErrorEvent("error", { error: new Error("made up"), filename }));
    dispatchEvent(new ErrorEvent("error", { error: new Error("of an extension"), filename: "x://y/z.js" }));
  }, asset);
  await anny.isTold("Something on this page went wrong. Reload it. What you wrote is kept.");
  await expect(anny.page.locator(".fault")).toHaveCount(1);
  await anny.says("it goes on");
  await anny.taps("Reload");
  await anny.isIn("Abhi");
  await anny.isNoLongerTold("Something on this page went wrong");
  watch.faults = watch.faults.filter((fault) => !/made up|of an extension/.test(fault));
});

test("a browser without lists, relative days and names of languages opens the chat", async ({
  device,
  invites,
}) => {
  const browser = await device();
  await browser.context.addInitScript(() => {
    for (const name of ["ListFormat", "RelativeTimeFormat", "DisplayNames", "Segmenter"])
      Reflect.deleteProperty(Intl, name);
    for (const name of ["BroadcastChannel"]) Reflect.deleteProperty(window, name);
  });
  const anny = await browser.comesIn(invites.anny);
  await anny.isIn("Abhi");
  await anny.says("hello");
  await anny.reloads();
  await anny.sees("hello");
});

/** What comes by itself comes now; how long it would have taken. */
function putForward() {
  const [one] = document.getAnimations();
  const delay = Number(one?.effect?.getTiming().delay ?? 0);
  one?.finish();
  return delay;
}

/** Sums up how much moved, as browsers measure it. */
function noteShifts() {
  Reflect.set(window, "shift", 0);
  new PerformanceObserver((list) => {
    const moved = list.getEntries().reduce((sum, entry) => sum + Number(Reflect.get(entry, "value")), 0);
    Reflect.set(window, "shift", Number(Reflect.get(window, "shift")) + moved);
  }).observe({ type: "layout-shift", buffered: true });
}
