// The frames of a socket over HTTP, where no socket comes through: what is said becomes requests, and what
// the house answers becomes the frames that it would have told.
//
// Used by a Connection in a socket's place, so that nobody else knows which way was taken. It asks for news
// every two seconds while the chat is on the screen, else when the Connection pings. Typing goes nowhere, and
// this device does not count as being here.

const NEWS_MS = 2_000;
/** No chat gets so far: what comes after it is how the chat stands, and no message. */
const BEYOND_SEQ = 2 ** 31 - 1;

/** Refusals after which there is no way on: the line is as good as closed. */
const LOST = new Set(["unreachable", "login", "between"]);

/** @typedef {import("./api.js").Refusal} Refusal */
/** @typedef {Pick<import("./api.js").Api, "news" | "page" | "say" | "tellReceipts">} CourierApi */

export class Courier {
  readyState = 0;
  isSlow = true;
  /** @type {SocketLike["onopen"]} */ onopen = null;
  /** @type {SocketLike["onmessage"]} */ onmessage = null;
  /** @type {SocketLike["onclose"]} */ onclose = null;
  /** @type {SocketLike["onerror"]} */ onerror = null;
  #seat;
  #api;
  #after;
  #isShown;
  /** @type {string[]} */
  #withholds = [];
  #incarnation = "";
  /** The last seq that was told; nothing while the chat is not open. @type {number | undefined} */
  #last;
  /** How the chat stood when that was last told. @type {SeatState | undefined} */
  #state;
  #isAsking = false;
  #cancel;

  /**
   * @param {object} parts
   * @param {string} parts.seat
   * @param {CourierApi} parts.api
   * @param {Timer} parts.after
   * @param {() => boolean} parts.isShown whether the chat is on the screen
   */
  constructor({ seat, api, after, isShown }) {
    this.#seat = seat;
    this.#api = api;
    this.#after = after;
    this.#isShown = isShown;
    this.#cancel = after(0, () => {
      this.readyState = 1;
      this.onopen?.({});
    });
  }

  /** @param {string} text */
  send(text) {
    const frame = /** @type {Frame} */ (JSON.parse(text));
    this.#sends[frame.type]?.(frame)?.catch((refusal) => this.#refuse(frame, refusal));
  }

  close() {
    this.#cancel();
    this.readyState = 3;
  }

  /** @type {Record<string, (frame: Frame) => Promise<void> | undefined>} */
  #sends = {
    hello: (frame) => this.#greet(frame.withholds ?? []),
    "chat-open": (frame) => this.#open(frame.after),
    "chat-say": async ({ id, text }) => {
      const { seq, at } = await this.#api.say(this.#seat, id, text);
      this.#tell({ type: "chat-said", id, seq, at });
    },
    "chat-page": async ({ before, limit }) => {
      this.#tell({ type: "chat-page", ...(await this.#api.page(this.#seat, before, limit)) });
    },
    "chat-delivered": ({ seq }) => this.#api.tellReceipts(this.#seat, { delivered: seq }),
    "chat-seen": ({ seq }) => {
      const isUntold = this.#withholds.includes("seen");
      return this.#api.tellReceipts(this.#seat, isUntold ? { read: seq } : { seen: seq });
    },
    ping: () => this.#ask(),
  };

  /** @param {string[]} withholds */
  async #greet(withholds) {
    this.#withholds = withholds;
    const { incarnation, state } = await this.#api.news(this.#seat, BEYOND_SEQ, withholds);
    this.#incarnation = incarnation;
    const { seat, head } = state;
    const seen = state.participants.find(({ participant }) => participant === state.me)?.seen ?? head;
    this.#tell({ type: "welcome", incarnation, seats: [{ seat, head, unread: head - seen }] });
  }

  /** @param {number} after */
  #open(after) {
    this.#last = after;
    this.#state = undefined;
    return this.#ask();
  }

  /** One question at a time; the next one comes by itself while somebody looks. */
  async #ask() {
    if (this.#isAsking || this.#last === undefined) return;
    this.#isAsking = true;
    this.#cancel();
    try {
      await this.#askAll(this.#last);
    } catch (refusal) {
      this.#refuse({ type: "chat-open" }, /** @type {Refusal} */ (refusal));
    }
    this.#isAsking = false;
    if (this.readyState === 1 && this.#isShown()) this.#cancel = this.#after(NEWS_MS, () => void this.#ask());
  }

  /** @param {number} after */
  async #askAll(after) {
    const news = await this.#api.news(this.#seat, after, this.#withholds);
    if (this.readyState !== 1 || this.#last !== after) return;
    // Another store answers: its seqs are others, and the Connection begins again.
    if (news.incarnation !== this.#incarnation) return this.#lose();
    this.#take(news);
    // So that the Connection hears that the house is there.
    this.#tell({ type: "pong" });
    if (news.more && this.#last > after) await this.#askAll(this.#last);
  }

  /** @param {NewsAnswer} news */
  #take({ state, messages }) {
    const known = this.#state;
    this.#state = state;
    if (!known) this.#tell({ type: "chat-state", ...state });
    for (const message of messages) this.#tell({ type: "chat-message", ...message });
    this.#last = messages.at(-1)?.seq ?? this.#last;
    if (known) for (const frame of changes(known, state)) this.#tell(frame);
  }

  /** @param {Frame} frame what was asked @param {Refusal} refusal */
  #refuse({ type, id }, refusal) {
    const { code, message, retryAfter, ending } = refusal;
    if (code === undefined) throw refusal;
    if (code === "ended") return this.#tell({ type: "chat-ended", ...ending });
    const isOut = code === "no_such_seat" || code === "not_in";
    if (isOut) return this.#tell({ type: "refused", of: "chat-open", code });
    if (LOST.has(code)) return this.#give(code);
    const refused = { type: "refused", of: type, id, code, detail: message, retry_after: retryAfter };
    // The house is there, and is asked again soon.
    this.#tell(type === "chat-open" ? { type: "pong" } : refused);
  }

  /** Says why, and is of no more use. @param {string} code */
  #give(code) {
    this.#tell({ type: "refused", of: "hello", code });
    this.#lose();
  }

  #lose() {
    if (this.readyState === 3) return;
    this.close();
    this.onclose?.({});
  }

  /** @param {Frame} frame */
  #tell(frame) {
    if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify({ seat: this.#seat, ...frame }) });
  }
}

/**
 * What became different, as the frames that a socket would have told.
 * @param {SeatState} before
 * @param {SeatState} now
 * @returns {Frame[]}
 */
function changes(before, now) {
  const frames = now.participants.flatMap((person) => {
    const known = before.participants.find(({ participant }) => participant === person.participant);
    return known ? changesOf(known, person) : [];
  });
  if (now.final_call && now.final_call !== before.final_call)
    frames.push({ type: "chat-due", at: now.final_call });
  const isKept = now.due !== before.due || (before.final_call && !now.final_call);
  if (isKept) frames.push({ type: "chat-kept", due: now.due });
  return frames;
}

/** @param {Participant} known @param {Participant} person @returns {Frame[]} */
function changesOf(known, person) {
  const { participant, delivered, seen, here, came_in, last_here, tries } = person;
  /** @type {Frame[]} */
  const frames = [];
  if (delivered !== known.delivered || seen !== known.seen)
    frames.push({ type: "chat-receipt", participant, delivered, seen });
  if (here !== known.here || last_here !== known.last_here || came_in !== known.came_in)
    frames.push({ type: "chat-presence", participant, here, came_in, last_here });
  if (tries !== known.tries) frames.push({ type: "chat-guess", participant, tries });
  return frames;
}
