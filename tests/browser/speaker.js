// A person whose page nobody looks at needs no browser: an API client that is online, speaks, has seen what
// others say, and leaves. What two pages tell each other is tried with two pages.
import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { request } from "node:http";
import { Entering } from "./entering.js";

/** @typedef {Record<string, any>} Frame */

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const FINAL = 0x80;
const MASKED = 0x80;
/** The lengths that say that the length follows, in two bytes or in eight. */
const [SHORT, LONG] = [126, 127];
const DEADLINE_MS = 15_000;

export class Speaker {
  #seat;
  #socket;
  /** Tells of each frame, by its type, and of each message that this person said, by its id. */
  #heard = new EventEmitter();
  #unread = Buffer.alloc(0);
  #me = "";
  /** Of the ids of its messages. */
  #producer = randomBytes(8).toString("hex");
  #sequence = 0;

  /** @param {string} seat @param {import("node:stream").Duplex} socket */
  constructor(seat, socket) {
    this.#seat = seat;
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("data", (bytes) => this.#read(bytes));
  }

  /**
   * @param {import("./house.js").House} house
   * @param {import("./house.js").Invite} invite
   */
  static async comesIn(house, invite) {
    const entering = new Entering(house.api);
    const seat = await entering.enters(invite);
    const speaker = new Speaker(seat, await opened(`${house.api}socket`));
    const open = speaker.#hears("chat-state");
    speaker.#send({ type: "hello", device: entering.device });
    speaker.#send({ type: "chat-open", seat, after: 0 });
    await open;
    return speaker;
  }

  /** @param {string} text */
  async says(text) {
    this.#sequence += 1;
    const id = this.#producer + this.#sequence.toString(16).padStart(16, "0");
    const said = this.#hears(id);
    this.#send({ type: "chat-say", seat: this.#seat, id, text });
    await said;
  }

  types() {
    this.#send({ type: "chat-typing", seat: this.#seat });
  }

  async ends() {
    const ended = this.#hears("chat-ended");
    this.#send({ type: "chat-end", seat: this.#seat });
    await ended;
  }

  async closes() {
    this.#socket.destroy();
  }

  /** @param {string} type @returns {Promise<unknown>} */
  #hears(type) {
    return once(this.#heard, type, { signal: AbortSignal.timeout(DEADLINE_MS) });
  }

  /** @param {Frame} frame */
  #send(frame) {
    this.#write(TEXT, Buffer.from(JSON.stringify(frame)));
  }

  /** @param {number} kind @param {Buffer} body */
  #write(kind, body) {
    if (this.#socket.destroyed) return;
    const head = body.length < SHORT ? [body.length] : [SHORT, body.length >> 8, body.length & 0xff];
    head[0] = (head[0] ?? 0) | MASKED;
    // A mask of zeros changes nothing.
    this.#socket.write(Buffer.concat([Buffer.from([FINAL | kind, ...head, 0, 0, 0, 0]), body]));
  }

  /** @param {Buffer} bytes */
  #read(bytes) {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const found = firstFrame(this.#unread);
      if (!found) return;
      this.#unread = this.#unread.subarray(found.end);
      if (found.kind === TEXT) this.#hear(JSON.parse(found.body.toString()));
      else if (found.kind === PING) this.#write(PONG, found.body);
      else if (found.kind === CLOSE) this.#socket.destroy();
    }
  }

  /** @param {Frame} frame */
  #hear(frame) {
    if (frame.type === "chat-state") this.#me = frame.me;
    if (frame.type === "chat-message" && frame.from !== this.#me)
      this.#send({ type: "chat-seen", seat: this.#seat, seq: frame.seq });
    else if (frame.type === "chat-message") this.#heard.emit(frame.id, frame);
    this.#heard.emit(frame.type, frame);
  }
}

/** @param {string} url @returns {Promise<import("node:stream").Duplex>} */
function opened(url) {
  const asking = request(url, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      "Sec-WebSocket-Protocol": "parlour.v1",
    },
  });
  return new Promise((resolve, reject) => {
    asking.on("upgrade", (_answer, socket) => resolve(socket));
    asking.on("response", ({ statusCode }) => reject(new Error(`no socket: ${statusCode}`)));
    asking.on("error", reject);
    asking.end();
  });
}

/** The first whole frame of what came, if it is there. @param {Buffer} bytes */
function firstFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const length = bytes.readUInt8(1);
  const begin = length === LONG ? 10 : length === SHORT ? 4 : 2;
  if (bytes.length < begin) return undefined;
  const size = begin === 10 ? Number(bytes.readBigUInt64BE(2)) : begin === 4 ? bytes.readUInt16BE(2) : length;
  const end = begin + size;
  if (bytes.length < end) return undefined;
  return { kind: bytes.readUInt8(0) & 0x0f, body: bytes.subarray(begin, end), end };
}
