// What a person is told once in the notices: wrong codes on a link, and links that were replaced.
//
// Used by a ChatSession, which says what the house tells, and by <parlour-notices>. What was not read yet is
// kept in the local store, so that a page that is opened again says it; by participants' numbers, without a
// name.
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

  /** The chat was opened. @param {Participant[]} participants */
  opened(participants) {
    // What was told while the line was gone is not told again.
    this.#owed = "";
    this.#forgive(participants);
  }

  /** @param {string} participant @param {number} tries with a wrong code on their link */
  guessed(participant, tries) {
    this.#forgive([{ participant, tries }]);
  }

  /** A link was replaced. @param {Renewal} renewal @param {string} me */
  invited(renewal, me) {
    this.#forgive([{ participant: renewal.participant, tries: 0 }]);
    const isMine = renewal.by === me;
    if (isMine && renewal.participant === this.#asking) this.#held.push(renewal);
    else if (isMine && renewal.participant === this.#owed) this.#owed = "";
    else this.#keep(renewal);
  }

  /**
   * Runs a request for a new link: what the house tells everybody of it is no news to the person who asked
   * for it here, whether it is told before the answer or after it. Without an answer it is news.
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
   * Tries start again from zero when somebody came in by the link, or when it was replaced: what was read
   * does not count for those that follow.
   * @param {{participant: string, tries: number}[]} people
   */
  #forgive(people) {
    const known = this.#knownTries;
    const fewer = people.filter(({ participant, tries }) => tries < (known[participant] ?? 0));
    if (fewer.length === 0) return;
    for (const { participant } of fewer) delete known[participant];
    this.#store.keep("noticed", JSON.stringify(known));
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
