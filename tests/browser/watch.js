// Watches every page of a test for what must never happen: an error on the console, a violation of the
// content security policy, a request that leaves the house.

/** Answers that are part of a journey. The browser writes each to the console by itself. */
const REFUSED =
  /^Failed to load resource: the server responded with a status of (401|404|409|410|422|423|429) /;
/** What the browser writes by itself when the house is away. */
const NO_LINE = /net::ERR_(CONNECTION|EMPTY_RESPONSE|INTERNET|SOCKET)|^WebSocket connection to .* failed/;
const AWAY = new RegExp(`status of (403|502) |${NO_LINE.source}`);

/** A part of the script that is loaded later, for which the service worker asked in vain. */
const LATER = /net::ERR_FAILED .*\/assets\/app\//;

/** @typedef {import("@playwright/test").Page} Page */

export class Watch {
  /** What was seen and should not have been. @type {string[]} */
  faults = [];
  /** Whether the house may be unreachable in this test. */
  houseMayBeAway = false;
  /** The addresses in the house that pages asked for. @type {Set<string>} */
  asked = new Set();
  /** The types of frames that the house told each page. @type {Map<Page, string[]>} */
  #told = new Map();
  #origin;

  /** @param {string} url where the house is */
  constructor(url) {
    this.#origin = new URL(url).origin;
  }

  /** @param {import("@playwright/test").BrowserContext} context */
  async over(context) {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(
          `policy: ${event.violatedDirective} refused ${event.blockedURI} in ${event.sourceFile}`,
        );
      });
    });
    context.on("page", (page) => this.#watch(page));
  }

  /**
   * How often the house told a page something of this type.
   * @param {Page} page
   * @param {string} type
   */
  timesTold(page, type) {
    return (this.#told.get(page) ?? []).filter((told) => told === type).length;
  }

  /** @param {Page} page */
  #watch(page) {
    page.on("pageerror", (error) => this.faults.push(`thrown: ${error.stack || String(error)}`));
    page.on("crash", () => this.faults.push("the page crashed"));
    page.on("console", (message) => this.#heard(message));
    page.on("request", (request) => this.#left(request.url()));
    page.on("websocket", (socket) => this.#listen(page, socket));
  }

  /** @param {Page} page @param {import("@playwright/test").WebSocket} socket */
  #listen(page, socket) {
    this.#left(socket.url().replace(/^ws/, "http"));
    socket.on("framereceived", ({ payload }) => {
      const told = this.#told.get(page) ?? [];
      told.push(JSON.parse(String(payload)).type);
      this.#told.set(page, told);
    });
  }

  /** @param {import("@playwright/test").ConsoleMessage} message */
  #heard(message) {
    const grave = message.type() === "error" || message.type() === "warning";
    const { url, lineNumber } = message.location();
    const said = `${message.text()} (${url}:${lineNumber})`;
    if (!grave || REFUSED.test(said)) return;
    if (this.houseMayBeAway && (AWAY.test(said) || LATER.test(said))) return;
    this.faults.push(`console: ${said}`);
  }

  /** @param {string} url */
  #left(url) {
    const { origin, protocol, pathname, search } = new URL(url);
    if (origin === this.#origin) return void this.asked.add(pathname + search);
    if (protocol === "data:" || protocol === "blob:" || protocol === "about:") return;
    this.faults.push(`a request left the house: ${url}`);
  }
}
