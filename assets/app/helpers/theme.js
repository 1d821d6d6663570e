// Light, dark, or as the device has it. Stateless.

/** Chromium colours its own frame by these. */
const FRAMES = { light: "#faf5ee", dark: "#1d1815" };

/** @param {string | undefined} theme */
export function applyTheme(theme) {
  document.documentElement.dataset.theme = theme ?? "auto";
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    if (!(meta instanceof HTMLMetaElement)) continue;
    const own = meta.media.includes("dark") ? FRAMES.dark : FRAMES.light;
    meta.content = theme === "light" ? FRAMES.light : theme === "dark" ? FRAMES.dark : own;
  }
}
