// How this browser wants its page, and what it tells about the person: kept here, for every chat of a house.
//
// Used by every page through an injected storage. Nothing of a chat is in it, but for one emoji. What is not
// set is as the browser has it (language, look), told (typing, seen, here), or silent (alerts).

/** @typedef {"typing" | "seen" | "here"} PrivacySetting */
/** @typedef {"sound" | "screen" | "content"} Alert */

/** @type {PrivacySetting[]} */
export const PRIVACY_SETTINGS = ["typing", "seen", "here"];

export class Preferences {
  #storage;
  #prefix;

  /**
   * @param {WebStorage} storage
   * @param {string} base the path of the house, which others may share
   */
  constructor(storage, base) {
    this.#storage = storage;
    this.#prefix = `parlour:${base}:preferences:`;
  }

  /** A language such as `de`, or nothing: as the browser has it. */
  get language() {
    return this.#get("language");
  }

  set language(tag) {
    this.#set("language", tag);
  }

  /** `light` or `dark`, or nothing: as the device has it. */
  get theme() {
    return this.#get("theme");
  }

  set theme(theme) {
    this.#set("theme", theme);
  }

  /** The emoji that was last chosen from all of them, or nothing. */
  get emoji() {
    return this.#get("emoji");
  }

  set emoji(emoji) {
    this.#set("emoji", emoji);
  }

  /** @param {PrivacySetting} setting */
  shares(setting) {
    return this.#get(`withholds ${setting}`) === undefined;
  }

  /** @param {PrivacySetting} setting @param {boolean} isShared */
  share(setting, isShared) {
    this.#set(`withholds ${setting}`, isShared ? "" : "yes");
  }

  /** What this device does not tell, and is therefore not told. */
  get withholds() {
    return PRIVACY_SETTINGS.filter((setting) => !this.shares(setting));
  }

  /** @param {Alert} alert */
  wants(alert) {
    return this.#get(`alert ${alert}`) !== undefined;
  }

  /** @param {Alert} alert @param {boolean} isWanted */
  want(alert, isWanted) {
    this.#set(`alert ${alert}`, isWanted ? "yes" : "");
  }

  /** Whether a change of web storage under this key is a change of preferences. @param {string | null} key */
  isOwnKey(key) {
    return key === null || key.startsWith(this.#prefix);
  }

  /** @param {string} key */
  #get(key) {
    return this.#storage.getItem(this.#prefix + key) ?? undefined;
  }

  /** @param {string} key @param {string | undefined} value */
  #set(key, value) {
    if (value) this.#storage.setItem(this.#prefix + key, value);
    else this.#storage.removeItem(this.#prefix + key);
  }
}
