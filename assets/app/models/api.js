// The house over HTTP: one method for each request, and every "no" as a Refusal.
//
// Used by the pages for what happens once (starting, entering, ending). It keeps nothing but the base
// address; the device secret is asked for at each request, because another tab may have got one in between.
// A request whose line is dead is given up: browsers wait for it for minutes.
import { Refusal, isPage, refusalOf } from "./refusal.js";

/** From the question to the end of its answer, on a slow line as well. */
const ANSWER_MS = 20_000;
/** A house makes the codes of a group one after the other, and a small machine takes a second for each. */
const START_MS = 60_000;
/** A transcript may be long. The house sends no answer for longer. */
const TRANSCRIPT_MS = 60_000;

export class Api {
  #base;
  #device;
  #fetch;
  #after;

  /**
   * @param {object} parts
   * @param {string} parts.base ends with `/api/v1/`
   * @param {() => string | undefined} parts.device the device secret, if there is one
   * @param {typeof globalThis.fetch} parts.fetch
   * @param {Timer} parts.after
   */
  constructor({ base, device, fetch, after }) {
    this.#base = base;
    this.#device = device;
    this.#fetch = fetch;
    this.#after = after;
  }

  /** @returns {Promise<HouseAnswer>} */
  house() {
    return this.#json("GET", "house");
  }

  /**
   * @param {string[]} names
   * @param {string} idle
   * @param {string} [title] of a group
   * @returns {Promise<ChatsAnswer>}
   */
  start(names, idle, title) {
    const request = this.#request("POST", "application/json", { title, names, idle });
    return this.#ask("chats", request, title ? START_MS : ANSWER_MS, (answer) => answer.json());
  }

  /** @param {string} token @returns {Promise<{name: string}>} */
  greeting(token) {
    return this.#json("POST", "invites/greeting", { token });
  }

  /** @param {string[]} tokens @returns {Promise<{invites: {state: string}[]}>} */
  status(tokens) {
    return this.#json("POST", "invites/status", { tokens });
  }

  /**
   * @param {string} token
   * @param {string} code
   * @param {string[]} withholds what this device does not tell
   * @returns {Promise<EnterAnswer>}
   */
  enter(token, code, withholds) {
    const also = withholds.length > 0 ? { withholds } : {};
    return this.#json("POST", "invites/enter", { token, code, ...also });
  }

  /** @returns {Promise<{seats: SeatRow[]}>} */
  seats() {
    return this.#json("GET", "seats");
  }

  /** The state of the chat; throws why there is none. @param {string} seat */
  standing(seat) {
    return this.#json("GET", `seats/${encodeURIComponent(seat)}`);
  }

  /** @param {string} seat @returns {Promise<{due: string}>} */
  keep(seat) {
    return this.#json("POST", `seats/${encodeURIComponent(seat)}/keep`, {});
  }

  /**
   * What is said from now on vanishes after so long, or `never`.
   * @param {string} seat
   * @param {string} after
   */
  async setTimer(seat, after) {
    await this.run("PUT", seat, "timer", { after });
  }

  /**
   * What models ask that are loaded later. Answers with what there is, if anything.
   * @param {string} method
   * @param {string} seat
   * @param {string} path below the seat
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  run(method, seat, path, body) {
    const request = this.#request(method, "application/json", body);
    return this.#ask(`seats/${encodeURIComponent(seat)}/${path}`, request, ANSWER_MS, async (answer) =>
      answer.status === 204 ? undefined : answer.json(),
    );
  }

  /**
   * How long the chat may go unused; setting it is a use of the chat.
   * @param {string} seat
   * @param {string} idle
   * @returns {Promise<{due: string}>}
   */
  setIdle(seat, idle) {
    return this.#json("PUT", `seats/${encodeURIComponent(seat)}/idle`, { idle });
  }

  /** @param {string} seat @returns {Promise<ChatEnding>} */
  end(seat) {
    return this.#json("POST", `seats/${encodeURIComponent(seat)}/end`, {});
  }

  /**
   * The state of the chat, and what was said from there on.
   * @param {string} seat
   * @param {Beginning} from
   * @param {string[]} withholds
   * @returns {Promise<NewsAnswer>}
   */
  news(seat, from, withholds) {
    const begins = Object.entries(from).map(([key, number]) => `${key}=${number}`);
    const also = withholds.length > 0 ? [`withholds=${withholds.join(",")}`] : [];
    return this.#json("GET", `seats/${encodeURIComponent(seat)}/news?${[...begins, ...also].join("&")}`);
  }

