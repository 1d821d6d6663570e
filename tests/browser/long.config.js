// `tests/long proxies` and `tests/long slow`: the page behind real proxies, and on a slow line.
import { defineConfig } from "@playwright/test";
import { DESKTOP, browser } from "./screens.js";

export default defineConfig({
  testMatch: "**/*.real.js",
  outputDir: "out/results",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: { ...browser, actionTimeout: 30_000 },
  projects: [{ name: "desktop", use: DESKTOP }],
});
