// Keeping and ending a chat: each goes one way, by the transport while one is open, else over HTTP.
//
// Used by a ChatSession, which says what the house answers. An answer is whatever shows that it was done; a
// line that is lost before it leaves open whether it was, and then HTTP is asked.

/** @typedef {"chat-keep" | "chat-end"} ChatCommand */
/** @typedef {{over(house: Transport): void, http(): Promise<void>}} Ways */
/** @typedef {{done(): void, http(): void, refuse(refusal: unknown): void}} Waiting */

export class ChatCommands {
  #connection;
  #ways;
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();

  /**
   * @param {Pick<import("./connection.js").Connection, "ask" | "wake">} connection
   * @param {Record<ChatCommand, Ways>} ways
   */
  constructor(connection, ways) {
    this.#connection = connection;
    this.#ways = ways;
  }

  /** Throws why it was not done. @param {ChatCommand} command */
  async run(command) {
    const { over, http } = this.#ways[command];
    if (!this.#connection.ask(over)) return http();
    /** @type {Promise<void>} */
    const answer = new Promise((resolve, reject) => {
      const waiting = { done: resolve, http: () => resolve(http()), refuse: reject };
      this.#waiting.set(command, waiting);
    });
    // A line that is dead and does not know it is found out soon.
    this.#connection.wake();
    return answer;
  }

  /** @param {ChatCommand} command */
  done(command) {
    this.#take(command)?.done();
  }

  /** @param {Refused} refusal */
  refused({ of, code, detail: message }) {
    this.#take(of)?.refuse({ code, message });
  }

  /** The line is gone. */
  lost() {
    for (const command of [...this.#waiting.keys()]) this.#take(command)?.http();
  }

  /** @param {string} command */
  #take(command) {
    const waiting = this.#waiting.get(command);
    this.#waiting.delete(command);
    return waiting;
  }
}
