// Messages of one seat that the house has not acknowledged yet.
//
// Used by a ChatSession. One message is under way at a time, so that order survives every refusal and every
// lost line; it is sent again with the same id until the house says that it has it, so that nothing is said
// twice. It never touches the socket itself: `send` comes in.
//
// Events: "change".

/** Refusals that mean "later", not "never"; of some it is unknown whether the message arrived. */
const PASSING = new Set(["slow_down", "busy", "failed", "too_slow", "reconnect"]);
/** Refusals of what the message is: the same message is refused again. */
const LASTING = new Set(["malformed", "empty_message", "message_too_long", "too_large"]);
const PAUSE_MS = 2_000;

/** Whether trying again can help. @param {OutboxEntry} entry */
export function mayBeTaken({ code = "" }) {
  return !LASTING.has(code);
}

export class Outbox extends EventTarget {
  /** What waits, oldest first. @type {OutboxEntry[]} */
  entries = [];
  #store;
  #send;
  #after;
  #now;
  #makeId;
  #isOpen = false;
  #isLoaded = false;
  #lastOrder = 0;
  /** The entry that was sent and not answered. @type {string | undefined} */
  #underWay;
  /** @type {(() => void) | undefined} */
  #cancelPause;

  /**
   * @param {object} parts
   * @param {OutboxStore} parts.store
   * @param {(entry: OutboxEntry) => boolean} parts.send whether it was handed to an open socket
   * @param {Timer} parts.after
   * @param {() => number} parts.now
   * @param {() => string} parts.makeId
   */
  constructor({ store, send, after, now, makeId }) {
    super();
    this.#store = store;
    this.#send = send;
    this.#after = after;
    this.#now = now;
    this.#makeId = makeId;
  }

  /** Takes up what an earlier page left behind. */
  load() {
    const known = new Set(this.entries.map((entry) => entry.id));
    const older = this.#store.messages.filter((entry) => !known.has(entry.id));
    this.entries = [...older, ...this.entries].sort((one, other) => one.order - other.order);
    this.#lastOrder = Math.max(this.#lastOrder, this.entries.at(-1)?.order ?? 0);
    this.#isLoaded = true;
    this.#changed();
    this.#next();
  }

  /** @param {string} text @param {string} [id] if it has one already */
  async say(text, id = this.#makeId()) {
    if (this.entries.some((entry) => entry.id === id)) return;
    this.#lastOrder = Math.max(this.#now(), this.#lastOrder + 1);
    const at = new Date(this.#now()).toISOString();
    /** @type {OutboxEntry} */
    const entry = {
      id,
      text,
      order: this.#lastOrder,
      at,
      state: "waiting",
    };
    this.entries.push(entry);
    this.#changed();
    this.#next();
    await this.#keep(entry);
  }

  /** The chat is open on a living socket. */
  open() {
    this.#isOpen = true;
    this.#underWay = undefined;
    this.#next();
  }

  /** The line is gone: whether the message under way arrived is not known, so it will be sent again. */
  close() {
    this.#isOpen = false;
    this.#underWay = undefined;
  }

  /**
   * The house has this message. Answers with the entry if it was here.
   * @param {string} id
   */
  taken(id) {
    const entry = this.entries.find((waiting) => waiting.id === id);
    if (!entry) return undefined;
    this.#drop(id);
    this.#next();
    return entry;
  }

  /** @param {string} id @param {{code: string, detail?: string, retryAfter?: number}} refusal */
  refused(id, refusal) {
    const entry = this.entries.find((waiting) => waiting.id === id);
    if (!entry) return;
    this.#underWay = undefined;
    if (PASSING.has(refusal.code)) return this.#rest((refusal.retryAfter ?? 0) * 1000 || PAUSE_MS);
    entry.state = "refused";
    entry.code = refusal.code;
    entry.detail = refusal.detail;
    this.#keep(entry);
    this.#changed();
    this.#next();
  }

  /** @param {string} id */
  retry(id) {
    const entry = this.entries.find((waiting) => waiting.id === id);
    if (!entry) return;
    entry.state = "waiting";
    this.#keep(entry);
    this.#changed();
    this.#next();
  }

  /** @param {string} id */
  discard(id) {
    this.#drop(id);
    this.#next();
  }

  /** The chat is gone, and what was meant for it. */
  async wipe() {
    this.close();
    this.#cancelPause?.();
    this.entries = [];
    this.#changed();
    await this.#store.wipe();
  }

  /** @param {number} ms */
  #rest(ms) {
    this.#cancelPause?.();
    this.#cancelPause = this.#after(ms, () => {
      this.#cancelPause = undefined;
      this.#next();
    });
  }

  #next() {
    if (!this.#isOpen || !this.#isLoaded || this.#underWay || this.#cancelPause) return;
    const entry = this.entries.find((waiting) => waiting.state === "waiting");
    if (entry && this.#send(entry)) this.#underWay = entry.id;
  }

  /** @param {string} id */
  #drop(id) {
    if (this.#underWay === id) this.#underWay = undefined;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.#store.remove(id);
    this.#changed();
  }

  /** Acknowledged while it was being written: then it must not stay. @param {OutboxEntry} entry */
  async #keep(entry) {
    await this.#store.put(entry);
    if (!this.entries.includes(entry)) await this.#store.remove(entry.id);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
