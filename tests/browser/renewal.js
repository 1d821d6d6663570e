// A house that gets another version: from then on one file of its page has another name, as a new hash gives
// it, and the page and the service worker know it by that name alone.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";

/** What names the files of a version. */
const NAMING = new Set(["/", "/j", "/c", "/sw.js"]);
const SCRIPT = /assets\/app\/app\.[0-9a-f]+\.js/g;
const RENEWED = "assets/app/app.0123456789ab.js";

/** @typedef {import("node:http").IncomingMessage} Asked */

export class Renewal {
  port = 0;
  /** What was asked for, in order. @type {string[]} */
  asked = [];
  #house = 0;
  #isNew = false;
  /** What is said in the place of a house that does not answer. @type {number | undefined} */
  #status;
  #script = "";
  #server = createServer((asked, answer) => {
    // A house that is away does not answer, unless a proxy does in its place.
    this.#pass(asked, answer).catch(() => {
      const isPage = asked.headers["sec-fetch-mode"] === "navigate";
      const status = isPage ? this.#status : 502;
      if (!this.#status) answer.destroy();
      else answer.writeHead(status ?? 502, { "Content-Type": "text/html" }).end("<h1>Sorry");
    });
  });
  /** @type {Set<import("node:stream").Duplex>} */
  #sockets = new Set();

  static async stand() {
    const renewal = new Renewal();
    renewal.#server.on("upgrade", (asked, socket) => renewal.#passSocket(asked, socket));
    renewal.#server.listen(0, "127.0.0.1");
    await once(renewal.#server, "listening");
    const address = renewal.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    renewal.port = address.port;
    return renewal;
  }

  /** @param {number} port where the house itself listens */
  lead(port) {
    this.#house = port;
  }

  /** The new version is there. */
  comes() {
    this.#isNew = true;
    this.asked = [];
  }

  /**
   * From now on it says so in the house's place when the house does not answer.
   * @param {number} status of a page; anything else gets the usual one
   */
  saysItIsAway(status) {
    this.#status = status;
  }

  /** The name of the script before and after. */
  get names() {
    return { old: this.#script, renewed: RENEWED };
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /**
   * @param {Asked} asked
   * @param {import("node:http").ServerResponse} answer
   */
  async #pass(asked, answer) {
    const path = asked.url ?? "/";
    this.asked.push(path);
    if (this.#isNew && path === `/${this.#script}`) return void answer.writeHead(404).end();
    const inside = request({
      host: "127.0.0.1",
      port: this.#house,
      method: asked.method,
      path: path === `/${RENEWED}` ? `/${this.#script}` : path,
      headers: plain(asked.headers),
    });
    asked.pipe(inside);
    const [came] = /** @type {[Asked]} */ (await once(inside, "response"));
    if (!NAMING.has(path)) {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      return void came.pipe(answer);
    }
    const body = this.#named(Buffer.concat(await came.toArray()).toString());
    const { etag, "content-length": length, ...headers } = came.headers;
    void [etag, length];
    answer.writeHead(came.statusCode ?? 502, headers).end(body);
  }

  /** @param {string} text */
  #named(text) {
    this.#script = text.match(SCRIPT)?.[0] ?? this.#script;
    return this.#isNew ? text.replace(SCRIPT, RENEWED) : text;
  }

  /** @param {Asked} asked @param {import("node:stream").Duplex} socket */
  #passSocket(asked, socket) {
    const inside = connect(this.#house, "127.0.0.1");
    const heads = Object.entries(asked.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    inside.write(`GET ${asked.url} HTTP/1.1\r\n${heads.join("")}\r\n`);
    inside.pipe(socket).pipe(inside);
    for (const end of [inside, socket]) {
      this.#sockets.add(end);
      end.on("error", () => [inside, socket].forEach((one) => one.destroy()));
    }
  }
}

/** Nothing packed, and nothing that the browser has already. @param {Asked["headers"]} headers */
function plain(headers) {
  const { "accept-encoding": packed, "if-none-match": known, ...others } = headers;
  void [packed, known];
  return others;
}
