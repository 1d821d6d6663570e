// A real nginx or Caddy between the browsers and the house, with the configuration that is packaged, or with
// one that forgets what people forget.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DEADLINE_MS = 15_000;
const PACKAGED = new URL("../../../packaging/proxy/", import.meta.url);

/**
 * How a program is told where it listens and where the house does.
 * @typedef {{file: string, words: (file: string, dir: string) => string[], program: string,
 *   settings: (port: number, house: number, dir: string) => Promise<string>}} Kind
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  "nginx, as it is packaged": nginx(async (port, house) => {
    const packaged = await readFile(new URL("nginx.conf", PACKAGED), "utf8");
    return packaged
      .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
      .replace(/^ *(listen \[::\]|ssl_).*\n/gm, "")
      .replace(/server_name .*/, "server_name localhost;")
      .replace("location /parlour/ {", "location / {")
      .replace(/ *location = \/parlour \{[^}]*\}\n/, "")
      .replace("http://127.0.0.1:8080", `http://127.0.0.1:${house}`);
  }),
  "Caddy, as it is packaged": {
    program: "caddy",
    file: "Caddyfile",
    words: (file) => ["run", "--config", file, "--adapter", "caddyfile"],
    settings: async (port, house) => {
      const packaged = await readFile(new URL("Caddyfile", PACKAGED), "utf8");
      const site = packaged
        .replace("home.example {", `http://127.0.0.1:${port} {`)
        .replace("handle /parlour* {", "handle {")
        .replaceAll("127.0.0.1:8080", `127.0.0.1:${house}`);
      return `{\n\tadmin off\n\tauto_https off\n}\n${site}`;
    },
  },
  "nginx that passes nothing on": nginx(async (port, house) => server(port, house, "")),
  "nginx that passes no upgrade on": nginx(async (port, house) =>
    server(port, house, "proxy_set_header Host $http_host;"),
  ),
};

/** @param {(port: number, house: number) => Promise<string>} settings @returns {Kind} */
function nginx(settings) {
  return {
    program: "nginx",
    file: "nginx.conf",
    words: (file, dir) => ["-c", file, "-p", dir, "-e", join(dir, "error.log"), "-g", "daemon off;"],
    settings: async (port, house, dir) => {
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
      const temporary = paths.map((path) => `${path}_temp_path ${join(dir, path)};`).join("\n");
      const http = await settings(port, house);
      return `pid ${join(dir, "pid")};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${http}\n}\n`;
    },
  };
}

/** @param {number} port @param {number} house @param {string} more */
function server(port, house, more) {
  return `server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${house}; ${more} }
  }`;
}

export class Front {
  port = 0;
  #kind;
  #house = 0;
  #dir = "";
  #said = "";
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;

  /** @param {Kind} kind */
  constructor(kind) {
    this.#kind = kind;
  }

  /** @param {Kind} kind */
  static async built(kind) {
    const front = new Front(kind);
    front.port = await freePort();
    front.#dir = await mkdtemp(join(tmpdir(), "parlour-front-"));
    return front;
  }

  /** @param {number} port where the house itself listens */
  lead(port) {
    this.#house = port;
  }

  /** Until it answers. */
  async opens() {
    const file = join(this.#dir, this.#kind.file);
    await writeFile(file, await this.#kind.settings(this.port, this.#house, this.#dir));
    const env = { PATH: process.env.PATH, HOME: this.#dir, XDG_DATA_HOME: this.#dir };
    const words = this.#kind.words(file, this.#dir);
    const running = spawn(this.#kind.program, words, { stdio: ["ignore", "pipe", "pipe"], env });
    for (const stream of [running.stdout, running.stderr]) stream.on("data", (text) => (this.#said += text));
    running.on("error", (error) => (this.#said += error.message));
    this.#process = running;
    const deadline = Date.now() + DEADLINE_MS;
    while (running.exitCode === null && Date.now() < deadline) if (await answers(this.port)) return;
    throw new Error(`${this.#kind.program} did not open\n${this.#said}`);
  }

  async closes() {
    const running = this.#process;
    if (running?.pid && running.exitCode === null) {
      const exited = once(running, "exit");
      running.kill("SIGTERM");
      await exited;
    }
    await rm(this.#dir, { recursive: true, force: true });
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((told) => {
    const asked = get({ host: "127.0.0.1", port, path: "/healthz" }, (answer) => {
      answer.resume();
      told(true);
    });
    asked.on("error", () => told(false));
  });
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
