// The ids of one page's messages: a random producer, and a sequence that counts from one (docs/protocol.md,
// "Once and in order").
//
// Used by an Outbox, one for each chat. A producer is never kept for a later page, nor shared with a tab.

const DIGITS = 16;

export class Producer {
  name;
  #sequence = 0;

  /** @param {string} name 64 random bits as 16 hexadecimal digits */
  constructor(name) {
    this.name = name;
  }

  /** The id of the next message that is sent. */
  next() {
    this.#sequence += 1;
    return this.name + this.#sequence.toString(16).padStart(DIGITS, "0");
  }
}

/** @param {string} number the id of a message */
export function producerOf(number) {
  return number.slice(0, DIGITS);
}
