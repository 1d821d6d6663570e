// Where the tokens of links are kept for a reload, each for a day at most.
//
// Used by the page of a link. Each token is a Blob in a database of its own, as everything else that must go
// without a trace (see LocalStore). The name of that place says when it was made, and nothing of the link.
import { parseToken } from "./code.js";
import { eraseLocalStore, openLocalStore } from "./local-store.js";

/** After that, one has to open the link again. */
const TOKEN_KEPT_MS = 86_400_000;

export class LinkTokens {
  #databases;
  #prefix;
  #after;
  #now;

  /**
   * @param {object} parts
   * @param {() => IDBFactory | undefined} parts.databases
   * @param {string} parts.prefix of the names of databases
   * @param {Timer} parts.after
   * @param {() => number} parts.now
   */
  constructor({ databases, prefix, after, now }) {
    this.#databases = databases;
    this.#prefix = prefix;
    this.#after = after;
    this.#now = now;
  }

  /** The name of a new place. */
  makePlace() {
    return `${this.#now().toString(36)}.${Math.random().toString(36).slice(2)}`;
  }

  /**
   * @param {string} place @param {string} token
   * @param {() => boolean} isWanted asked again later: the person may have come in meanwhile
   */
  async keep(place, token, isWanted) {
    const store = await openLocalStore(this.#databases, this.#prefix + place, this.#after);
    if (isWanted()) store.keep("token", token);
    else await store.wipe();
  }

  /** @param {string} place */
  async token(place) {
    if (this.#isOld(place)) return void (await this.forget(place));
    const store = await openLocalStore(this.#databases, this.#prefix + place, this.#after);
    return parseToken(store.note("token"));
  }

  /** @param {string} place */
  forget(place) {
    return eraseLocalStore(this.#databases, this.#prefix + place, this.#after);
  }

  /** Those that were left without coming in. */
  async forgetOld() {
    for (const { name = "" } of await this.#kept()) {
      const place = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : "";
      if (place && this.#isOld(place)) await this.forget(place);
    }
  }

  /** @param {string} place */
  #isOld(place) {
    const [at = ""] = place.split(".");
    return this.#now() - parseInt(at, 36) > TOKEN_KEPT_MS;
  }

  /** Some browsers cannot list them, and some forbid to ask. @returns {Promise<IDBDatabaseInfo[]>} */
  async #kept() {
    try {
      return (await this.#databases()?.databases?.()) ?? [];
    } catch {
      return [];
    }
  }
}
