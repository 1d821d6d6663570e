// The page in another language.
import { expect } from "@playwright/test";

/**
 * As if this language had been chosen.
 * @param {import("@playwright/test").Page} page @param {string} language
 */
export async function speaks(page, language) {
  await page.evaluate((tag) => localStorage.setItem("parlour:/:preferences:language", tag), language);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expect(page.locator("h1")).toHaveText(/\S/);
}
