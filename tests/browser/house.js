// A real house: the real binary on a free port of this machine, with a data directory of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { on, once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BINARY = process.env.PARLOUR_BIN ?? "target/debug/parlour";
/** A line of its log. */
const OPEN = / INFO {2}parlour \S+ is open /;
const OPEN_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 6_000;

/**
 * What one of the two is given: `{"name":"Anny","link":"http://.../j#TOKEN","code":"K7QM-3XRP"}`.
 * @typedef {{name: string, link: string, code: string}} Invite
 */
/**
 * Something between browsers and the house, which leads to it.
 * @typedef {{readonly port: number, lead(port: number): void}} Front
 */

export class House {
  /** What the house wrote to its log, for the report of a test that failed. */
  log = "";
  #host;
  #port;
  #data;
  #settings;
  #front;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;

  /**
   * @param {string} host the name that browsers know the house by
   * @param {number} port
   * @param {string} data
   * @param {string[]} settings
   * @param {Front} [front]
   */
  constructor(host, port, data, settings, front) {
    this.#host = host;
    this.#port = port;
    this.#data = data;
    this.#settings = settings;
    this.#front = front;
    front?.lead(port);
  }

  /**
   * @param {string} host the name that browsers know the house by
   * @param {string[]} settings further flags
   * @param {Front} [front] what browsers come through, if it is not the house's own
   * @param {House} [pattern] a house that is closed, and whose chats this one has
   */
  static async build(host, settings = [], front = undefined, pattern = undefined) {
    const data = await mkdtemp(join(tmpdir(), "parlour-house-"));
    if (pattern) await cp(pattern.#data, data, { recursive: true });
    return new House(host, await freePort(), data, settings, front);
  }

  /** Where browsers find it, with `/` at the end. */
  get url() {
    return `${this.isSecure ? "https" : "http"}://${this.#host}:${this.#front?.port ?? this.#port}/`;
  }

  /**
   * The same invite where this house is.
   * @param {Invite} invite
   * @returns {Invite}
   */
  movesHere({ name, link, code }) {
    return { name, link: `${this.url}j${new URL(link).hash}`, code };
  }

  /** Where this machine finds its API, with `/` at the end: only browsers know its name. */
  get api() {
    return `http://127.0.0.1:${this.#port}/api/v1/`;
  }

  get isSecure() {
    return this.#settings.includes("--tls");
  }

  /** Starts it on the port and the data that it had before. */
  async open() {
    const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
    const settings = ["--data", this.#data, "--listen", `127.0.0.1:${this.#port}`, "--public-url", this.url];
    // Who comes from this machine by a public name came through something, and is not at home.
    const start = this.#settings.includes("--may-start") ? [] : ["--may-start", "anyone"];
    const words = [...settings, ...start, ...this.#settings];
    const running = spawn(BINARY, words, { stdio: ["ignore", "pipe", "pipe"], env: { PATH, HOME, TMPDIR } });
    running.stdout.on("data", (text) => (this.log += text));
    running.stderr.on("data", (text) => (this.log += text));
    running.on("error", (error) => (this.log += `${BINARY}: ${error.message}\n`));
    this.#process = running;
    if (!(await saysThatItIsOpen(running.stderr)))
      throw new Error(`the house did not open: ${BINARY}\n${this.log}`);
  }

  /** As a power cut would: no goodbye, nothing flushed. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** As a host would: sockets hear goodbye. */
  async stop() {
    await this.#end("SIGTERM");
  }

  async demolish() {
    await this.kill();
    await rm(this.#data, { recursive: true, force: true });
  }

  /**
   * Starts a chat without a browser, for what begins after the start page.
   * @param {string} one
   * @param {string} other
   * @returns {Promise<[Invite, Invite]>}
   */
  async chat(one = "Anny", other = "Abhi") {
    const answer = await this.#post("chats", { names: [one, other], idle: "1d" });
    return answer.invites;
  }

  /**
   * @param {string} title
   * @param {...string} names its admin first
   * @returns {Promise<Invite[]>}
   */
  async group(title, ...names) {
    const answer = await this.#post("chats", { title, names, idle: "1d" });
    return answer.invites;
  }

  /**
   * A chat whose first code holds this character. Codes are random: about one in five holds a given one,
   * so that 200 chats without it are a fault.
   * @param {string} character
   */
  async chatWithCodeHolding(character) {
    for (let tries = 0; tries < 200; tries += 1) {
      const invites = await this.chat();
      if (invites[0].code.includes(character)) return invites;
    }
    throw new Error(`200 chats, and no code with ${character}`);
  }

  /**
   * One wrong code on this invite, from somewhere else.
   * @param {Invite} invite
   */
  async guesses(invite) {
    const code = invite.code === "0000-0000" ? "1111-1111" : "0000-0000";
    const answer = await this.#ask("invites/enter", { token: tokenOf(invite), code });
    if (![401, 429].includes(answer.status))
      throw new Error(`a wrong code was answered with ${answer.status}`);
  }

  /**
   * A person without a browser, for many messages at once.
   * @param {Invite} invite
   */
  async guest(invite) {
    const question = { token: tokenOf(invite), code: invite.code };
    const { device, seat, chat } = await this.#post("invites/enter", question);
    return {
      /** What was said before. @type {{id: string, text: string}[]} */
      found: chat.messages,
      /** @param {string} text @param {string} [id] */
      says: (text, id = `${randomBytes(8).toString("hex")}0000000000000001`) =>
        this.#post(`seats/${seat}/messages`, { id, text }, device),
      /** @param {string} method @param {string} path below the seat @param {unknown} [body] */
      does: (method, path, body) => this.#do(method, `seats/${seat}/${path}`, device, body),
    };
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {string} [device]
   */
  async #post(path, body, device) {
    const answer = await this.#ask(path, body, device);
    const told = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${told}`);
    return JSON.parse(told);
  }

  /** @param {string} method @param {string} path @param {string} device @param {unknown} body */
  async #do(method, path, device, body) {
    const answer = await this.#ask(path, body, device, method);
    const told = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${told}`);
    return told ? JSON.parse(told) : undefined;
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {string} [device]
   * @param {string} [method]
   */
  #ask(path, body, device, method = "POST") {
    /** @type {Record<string, string>} */
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    if (device) headers.Authorization = `Bearer ${device}`;
    return fetch(this.api + path, { method, headers, body: JSON.stringify(body) });
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const running = this.#process;
    if (!running?.pid || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    const inTime = once(running, "exit", { signal: AbortSignal.timeout(STOP_DEADLINE_MS) });
    running.kill(signal);
    await inTime.catch(() => running.kill("SIGKILL"));
    await exited;
  }
}

/**
 * Whether the house says so before it closes its log, and in time.
 * @param {import("node:stream").Readable} log
 */
async function saysThatItIsOpen(log) {
  const signal = AbortSignal.timeout(OPEN_DEADLINE_MS);
  let said = "";
  try {
    for await (const [text] of on(log, "data", { signal, close: ["end"] })) {
      said += text;
      if (OPEN.test(said)) return true;
    }
  } catch {
    // It took too long.
  }
  return false;
}

/** @param {Invite} invite */
function tokenOf({ link }) {
  return link.slice(link.indexOf("#") + 1);
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  probe.close();
  await once(probe, "close");
  return address.port;
}
