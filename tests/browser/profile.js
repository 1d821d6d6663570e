// A browser of one's own: its profile is a real directory, in whose files can be looked for what stays.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { chromium } from "@playwright/test";
import { DESKTOP, WHOLE, browser } from "./screens.js";

const { viewport } = DESKTOP;
/** What is told of a find: enough to know which of the words it was. */
const TOLD_BYTES = 48;

export class Profile {
  #folder;
  /** @type {import("@playwright/test").BrowserContext | undefined} */
  #context;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  static async make() {
    return new Profile(await mkdtemp(join(tmpdir(), "parlour-profile-")));
  }

  /** Starts the browser on what it kept the last time. */
  async open() {
    const options = { ...browser, ...WHOLE, viewport, permissions: ["notifications"] };
    this.#context = await chromium.launchPersistentContext(this.#folder, options);
    return this.#context;
  }

  /** What browsers do within half a minute. */
  async collectsGarbage() {
    for (const page of this.#context?.pages() ?? []) {
      const tools = await page.context().newCDPSession(page);
      await tools.send("HeapProfiler.collectGarbage");
      await tools.detach();
    }
  }

  async close() {
    await this.#context?.close();
    this.#context = undefined;
  }

  async remove() {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /**
   * Where one of these words stands in the browser's files, and with what behind it.
   * @param {string[]} words
   * @returns {Promise<string[]>}
   */
  async holds(...words) {
    const needles = words.flatMap(writings);
    /** @type {string[]} */
    const finds = [];
    for (const file of await this.#files()) {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0));
      const places = needles.flatMap((needle) => placesOf(needle, bytes));
      finds.push(...places.map((at) => `${relative(this.#folder, file)}: ${told(bytes, at)}`));
    }
    return finds;
  }

  /** What has come and gone since is no fault: browsers go on writing. */
  async #files() {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }
}

/** How a browser may have written a word. @param {string} word */
function writings(word) {
  return [Buffer.from(word), Buffer.from(word, "utf16le"), Buffer.from(word, "utf16le").swap16()];
}

/** @param {Buffer} needle @param {Buffer} bytes */
function placesOf(needle, bytes) {
  /** @type {number[]} */
  const places = [];
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) places.push(at);
  return places;
}

/** @param {Buffer} bytes @param {number} at */
function told(bytes, at) {
  return bytes.toString("latin1", at, at + TOLD_BYTES).replace(/[^ -~]/g, "");
}
