// `npm run screenshots`: every state of the page into out/screenshots: on phone and desktop, light and dark;
// on narrow phones whose text is twice as large; and on a phone on its side with its keyboard up.
import { defineConfig } from "@playwright/test";
import { DESKTOP, LARGE_TEXT, ON_ITS_SIDE, OVER_A_KEYBOARD, PHONE, browser } from "./screens.js";

/** A phone of this width whose browser writes 32 px where others write 16. @param {number} width */
const large = (width) => ({
  name: `large-text-${width}`,
  use: { ...PHONE, ...LARGE_TEXT },
  metadata: { size: { width, height: 640 } },
});

export default defineConfig({
  testDir: ".",
  testMatch: "screenshots.js",
  outputDir: "out/results",
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: { ...browser, actionTimeout: 10_000 },
  projects: [
    { name: "phone-light", use: { ...PHONE, colorScheme: "light" } },
    { name: "phone-dark", use: { ...PHONE, colorScheme: "dark" } },
    { name: "desktop-light", use: { ...DESKTOP, colorScheme: "light" } },
    { name: "desktop-dark", use: { ...DESKTOP, colorScheme: "dark" } },
    large(320),
    large(360),
    { name: "large-text-keyboard", use: { ...PHONE, ...LARGE_TEXT }, metadata: { size: OVER_A_KEYBOARD } },
    { name: "on-its-side", use: PHONE, metadata: { size: ON_ITS_SIDE } },
  ],
});
