// Scales in front of the house: everything that goes to and fro passes over them and is weighed as it is on
// the wire, compressed, with its head. What a browser asks for by itself (icon, manifest, service worker)
// and does not tell its tests is weighed as well.
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";

/** A page that asks for nothing for so long has all that it wants. */
const QUIET_MS = 1_500;

/**
 * @typedef {object} Weighed
 * @property {string} asked method and path
 * @property {number} head bytes of the answer's head
 * @property {number} body bytes of the answer's body as it was sent
 */

export class Scales {
  /** In the order in which they were asked for. @type {Weighed[]} */
  weighed = [];
  port = 0;
  #house = 0;
  #movedAt = Date.now();
  #agent = new Agent({ keepAlive: true });
  #server = createServer((asked, answer) => this.#pass(asked, answer));
  /** @type {Set<import("node:stream").Duplex>} */
  #sockets = new Set();

  static async set() {
    const scales = new Scales();
    scales.#server.on("upgrade", (asked, socket, first) => scales.#passSocket(asked, socket, first));
    scales.#server.listen(0, "127.0.0.1");
    await once(scales.#server, "listening");
    const address = scales.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    scales.port = address.port;
    return scales;
  }

  /** @param {number} port where the house itself listens */
  lead(port) {
    this.#house = port;
  }

  get isQuiet() {
    return Date.now() - this.#movedAt > QUIET_MS;
  }

  /** What the page asks for when nothing else is to be done is not what somebody waits for. */
  leaveOut(/** @type {RegExp} */ later) {
    this.weighed = this.weighed.filter(({ asked }) => !later.test(asked));
  }

  get heads() {
    return this.weighed.reduce((sum, { head }) => sum + head, 0);
  }

  get bodies() {
    return this.weighed.reduce((sum, { body }) => sum + body, 0);
  }

  /** One line for each request, and the sum. @param {string} what */
  told(what) {
    const lines = this.weighed.map(({ asked, head, body }) => `  ${asked}: ${body} + ${head}`);
    const sum = `${this.bodies} + ${this.heads} = ${kilobytes(this.bodies + this.heads)}`;
    return [`${what}: ${this.weighed.length} requests, ${sum}`, ...lines].join("\n");
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /**
   * @param {import("node:http").IncomingMessage} asked
   * @param {import("node:http").ServerResponse} answer
   */
  #pass(asked, answer) {
    const row = this.#row(asked);
    const inside = request({ ...this.#there(asked), agent: this.#agent }, (came) => {
      row.head += headBytes(came);
      answer.sendDate = false;
      answer.writeHead(came.statusCode ?? 502, came.statusMessage, came.rawHeaders);
      came.on("data", (bytes) => this.#add(row, bytes));
      came.pipe(answer);
    });
    inside.on("error", () => answer.destroy());
    asked.pipe(inside);
  }

  /**
   * @param {import("node:http").IncomingMessage} asked
   * @param {import("node:stream").Duplex} socket
   * @param {Buffer} first
   */
  #passSocket(asked, socket, first) {
    const row = this.#row(asked);
    const inside = request(this.#there(asked));
    inside.on("error", () => socket.destroy());
    inside.on("response", () => socket.destroy());
    inside.on("upgrade", (came, house, said) => {
      row.head += headBytes(came);
      for (const end of [socket, house]) {
        this.#sockets.add(end);
        end.on("error", () => [socket, house].forEach((one) => one.destroy()));
        end.on("close", () => [socket, house].forEach((one) => one.destroy()));
      }
      socket.write(headOf(came));
      socket.write(said);
      house.write(first);
      house.on("data", (bytes) => this.#add(row, bytes));
      house.pipe(socket);
      socket.pipe(house);
    });
    inside.end();
  }

  /** @param {import("node:http").IncomingMessage} asked */
  #there({ method, url, rawHeaders }) {
    return { host: "127.0.0.1", port: this.#house, method, path: url, headers: rawHeaders };
  }

  /** @param {import("node:http").IncomingMessage} asked */
  #row({ method, url }) {
    const row = { asked: `${method} ${url}`, head: 0, body: 0 };
    this.weighed.push(row);
    this.#movedAt = Date.now();
    return row;
  }

  /** @param {Weighed} row @param {Buffer} bytes */
  #add(row, bytes) {
    row.body += bytes.length;
    this.#movedAt = Date.now();
  }
}

/** @param {import("node:http").IncomingMessage} came */
function headOf({ statusCode, statusMessage, rawHeaders }) {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** @param {import("node:http").IncomingMessage} came */
function headBytes(came) {
  return Buffer.byteLength(headOf(came), "latin1");
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
