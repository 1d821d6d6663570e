// What a person is told once in the notices: wrong codes on a link.
//
// Used by a Talk, which hands it the house's frames, and by the notices. What was read is kept on the shelf,
// by participants' numbers, without a name.

export class News {
  #shelf;

  /** @param {import("./shelf.js").Shelf} shelf */
  constructor(shelf) {
    this.#shelf = shelf;
  }

  /** @param {Frame} frame */
  take(frame) {
    this.#takes[frame.type]?.(frame);
  }

  /** @type {Record<string, (frame: Frame) => void>} */
  #takes = {
    "chat-state": ({ participants }) => this.#forgive(participants),
    "chat-guess": (frame) => this.#forgive([/** @type {any} */ (frame)]),
    "chat-invited": ({ participant }) => this.#forgive([{ participant, tries: 0 }]),
  };

  /** On whose link there were more wrong codes than the person here knows. @param {Participant[]} people */
  guesses(people) {
    const known = this.#knownTries;
    return people.filter(({ participant, tries }) => tries > (known[participant] ?? 0));
  }

  /** @param {Participant[]} people */
  readGuesses(people) {
    const known = Object.fromEntries(people.map(({ participant, tries }) => [participant, tries]));
    this.#shelf.keep("noticed", JSON.stringify({ ...this.#knownTries, ...known }));
  }

  /** By participant. @returns {Record<string, number>} */
  get #knownTries() {
    return read(this.#shelf.note("noticed"), {});
  }

  /**
   * Tries begin anew when somebody came in by the link, or when it was replaced: what was read does not count
   * for those that follow.
   * @param {{participant: string, tries: number}[]} people
   */
  #forgive(people) {
    const known = this.#knownTries;
    const anew = people.filter(({ participant, tries }) => tries < (known[participant] ?? 0));
    if (anew.length === 0) return;
    for (const { participant } of anew) delete known[participant];
    this.#shelf.keep("noticed", JSON.stringify(known));
  }
}

/** @template T @param {string} note @param {T} otherwise @returns {T} */
function read(note, otherwise) {
  return note === "" ? otherwise : JSON.parse(note);
}
