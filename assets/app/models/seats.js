// What this browser keeps between visits: one device secret, and which link leads to which seat.
//
// Used by every page through an injected storage. Nothing that anybody wrote is kept here: web storage
// leaves what was removed in the browser's files (see LocalStore). Tokens and codes are never kept: a link is
// recognised by a short fingerprint.
import { fingerprint } from "./code.js";

export class Seats {
  #storage;
  #prefix;

  /**
   * @param {WebStorage} storage
   * @param {string} base the path of the house, which others may share
   */
  constructor(storage, base) {
    this.#storage = storage;
    this.#prefix = `parlour:${base}:`;
  }

  /** Whether what is set now is there at the next visit. */
  get isKept() {
    return this.#storage.isKept ?? true;
  }

  get device() {
    return this.#get("device");
  }

  set device(secret) {
    this.#set("device", secret);
  }

  get incarnation() {
    return this.#get("incarnation");
  }

  set incarnation(id) {
    this.#set("incarnation", id);
  }

  /** The seat that this link opened here before. @param {string} token */
  behind(token) {
    return this.#links()[fingerprint(token)];
  }

  /** Every seat that a link opened here. */
  all() {
    return [...new Set(Object.values(this.#links()))];
  }

  /** Whether a link opened this seat here. @param {string} seat */
  holds(seat) {
    return this.all().includes(seat);
  }

  /** Whether a change of web storage under this key is a change of seats. @param {string | null} key */
  isOwnKey(key) {
    return key === null || key === `${this.#prefix}links`;
  }

  /** @param {string} token @param {string} seat */
  remember(token, seat) {
    this.#set("links", JSON.stringify({ ...this.#links(), [fingerprint(token)]: seat }));
  }

  /** The seat is gone. @param {string} seat */
  forget(seat) {
    const links = Object.entries(this.#links()).filter(([, behind]) => behind !== seat);
    this.#set("links", links.length > 0 ? JSON.stringify(Object.fromEntries(links)) : undefined);
  }

  /** @returns {Record<string, string>} */
  #links() {
    try {
      return JSON.parse(this.#get("links") ?? "{}");
    } catch {
      return {};
    }
  }

  /** @param {string} key */
  #get(key) {
    return this.#storage.getItem(this.#prefix + key) ?? undefined;
  }

  /** @param {string} key @param {string | undefined} value */
  #set(key, value) {
    if (value === undefined) this.#storage.removeItem(this.#prefix + key);
    else this.#storage.setItem(this.#prefix + key, value);
  }
}

/**
 * Browsers that forbid storage throw at every use; then memory has to do.
 * @param {WebStorage | undefined} storage
 * @returns {WebStorage}
 */
export function forgiving(storage) {
  /** @type {Map<string, string>} */
  const memory = new Map();
  return {
    get isKept() {
      return memory.size === 0;
    },
    getItem(key) {
      return memory.get(key) ?? attempt(() => storage?.getItem(key)) ?? null;
    },
    setItem(key, value) {
      const kept = attempt(() => (storage?.setItem(key, value), storage !== undefined));
      if (kept) memory.delete(key);
      else memory.set(key, value);
    },
    removeItem(key) {
      memory.delete(key);
      attempt(() => storage?.removeItem(key));
    },
  };
}

/** @template T @param {() => T} act @returns {T | undefined} */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
