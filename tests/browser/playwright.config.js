// The journeys on a phone and on a desktop. `npm run browser -- talk.spec.js --project=phone` runs a part,
// and TRACE=1 before it keeps a trace of what fails.
import { defineConfig } from "@playwright/test";
import { DESKTOP, PHONE, browser } from "./screens.js";

const inCi = Boolean(process.env.CI);

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.js",
  outputDir: "out/results",
  fullyParallel: true,
  forbidOnly: inCi,
  retries: 0,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    ...browser,
    actionTimeout: 15_000,
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
  },
  projects: [
    // Whoever cannot see, hear or touch as others do is looked after on one screen, made narrow there.
    { name: "phone", use: PHONE, testIgnore: "reach/**" },
    { name: "desktop", use: DESKTOP },
  ],
});
