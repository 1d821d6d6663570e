// What this browser keeps between visits: one device secret, which link leads to which seat, drafts.
//
// Used by every page through an injected storage. Everything about a chat is keyed by its seat, so that two
// seats in one browser, or in two tabs, never mix. Tokens and codes are never kept: a link is recognised by
// a short fingerprint. Where storage is forbidden it works in memory, until the page is closed.
import { fingerprint } from "./code.js";

export class Seats {
  #storage;
  #prefix;

  /**
   * @param {WebStorage | undefined} storage
   * @param {string} base the path of the house, which others may share
   */
  constructor(storage, base) {
    this.#storage = forgiving(storage);
    this.#prefix = `parlour:${base}:`;
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
    return this.#doors()[fingerprint(token)];
  }

  /** Every seat that a link opened here. */
  all() {
    return [...new Set(Object.values(this.#doors()))];
  }

  /** @param {string} token @param {string} seat */
  remember(token, seat) {
    this.#set("doors", JSON.stringify({ ...this.#doors(), [fingerprint(token)]: seat }));
  }

  /** @param {string} seat */
  draft(seat) {
    return this.#get(`draft:${seat}`) ?? "";
  }

  /** @param {string} seat @param {string} text */
  keepDraft(seat, text) {
    this.#set(`draft:${seat}`, text || undefined);
  }

  /** The others of a seat's chat, so that it can be said who ended it. @param {string} seat */
  others(seat) {
    return this.#get(`others:${seat}`);
  }

  /** @param {string} seat @param {string} names */
  keepOthers(seat, names) {
    this.#set(`others:${seat}`, names);
  }

  /**
   * Wrong codes on this participant's link that the person here knows of.
   * @param {string} seat
   * @param {string} who
   */
  noticed(seat, who) {
    return Number(this.#get(`noticed:${seat}:${who}`) ?? 0);
  }

  /** @param {string} seat @param {string} who @param {number} tries */
  notice(seat, who, tries) {
    this.#set(`noticed:${seat}:${who}`, String(tries));
    const known = this.#get(`noticed:${seat}`)?.split(" ") ?? [];
    this.#set(`noticed:${seat}`, [...new Set([...known, who])].join(" "));
  }

  /** Removes everything about a seat that is gone. @param {string} seat */
  forget(seat) {
    const doors = Object.entries(this.#doors()).filter(([, behind]) => behind !== seat);
    this.#set("doors", doors.length > 0 ? JSON.stringify(Object.fromEntries(doors)) : undefined);
    this.keepDraft(seat, "");
    this.#set(`others:${seat}`, undefined);
    for (const who of this.#get(`noticed:${seat}`)?.split(" ") ?? [])
      this.#set(`noticed:${seat}:${who}`, undefined);
    this.#set(`noticed:${seat}`, undefined);
  }

  /** @returns {Record<string, string>} */
  #doors() {
    try {
      return JSON.parse(this.#get("doors") ?? "{}");
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
