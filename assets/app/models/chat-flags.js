// What this browser notes of each chat beside the chat itself: pinned, muted, and that a draft waits in it.
//
// Used by the list of chats and by what rings, through an injected storage. Nothing that anybody wrote is in
// it: of a draft it says only that there is one, so that the list need not open the database of each chat.
//
// Events: "change", when something in it is otherwise.

/** @typedef {"pinned" | "muted" | "draft"} ChatFlag */

export class ChatFlags extends EventTarget {
  #storage;
  #key;
  /** What was read last, so that it is parsed once. */
  #written = "";
  /** @type {Record<string, ChatFlag[]>} */
  #flags = {};

  /**
   * @param {WebStorage} storage
   * @param {string} base the path of the house, which others may share
   */
  constructor(storage, base) {
    super();
    this.#storage = storage;
    this.#key = `parlour:${base}:flags`;
  }

  /** @param {string} seat @param {ChatFlag} flag */
  has(seat, flag) {
    return this.#of(seat).includes(flag);
  }

  /** @param {string} seat @param {ChatFlag} flag @param {boolean} isOn */
  set(seat, flag, isOn) {
    if (this.has(seat, flag) === isOn) return;
    const others = this.#of(seat).filter((one) => one !== flag);
    this.#write(seat, isOn ? [...others, flag] : others);
  }

  /** The chat is gone. @param {string} seat */
  forget(seat) {
    if (this.#of(seat).length > 0) this.#write(seat, []);
  }

  /** Another tab changed something under this key. @param {string | null} key */
  heed(key) {
    if (key === null || key === this.#key) this.#changed();
  }

  /** @param {string} seat */
  #of(seat) {
    return this.#read()[seat] ?? [];
  }

  /** @param {string} seat @param {ChatFlag[]} flags */
  #write(seat, flags) {
    const all = Object.entries({ ...this.#read(), [seat]: flags }).filter(([, its]) => its.length > 0);
    if (all.length === 0) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(Object.fromEntries(all)));
    this.#changed();
  }

  #read() {
    const written = this.#storage.getItem(this.#key) ?? "";
    if (written === this.#written) return this.#flags;
    this.#written = written;
    this.#flags = parsed(written);
    return this.#flags;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string} written @returns {Record<string, ChatFlag[]>} */
function parsed(written) {
  try {
    return JSON.parse(written || "{}");
  } catch {
    return {};
  }
}
