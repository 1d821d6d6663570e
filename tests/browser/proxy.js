// What may stand between browsers and the house and change what passes, as proxies of real homes do.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";

/** @typedef {import("node:http").IncomingMessage} Asked */
/** @typedef {import("node:http").ServerResponse} Answer */

const COOKIE = "gate=open";

export class Proxy {
  port = 0;
  /** Whether sockets come through. */
  passesSockets = true;
  /** The name by which the house's API is called, if it is another. @type {string | undefined} */
  host;
  /** What is answered in the house's place. @type {(asked: Asked, answer: Answer) => boolean} */
  answers = () => false;
  #house = 0;
  #server = createServer((asked, answer) => this.#pass(asked, answer));
  /** @type {Set<import("node:stream").Duplex>} */
  #sockets = new Set();

  static async stand() {
    const proxy = new Proxy();
    proxy.#server.on("upgrade", (asked, socket) => proxy.#upgrade(asked, socket));
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    const address = proxy.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    proxy.port = address.port;
    return proxy;
  }

  /** @param {number} port where the house itself listens */
  lead(port) {
    this.#house = port;
  }

  /** As nginx does unless it is told: the house is called by its address behind the proxy. */
  passesNoHost() {
    this.host = `127.0.0.1:${this.#house}`;
    this.passesSockets = false;
  }

  /** Who has no cookie is asked for a login, as by single sign-on; everybody gets one with the page. */
  asksForACookie() {
    this.answers = (asked, answer) => {
      if (asked.headers.cookie?.includes(COOKIE)) return false;
      if (asked.method === "GET" && /^\/[jc]?$/.test(asked.url ?? "")) {
        answer.setHeader("Set-Cookie", `${COOKIE}; Path=/; HttpOnly`);
        return false;
      }
      answer.writeHead(302, { Location: "http://login.invalid/" }).end();
      return true;
    };
  }

  /** The login has run out. */
  asksForALogin() {
    this.passesSockets = false;
    this.answers = ({ url }, answer) => {
      if (!url?.startsWith("/api/")) return false;
      answer.writeHead(401, { "WWW-Authenticate": 'Bearer realm="gate"', "Content-Type": "text/html" });
      answer.end("<h1>Log in");
      return true;
    };
  }

  /** The login has run out, and stands before everything: the page, its scripts and the API. */
  asksForALoginEverywhere() {
    this.passesSockets = false;
    this.answers = (_, answer) => {
      answer.writeHead(401, { "WWW-Authenticate": 'Bearer realm="gate"', "Content-Type": "text/html" });
      answer.end("<h1>Log in");
      return true;
    };
  }

  /** Browsers lose their lines, and must find new ones. */
  dropsSockets() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close() {
    this.dropsSockets();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** @param {Asked} asked @param {Answer} answer */
  #pass(asked, answer) {
    if (this.answers(asked, answer)) return;
    const { method, url: path } = asked;
    const way = { host: "127.0.0.1", port: this.#house, method, path };
    const inside = request({ ...way, headers: this.#heads(asked) });
    inside.on("error", () => answer.destroy());
    inside.on("response", (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    asked.pipe(inside);
  }

  /** @param {Asked} asked */
  #heads({ headers, url }) {
    const isRenamed = this.host !== undefined && url?.startsWith("/api/");
    return isRenamed ? { ...headers, host: this.host } : headers;
  }

  /** @param {Asked} asked @param {import("node:stream").Duplex} socket */
  #upgrade(asked, socket) {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    if (!this.passesSockets) {
      return void socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    const inside = connect(this.#house, "127.0.0.1");
    this.#sockets.add(inside);
    inside.on("error", () => socket.destroy());
    const heads = Object.entries(this.#heads(asked));
    const lines = heads.map(([name, value]) => `${name}: ${String(value)}\r\n`);
    inside.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
    inside.pipe(socket).pipe(inside);
  }
}