  /**
   * The messages before this seq, oldest first.
   * @param {string} seat
   * @param {number} before
   * @param {number} limit
   * @returns {Promise<{messages: ChatMessage[], more: boolean}>}
   */
  page(seat, before, limit) {
    return this.#json("GET", `seats/${encodeURIComponent(seat)}/messages?before=${before}&limit=${limit}`);
  }

  /**
   * The same id again gets the first answer again.
   * @param {string} seat
   * @param {string} id
   * @param {string} text
   * @param {number} [replyTo] a seq
   * @returns {Promise<{seq: number, at: string}>}
   */
  say(seat, id, text, replyTo) {
    const message = { id, text, reply_to: replyTo };
    return this.#json("POST", `seats/${encodeURIComponent(seat)}/messages`, message);
  }

  /** @param {string} seat @param {MessageCommand} command @returns {Promise<{number: number}>} */
  change(seat, { of, seq, ...what }) {
    const path = `seats/${encodeURIComponent(seat)}/messages/${seq}`;
    if (of === "chat-edit") return this.#json("PATCH", path, what);
    if (of === "chat-react" && "emoji" in what) return this.#json("PUT", `${path}/reaction`, what);
    if (of === "chat-react") return this.#json("DELETE", `${path}/reaction`);
    return this.#json("DELETE", `${path}?for=${of === "chat-hide" ? "me" : "everybody"}`);
  }

  /** @param {string} seat @param {{delivered?: number, read?: number, seen?: number}} reach */
  async tellReceipts(seat, reach) {
    await this.#json("POST", `seats/${encodeURIComponent(seat)}/receipts`, reach);
  }

  /** The devices of one's own seat. @param {string} seat @returns {Promise<{devices: DeviceRow[]}>} */
  devices(seat) {
    return this.#json("GET", `seats/${encodeURIComponent(seat)}/devices`);
  }

  /** @param {string} seat @param {string} device as the list calls it */
  async signOut(seat, device) {
    await this.run("DELETE", seat, `devices/${encodeURIComponent(device)}`);
  }

  /**
   * A new link and code; the old ones open nothing from then on.
   * @param {string} seat
   * @param {string} participant
   * @param {boolean} isSigningOut
   * @returns {Promise<InviteAnswer>}
   */
  replace(seat, participant, isSigningOut) {
    const also = isSigningOut ? { sign_out: true } : {};
    return this.#json("POST", `seats/${encodeURIComponent(seat)}/invites`, { participant, ...also });
  }

  /** @param {string} seat @param {string} type a media type @returns {Promise<Blob>} */
  transcript(seat, type) {
    const path = `seats/${encodeURIComponent(seat)}/transcript`;
    const request = this.#request("GET", type);
    return this.#ask(path, request, TRANSCRIPT_MS, (answer) => answer.blob());
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  #json(method, path, body) {
    const request = this.#request(method, "application/json", body);
    return this.#ask(path, request, ANSWER_MS, (answer) => answer.json());
  }

  /** @param {string} method @param {string} accept @param {object} [body] @returns {RequestInit} */
  #request(method, accept, body) {
    /** @type {Record<string, string>} */
    const headers = { Accept: accept };
    const device = this.#device();
    if (device) headers.Authorization = `Bearer ${device}`;
    // A gate before the house may ask for its cookie. The house itself sends nobody elsewhere.
    const request = { method, headers, credentials: "same-origin", cache: "no-store", redirect: "manual" };
    // What a person deletes as they leave the page is deleted all the same.
    if (method === "DELETE") return /** @type {RequestInit} */ ({ ...request, keepalive: true });
    if (!body) return /** @type {RequestInit} */ (request);
    headers["Content-Type"] = "application/json";
    return /** @type {RequestInit} */ ({ ...request, body: JSON.stringify(body) });
  }

  /**
   * @template T
   * @param {string} path
   * @param {RequestInit} request
   * @param {number} deadlineMs
   * @param {(answer: Response) => Promise<T>} read
   * @returns {Promise<T>}
   */
  async #ask(path, request, deadlineMs, read) {
    const deadline = new AbortController();
    const cancel = this.#after(deadlineMs, () => deadline.abort());
    try {
      const answer = await this.#fetch(this.#base + path, { ...request, signal: deadline.signal });
      if (!answer.ok) throw await refusalOf(answer);
      if (isPage(answer)) throw new Refusal({ code: "login" });
      return await read(answer);
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal({ code: "unreachable" });
    } finally {
      cancel();
    }
  }
}
