// One catalogue a language, and the page speaks the browser's.
import { readFile } from "node:fs/promises";
import { expect, test } from "./journey.js";

for (const [locale, language] of /** @type {[string, string][]} */ ([
  ["de-AT", "de"],
  ["es-MX", "es"],
  ["fr-FR", "fr"],
  ["hi-IN", "hi"],
  ["pt-BR", "en"],
])) {
  test(`a browser that asks for ${locale} reads ${language}`, async ({ device, invites }) => {
    const words = JSON.parse(
      await readFile(new URL(`../../assets/words/${language}.json`, import.meta.url), "utf8"),
    );
    const browser = await device({ locale });
    const { page } = await browser.startPage();
    await expect(page.getByRole("button", { name: words["start.go"], exact: true })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    const door = await browser.opens(invites.anny);
    await expect(door.page.getByRole("button", { name: words["join.go"], exact: true })).toBeVisible();
  });
}
