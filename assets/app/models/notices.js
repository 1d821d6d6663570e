// What a person is told once in the notices: wrong codes on a link, and links that were replaced.
//
// Used by a ChatSession, which hands it the house's frames, and by the notices. What was not read yet is kept on the
// store, so that a page that is opened again says it; by participants' numbers, without a name.
//
// Events: "change", when there are other renewals to be told of.

/** A link that was replaced: whose, and by whom. @typedef {{participant: string, by: string}} Renewal */

export class Notices extends EventTarget {
  #store;
  /** Whose link this page is replacing just now. */
  #asking = "";
  /** Whose replacement, made by this page, the house has still to tell everybody. */
  #owed = "";
  /** What was told while it was asked for. @type {Renewal[]} */
  #held = [];

  /** @param {import("./local-store.js").LocalStore} store */
  constructor(store) {
    super();
    this.#store = store;
  }

  /** Links that were replaced, the last one at the end. @returns {Renewal[]} */
  get renewals() {
    return read(this.#store.note("renewals"), []);
  }

  /** @param {Frame} frame @param {string} me */
  take(frame, me) {
    this.#takes[frame.type]?.(frame, me);
  }

  /** @type {Record<string, (frame: Frame, me: string) => void>} */
  #takes = {
    "chat-state": ({ participants }) => {
      // What was told while the line was gone is not told again.
      this.#owed = "";
      this.#forgive(participants);
    },
    "chat-guess": (frame) => this.#forgive([/** @type {any} */ (frame)]),
    "chat-invited": ({ participant, by }, me) => {
      this.#forgive([{ participant, tries: 0 }]);
      this.#renewed({ participant, by }, me);
    },
  };

  /**
   * Runs a request for a new link: what the house tells everybody of it is no news to whoever asked for it
   * here, whether it is told before the answer or after it. Without an answer it is news.
   * @template T
   * @param {string} participant
   * @param {() => Promise<T>} request
   */
  async own(participant, request) {
    this.#asking = participant;
    try {
      const answer = await request();
      if (!this.#held.shift()) this.#owed = participant;
      return answer;
    } finally {
      this.#asking = "";
      for (const renewal of this.#held.splice(0)) this.#keep(renewal);
    }
  }

  readRenewals() {
    this.#store.keep("renewals", "");
    this.dispatchEvent(new Event("change"));
  }

  /** On whose link there were more wrong codes than the person here knows. @param {Participant[]} people */
  guesses(people) {
    const known = this.#knownTries;
    return people.filter(({ participant, tries }) => tries > (known[participant] ?? 0));
  }

  /** @param {Participant[]} people */
  readGuesses(people) {
    const known = Object.fromEntries(people.map(({ participant, tries }) => [participant, tries]));
    this.#store.keep("noticed", JSON.stringify({ ...this.#knownTries, ...known }));
  }

  /** By participant. @returns {Record<string, number>} */
  get #knownTries() {
    return read(this.#store.note("noticed"), {});
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
    this.#store.keep("noticed", JSON.stringify(known));
  }

  /** @param {Renewal} renewal @param {string} me */
  #renewed(renewal, me) {
    const isOwnKey = renewal.by === me;
    if (isOwnKey && renewal.participant === this.#asking) this.#held.push(renewal);
    else if (isOwnKey && renewal.participant === this.#owed) this.#owed = "";
    else this.#keep(renewal);
  }

  /** The same once more takes the place of the first. @param {Renewal} renewal */
  #keep(renewal) {
    const others = this.renewals.filter(
      ({ participant, by }) => participant !== renewal.participant || by !== renewal.by,
    );
    this.#store.keep("renewals", JSON.stringify([...others, renewal]));
    this.dispatchEvent(new Event("change"));
  }
}

/** @template T @param {string} note @param {T} otherwise @returns {T} */
function read(note, otherwise) {
  return note === "" ? otherwise : JSON.parse(note);
}
