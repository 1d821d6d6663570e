// A clock that a test moves, and a house that a test plays. Used by the model tests.

/** Time that passes only when it is told to. */
export class Time {
  #now = 1_000_000;
  /** @type {{at: number, then: () => void}[]} */
  #timers = [];

  now = () => this.#now;

  /** @type {Timer} */
  after = (ms, then) => {
    const timer = { at: this.#now + ms, then };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  };

  /** @param {number} ms */
  pass(ms) {
    const until = this.#now + ms;
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.at <= until)
        .sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.then();
    }
    this.#now = until;
  }

  /** The machine sleeps: the clock goes on, and no timer runs until it wakes. @param {number} ms */
  sleep(ms) {
    this.#now += ms;
    this.pass(0);
  }
}

/** One socket of the page, with the house at its other end. */
export class FakeSocket {
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;
  /** @type {any} */ onerror = null;

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  opens() {
    this.readyState = 1;
    this.onopen?.({});
  }

  /** @param {object} frame */
  tells(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breaks() {
    this.readyState = 3;
    this.onclose?.({});
  }

  /** @param {string} type */
  got(type) {
    return this.sent.filter((frame) => frame.type === type);
  }
}

/** A shelf for waiting messages, in memory. */
export class Shelf {
  /** @type {Map<string, OutboxEntry>} */
  kept = new Map();

  /** @param {string} seat */
  async list(seat) {
    return [...this.kept.values()].filter((entry) => entry.seat === seat).map((entry) => ({ ...entry }));
  }

  /** @param {OutboxEntry} entry */
  async put(entry) {
    this.kept.set(entry.id, { ...entry });
  }

  /** @param {string} id */
  async remove(id) {
    this.kept.delete(id);
  }

  /** @param {string} seat */
  async wipe(seat) {
    for (const entry of await this.list(seat)) this.kept.delete(entry.id);
  }
}

/** Web storage, in memory. */
export class Storage {
  /** @type {Map<string, string>} */
  kept = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.kept.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.kept.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.kept.delete(key);
  }
}

/** Lets everything that was promised happen. */
export async function settled() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
