// A house that makes its own certificate: how a device is told to trust it, and two people who talk by it.
import { expect, test } from "./journey.js";
import { breaches } from "./reach/axe.js";
import { misfits } from "./reach/fit.js";
import { browser } from "./screens.js";

const SCREENS = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const LANGUAGES = ["en", "de", "es", "fr", "hi"];
const { executablePath, args } = browser.launchOptions;

// As if each device had been told already: also the service worker must load.
test.use({ launchOptions: { executablePath, args: [...args, "--ignore-certificate-errors"] } });
test.use({ settings: ["--tls", "self-signed"], host: "127.0.0.1" });

for (const language of LANGUAGES) {
  test(`the page that says how can be read, reached and touched in ${language}`, async ({ device }) => {
    const { page } = await (await device()).opensPath(`trust?language=${language}`);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    for (const summary of await page.locator("summary").all()) await summary.click();
    for (const size of SCREENS) {
      await page.setViewportSize(size);
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        const faults = [...(await misfits(page)), ...(await breaches(page, "every rule"))];
        expect(faults, `${size.width} ${colorScheme}`).toEqual([]);
      }
    }
  });
}

test("the fingerprint is the one that the house has printed", async ({ device, house }) => {
  const { page } = await (await device()).opensPath("trust");
  const shown = (await page.locator(".fingerprint .part").allInnerTexts()).join(":");
  expect(shown).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(house.log).toContain(shown);
});

test("two people talk by it, as in a secure context", async ({ device }) => {
  const start = await (await device()).startPage();
  const [mine, theirs] = await start.makes("Anny", "Abhi");
  const anny = await (await device()).comesIn(mine);
  const abhi = await (await device()).comesIn(theirs);
  await anny.says("Nobody reads along");
  await abhi.hears("Nobody reads along");
  expect(await anny.page.evaluate(() => isSecureContext && location.protocol)).toBe("https:");
});
