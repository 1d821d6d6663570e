// The journeys on a phone and on a desktop. `npm run browser -- chat.spec.js --project=phone` runs a part,
// and TRACE=1 before it keeps a trace of what fails.
import { defineConfig } from "@playwright/test";
import { DESKTOP, PHONE, browser } from "./screens.js";

const inCi = Boolean(process.env.CI);

/**
 * What is the same on every screen is tried on one of them: CI has 25 minutes. The desktop is the one with a
 * secure context, which service workers need.
 */
const ON_ONE_SCREEN = [
  "alerts",
  "changes",
  "chats",
  "columns",
  "days",
  "devices",
  "forms",
  "links",
  "long",
  "messages",
  "network",
  "notifications",
  "offline",
  "proxy",
  "script",
  "seats",
  "settings",
  "slow",
  "timer",
  "trust",
  "wipe",
  "words",
  "worker",
].map((spec) => `${spec}.spec.js`);

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
    // How people reach the page who cannot see, hear or touch is tried on one screen, made narrow there.
    { name: "phone", use: PHONE, testIgnore: ["reach/**", ...ON_ONE_SCREEN.map((spec) => `**/${spec}`)] },
    { name: "desktop", use: DESKTOP },
  ],
});
