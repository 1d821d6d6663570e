// Where the tokens of links are kept for a reload, each for a day at most.
//
// Each has a Blob in a database of its own, as everything else that must go without a trace (see Shelf). The
// name of that place says when it was made, and nothing of the link.
import { parseToken } from "./code.js";
import { eraseShelf, openShelf } from "./shelf.js";

/** Who has not come in by then opens the link once more. */
const KEPT_MS = 86_400_000;

export class Doors {
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
  make() {
    return `${this.#now().toString(36)}.${Math.random().toString(36).slice(2)}`;
  }

  /**
   * @param {string} door @param {string} token
   * @param {() => boolean} isWanted asked again when the place is there: somebody may have come in meanwhile
   */
  async keep(door, token, isWanted) {
    const shelf = await openShelf(this.#databases, this.#prefix + door, this.#after);
    if (isWanted()) shelf.keep("token", token);
    else await shelf.wipe();
  }

  /** @param {string} door */
  async token(door) {
    if (this.#isOld(door)) return void (await this.forget(door));
    const shelf = await openShelf(this.#databases, this.#prefix + door, this.#after);
    return parseToken(shelf.note("token"));
  }

  /** @param {string} door */
  forget(door) {
    return eraseShelf(this.#databases, this.#prefix + door, this.#after);
  }

  /** Those that were left without coming in. */
  async forgetOld() {
    for (const { name = "" } of await this.#kept()) {
      const door = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : "";
      if (door && this.#isOld(door)) await this.forget(door);
    }
  }

  /** @param {string} door */
  #isOld(door) {
    const [at = ""] = door.split(".");
    return this.#now() - parseInt(at, 36) > KEPT_MS;
  }

  /** Some browsers cannot tell, and some forbid to ask. @returns {Promise<IDBDatabaseInfo[]>} */
  async #kept() {
    try {
      return (await this.#databases()?.databases?.()) ?? [];
    } catch {
      return [];
    }
  }
}
