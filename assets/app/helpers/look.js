// Light, dark, or as the device has it. Stateless: the taste is kept by Taste.
import { taste } from "./home.js";

/** Chromium colours its own frame by these. */
const FRAMES = { light: "#faf5ee", dark: "#1d1815" };

export function showLook() {
  const { look } = taste;
  document.documentElement.dataset.look = look ?? "auto";
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    if (!(meta instanceof HTMLMetaElement)) continue;
    const own = meta.media.includes("dark") ? FRAMES.dark : FRAMES.light;
    meta.content = look === "light" ? FRAMES.light : look === "dark" ? FRAMES.dark : own;
  }
}
