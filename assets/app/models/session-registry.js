// The chats that were opened in this document, by their seats, until they are gone.
//
// Used by wire.js and HttpTransport, to find whom the house tells something, and by the Connection when the
// house welcomes it.

export class SessionRegistry {
  /** @type {Map<string, Session>} */
  #sessions = new Map();
  #seats;
  #setHouseTime;
  /** The run of the store that this document knows. @type {string | undefined} */
  #incarnation;

  /**
   * @param {object} parts
   * @param {import("./seats.js").Seats} parts.seats
   * @param {(at: string | undefined) => void} parts.setHouseTime
   */
  constructor({ seats, setHouseTime }) {
    this.#seats = seats;
    this.#setHouseTime = setHouseTime;
    this.#incarnation = seats.incarnation;
  }

  /** @param {string} seat */
  get(seat) {
    return this.#sessions.get(seat);
  }

  all() {
    return [...this.#sessions.values()];
  }

  /** @param {Session} session */
  add(session) {
    this.#sessions.set(session.seat, session);
  }

  /** @param {string} seat */
  remove(seat) {
    this.#sessions.delete(seat);
  }

  /**
   * Those that something is told of: the part of a seat before the `-` is its chat.
   * @param {{seat?: string, chat?: string}} about
   */
  of({ seat, chat }) {
    return this.all().filter((one) => one.seat === seat || one.seat.split("-")[0] === chat);
  }

  /** @param {Pick<Welcome, "incarnation" | "now">} welcome */
  welcomed({ incarnation, now }) {
    this.#setHouseTime(now);
    if (incarnation !== undefined) this.setIncarnation(incarnation);
  }

  /**
   * Answers whether another store answers now than the one that this document knows: then nothing that is
   * known of a chat is true any more.
   * @param {string} incarnation
   */
  setIncarnation(incarnation) {
    const known = this.#incarnation;
    this.#incarnation = this.#seats.incarnation = incarnation;
    const isOther = known !== undefined && known !== incarnation;
    if (isOther) for (const session of this.all()) session.restart();
    return isOther;
  }
}

/** @typedef {import("./chat-session.js").ChatSession} Session */
