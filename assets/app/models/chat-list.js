// The chats of this browser, those that are pinned first and then by their latest message or when this device
// came in, and how much of each is unread. What is muted is counted in its own row alone.
//
// Used by "your chats" and by the sign that something came in another chat. News of a seat have no names: the
// house is asked for those, once for all seats, when a seat is news that nobody knows.
//
// Events: "change"; "heard" (CustomEvent, detail: the seat and its head) when others said something in one;
// "read" (CustomEvent, detail: the seat) when nothing in it is unread any more: it was read or deleted;
// "gone" (CustomEvent, detail: the seat) for one that this device does not hold any more.

/** @typedef {SeatRow & {isPinned: boolean, isMuted: boolean, hasDraft: boolean}} ChatRow */

export class ChatList extends EventTarget {
  /** Whether somebody looks at the list: only then it needs names. */
  isShown = false;
  /** The seat of the chat that is open, which hears by itself what changes in it. */
  open = "";
  #ask;
  #kept;
  #flags;
  /** @type {Map<string, SeatRow>} */
  #rows = new Map();
  /** @type {Map<string, SeatNews>} */
  #news = new Map();
  /** What the house told while it was asked: that is newer than its answer. @type {Set<string>} */
  #told = new Set();
  /** @type {Promise<void> | undefined} */
  #asking;

  /**
   * @param {object} parts
   * @param {() => Promise<{seats: SeatRow[]}>} parts.ask
   * @param {() => string[]} parts.kept the seats that this browser keeps something of
   * @param {import("./chat-flags.js").ChatFlags} parts.flags
   */
  constructor({ ask, kept, flags }) {
    super();
    this.#ask = ask;
    this.#kept = kept;
    this.#flags = flags;
    flags.addEventListener("change", () => this.#changed());
  }

  /** @returns {ChatRow[]} */
  get rows() {
    const rows = [...this.#rows.values()].map((row) => this.#row(row));
    /** @param {SeatRow} row */
    const last = ({ last_at = "", entered }) => Math.max(Date.parse(last_at) || 0, Date.parse(entered));
    return rows.sort(
      (one, other) => Number(other.isPinned) - Number(one.isPinned) || last(other) - last(one),
    );
  }

  /** @param {SeatRow} row */
  #row(row) {
    const { seat } = row;
    return {
      ...row,
      ...this.#news.get(seat),
      isPinned: this.#flags.has(seat, "pinned"),
      isMuted: this.#flags.has(seat, "muted"),
      hasDraft: this.#flags.has(seat, "draft"),
    };
  }

  /** In all chats but this one and those that are muted. @param {string} shown */
  unreadBeside(shown) {
    const others = [...this.#news.values()].filter(
      ({ seat }) => seat !== shown && !this.#flags.has(seat, "muted"),
    );
    return others.reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Asks the house for all of them, one question at a time. Throws its Refusal. */
  refresh() {
    this.#asking ??= this.#refresh().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Somebody looks at the list. There is nothing to say about a house that does not answer. */
  async show() {
    this.isShown = true;
    await this.refresh().catch(() => {});
    // What became known while the house was asked.
    if ([...this.#told].some((seat) => this.#isNameless(seat))) await this.refresh().catch(() => {});
  }

  async #refresh() {
    const kept = this.#kept();
    this.#told.clear();
    const { seats } = await this.#ask();
    const held = seats.filter(({ seat }) => !this.#told.has(seat) || this.#news.has(seat));
    const known = new Set([...this.#rows.keys(), ...this.#news.keys(), ...kept]);
    this.#rows = new Map(held.map((row) => [row.seat, row]));
    for (const row of held) if (!this.#told.has(row.seat)) this.#learn(row);
    for (const seat of known) if (!this.#rows.has(seat) && !this.#told.has(seat)) this.#lose(seat);
    this.#changed();
  }

  /**
   * The house says which seats this device has; what was lost while there was no line is told nowhere else.
   * @param {{seat: string}[]} seats
   */
  welcomed(seats) {
    const held = new Set(seats.map(({ seat }) => seat));
    const isOther = [...this.#news.keys()].some((seat) => !held.has(seat));
    for (const seat of this.#news.keys()) if (!held.has(seat)) this.#news.delete(seat);
    if (isOther) this.#changed();
    if (isOther && this.isShown) void this.show();
  }

  /** @param {SeatNews} news */
  setNews(news) {
    this.#told.add(news.seat);
    const mayBeRenamed = this.#mayBeRenamed(news);
    this.#learn(news);
    this.#changed();
    if (this.isShown && (mayBeRenamed || this.#isNameless(news.seat)) && !this.#asking) void this.show();
  }

  /** What comes into a group and is not unread may be a note of its new title. @param {SeatNews} news */
  #mayBeRenamed({ seat, head, unread }) {
    const known = this.#news.get(seat);
    const isGroup = this.#rows.get(seat)?.title !== undefined;
    return isGroup && seat !== this.open && known?.unread === unread && head > known.head;
  }

  /** The device does not hold this seat any more. @param {string} seat */
  drop(seat) {
    this.#told.add(seat);
    this.#lose(seat);
    this.#changed();
  }

  /** @param {string} seat */
  #lose(seat) {
    this.#rows.delete(seat);
    this.#news.delete(seat);
    this.dispatchEvent(new CustomEvent("gone", { detail: seat }));
  }

  /** @param {string} seat */
  #isNameless(seat) {
    return this.#news.has(seat) && !this.#rows.has(seat);
  }

  /** @param {SeatNews} news */
  #learn({ seat, head, unread, last_at: lastAt }) {
    const known = this.#news.get(seat);
    this.#news.set(seat, { seat, head, unread, last_at: lastAt });
    if (known && known.unread > 0 && unread === 0)
      this.dispatchEvent(new CustomEvent("read", { detail: seat }));
    const isHeard = known && head > known.head && unread > known.unread;
    if (isHeard) this.dispatchEvent(new CustomEvent("heard", { detail: { seat, head } }));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
