// The browser, and the two screens that the journeys are walked on.

// Chromium resolves this name to this machine. Unlike 127.0.0.1 it is no secure context: it is what a phone
// at home gets from http://192.168.1.20:8080, without clipboard, notifications and service workers.
export const PLAIN_HTTP_HOST = "parlour.test";

const asRoot = process.getuid?.() === 0;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const args = [
  ...(asRoot ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${PLAIN_HTTP_HOST} 127.0.0.1`,
];

/** Chromium as people have it, with its windows and its profile. */
export const WHOLE = { executablePath: CHROMIUM, args };

export const browser = {
  locale: "en-GB",
  timezoneId: "Europe/Berlin",
  // Chromium without its windows, where there is such a one: the same engine in half of the time.
  launchOptions: { executablePath: process.env.CHROMIUM_SHELL ?? CHROMIUM, args },
};

/** A phone on plain HTTP in the home network. */
export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  host: PLAIN_HTTP_HOST,
};

/** A desktop in a secure context. */
export const DESKTOP = { viewport: { width: 1280, height: 800 }, host: "127.0.0.1" };

/** A browser in whose settings the text is twice as large. */
export const LARGE_TEXT = {
  launchOptions: {
    ...browser.launchOptions,
    args: [...args, "--blink-settings=defaultFontSize=32"],
  },
};

/** What a narrow phone leaves over its keyboard. */
export const OVER_A_KEYBOARD = { width: 360, height: 340 };

/** What a phone on its side leaves over its keyboard. */
export const ON_ITS_SIDE = { width: 740, height: 180 };
