// What a person asks of a chat besides saying something, such as keeping it or editing a message: each
// command goes one way, by the transport while one is open, else over HTTP.
//
// Used by a ChatSession, which says what the house answers. An answer is whatever shows that it was done; a
// line that is lost before it leaves open whether it was, and then HTTP is asked.

/** @typedef {{over(house: Transport): void, http(): Promise<void>}} Ways */
/** @typedef {{done(as?: Promise<void>): void, http(): void, refuse(refusal: unknown): void}} Waiting */

export class ChatCommands {
  #connection;
  /** By the type of the command and the message that it is about. @type {Map<string, Waiting>} */
  #waiting = new Map();

  /** @param {Pick<import("./connection.js").Connection, "ask" | "wake">} connection */
  constructor(connection) {
    this.#connection = connection;
  }

  /**
   * Throws why it was not done. The same once more takes the place of what waits, which comes to the same.
   * @param {string} of @param {Ways} ways @param {number} [seq]
   */
  async run(of, { over, http }, seq) {
    if (!this.#connection.ask(over)) return http();
    const before = this.#take(keyOfCommand(of, seq));
    /** @type {Promise<void>} */
    const answer = new Promise((resolve, reject) => {
      const waiting = { done: resolve, http: () => resolve(http()), refuse: reject };
      this.#waiting.set(keyOfCommand(of, seq), waiting);
    });
    before?.done(answer);
    // A line that is dead and does not know it is found out soon.
    this.#connection.wake();
    return answer;
  }

  /** @param {string} of @param {number} [seq] */
  done(of, seq) {
    this.#take(keyOfCommand(of, seq))?.done();
  }

  /** @param {Refused} refusal */
  refused({ of, seq, code, detail: message }) {
    this.#take(keyOfCommand(of, seq))?.refuse({ code, message });
  }

  /** The line is gone. */
  lost() {
    for (const key of [...this.#waiting.keys()]) this.#take(key)?.http();
  }

  /** @param {string} key */
  #take(key) {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting;
  }
}

/** @param {string} of @param {number | undefined} seq */
function keyOfCommand(of, seq) {
  return `${of} ${seq}`;
}
