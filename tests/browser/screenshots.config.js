// `npm run screenshots`: every state of the page, on phone and desktop, light and dark, into out/screenshots.
import { defineConfig } from "@playwright/test";
import { DESKTOP, PHONE, browser } from "./screens.js";

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
  ],
});
