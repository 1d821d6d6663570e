/**
 * What this browser keeps: its device secret, and which seat a link led to. In web storage, which belongs to one
 * origin; never in a cookie, which every port of a home server would share.
 */

const SECRET = "parlour.device";
const LINKS = "parlour.links";
const DRAFT = "parlour.draft.";

export class Device {
  #storage;

  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @returns {string | null} */
  get secret() {
    return this.#storage.getItem(SECRET);
  }

  /** @param {string} secret */
  keepSecret(secret) {
    this.#storage.setItem(SECRET, secret);
  }

  /**
   * Remembers which seat a link leads to, by a fingerprint from which the link cannot be had.
   * @param {string} token
   * @param {string} seat
   */
  keepLink(token, seat) {
    this.#write({ ...this.#links(), [fingerprint(token)]: seat });
  }

  /**
   * @param {string} token
   * @returns {string | null}
   */
  seatOf(token) {
    return this.#links()[fingerprint(token)] ?? null;
  }

  /**
   * What was being written at a seat.
   * @param {string} seat
   */
  draft(seat) {
    return this.#storage.getItem(DRAFT + seat) ?? "";
  }

  /**
   * @param {string} seat
   * @param {string} text
   */
  keepDraft(seat, text) {
    if (text === "") this.#storage.removeItem(DRAFT + seat);
    else this.#storage.setItem(DRAFT + seat, text);
  }

  /**
   * The seat is gone: nothing of it stays here.
   * @param {string} seat
   */
  forget(seat) {
    this.#storage.removeItem(DRAFT + seat);
    const links = Object.entries(this.#links()).filter(([, held]) => held !== seat);
    this.#write(Object.fromEntries(links));
  }

  /** @returns {Record<string, string>} */
  #links() {
    try {
      return JSON.parse(this.#storage.getItem(LINKS) ?? "{}");
    } catch {
      return {};
    }
  }

  /** @param {Record<string, string>} links */
  #write(links) {
    this.#storage.setItem(LINKS, JSON.stringify(links));
  }
}

/**
 * 53 bits of a 128-bit token (FNV-1a, twice): enough to tell one household's links apart, far too few to get one back.
 * crypto.subtle would be the usual way and is missing on plain HTTP.
 * @param {string} token
 */
export function fingerprint(token) {
  let [low, high] = [0x811c9dc5, 0x1000193];
  for (const letter of token.toUpperCase()) {
    const code = letter.charCodeAt(0);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + low), 0x85ebca6b);
  }
  return (high >>> 11).toString(36) + (low >>> 0).toString(36);
}
