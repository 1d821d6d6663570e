// What this browser keeps for one chat: messages that wait to be sent, and notes such as the draft.
//
// Used by the Outbox (messages) and by components (notes). Whatever a person wrote is kept as a Blob:
// browsers put each into a file of its own and remove that file with the row. Text in a row itself, or in web
// storage, stays readable in the browser's files long after it was deleted. Every chat has a database of its
// own, which goes with the chat. Where there is no IndexedDB, or it refuses to write, everything is kept in
// memory, until the page is closed.
//
// Events: "change" when it turns out that this browser does not keep what is written, or does so again.
import { MESSAGES, NOTES, openDatabase, readAll, requested, written } from "./database.js";

const DEADLINE_MS = 2_000;

/** @typedef {"draft" | "others" | "noticed" | "renewals" | "token"} Note */

export class LocalStore extends EventTarget {
  /** Whether what is written now is there at the next visit. */
  isKept;
  #database;
  #erase;
  /** @type {Map<string, OutboxEntry>} */
  #messages;
  /** @type {Map<string, string>} */
  #notes;
  /** Notes that changed while one was being written. @type {Map<string, string>} */
  #unwritten = new Map();
  #isWriting = false;
  /**
   * What the browser refused to write, by its place: how to try once more.
   *
   * @type {Map<string, () => Promise<void>>}
   */
  #refused = new Map();

  /**
   * @param {object} parts
   * @param {IDBDatabase | undefined} parts.database
   * @param {() => Promise<void>} parts.erase deletes the database
   * @param {OutboxEntry[]} [parts.messages] what was kept
   * @param {Map<string, string>} [parts.notes]
   */
  constructor({ database, erase, messages = [], notes = new Map() }) {
    super();
    this.isKept = database !== undefined;
    this.#database = database;
    this.#erase = erase;
    this.#messages = new Map(messages.map((message) => [message.id, message]));
    this.#notes = notes;
  }

  /** What an earlier page left here. */
  get messages() {
    return [...this.#messages.values()];
  }

  /** @param {OutboxEntry} message */
  async put(message) {
    this.#messages.set(message.id, message);
    const { text, ...rest } = message;
    await this.#write(MESSAGES, message.id, (rows) => rows.put({ ...rest, text: new Blob([text]) }));
  }

  /** @param {string} id */
  async remove(id) {
    this.#messages.delete(id);
    await this.#write(MESSAGES, id, (rows) => rows.delete(id));
  }

  /** @param {Note} name */
  note(name) {
    return this.#notes.get(name) ?? "";
  }

  /** Whether something of the person would be lost if the page was closed now. */
  get isUnsaved() {
    return !this.isKept && (this.#messages.size > 0 || this.note("draft").trim() !== "");
  }

  /** Another tab has written it already. @param {Note} name @param {string} text */
  learn(name, text) {
    this.#unwritten.delete(name);
    this.#notes.set(name, text);
  }

  /** An empty text removes the note. @param {Note} name @param {string} text */
  keep(name, text) {
    if (this.note(name) === text) return;
    this.#notes.set(name, text);
    this.#unwritten.set(name, text);
    if (!this.#isWriting) this.#writeNotes();
  }

  /** The page goes: what is not written yet is handed to the browser now. */
  flush() {
    for (const [name, text] of this.#unwritten) this.#writeNote(name, text);
    this.#unwritten.clear();
  }

  /** The chat is gone, and everything that was kept for it. */
  async wipe() {
    this.#messages.clear();
    this.#notes.clear();
    this.#unwritten.clear();
    this.#refused.clear();
    this.#database?.close();
    this.#database = undefined;
    await this.#erase();
  }

  /** One write at a time: of what is typed meanwhile only the last counts. */
  async #writeNotes() {
    this.#isWriting = true;
    while (this.#unwritten.size > 0) {
      const [[name, text]] = /** @type {[[string, string]]} */ ([...this.#unwritten]);
      this.#unwritten.delete(name);
      await this.#writeNote(name, text);
    }
    this.#isWriting = false;
  }

  /** @param {string} name @param {string} text */
  #writeNote(name, text) {
    return this.#write(NOTES, name, (rows) => (text ? rows.put(new Blob([text]), name) : rows.delete(name)));
  }

  /**
   * A browser that refuses to write (a full disk, private browsing) still has it in memory.
   * @param {string} table
   * @param {string} key
   * @param {(rows: IDBObjectStore) => IDBRequest} act
   */
  async #write(table, key, act) {
    const database = this.#database;
    if (!database) return;
    const place = `${table} ${key}`;
    try {
      const transaction = database.transaction(table, "readwrite");
      await written(transaction, act(transaction.objectStore(table)));
      this.#refused.delete(place);
    } catch {
      // Of a chat that was wiped meanwhile nothing is to be kept.
      if (this.#database !== database) return;
      this.#refused.set(place, () => this.#write(table, key, act));
      return this.#look();
    }
    this.#look();
    // It takes something again: what it refused before as well.
    const [next] = this.#refused.values();
    await next?.();
  }

  /** Tells when that has changed. */
  #look() {
    const isKept = this.#refused.size === 0;
    if (this.isKept === isKept) return;
    this.isKept = isKept;
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * A database that does not answer in time (another tab holds it and sleeps) is as good as none.
 * @param {() => IDBFactory | undefined} find the browser's databases; some browsers forbid even to ask
 * @param {string} name of the database
 * @param {Timer} after
 * @returns {Promise<LocalStore>}
 */
export async function openLocalStore(find, name, after) {
  const erase = () => eraseLocalStore(find, name, after);
  try {
    const factory = find();
    if (!factory) return new LocalStore({ database: undefined, erase });
    const database = await inTime(after, openDatabase(factory, name));
    return new LocalStore({ database, erase, ...(await inTime(after, readAll(database))) });
  } catch {
    return new LocalStore({ database: undefined, erase });
  }
}

/**
 * Without a look at what is in it: a file that was read is removed only when the reader has forgotten it.
 * @param {() => IDBFactory | undefined} find
 * @param {string} name
 * @param {Timer} after
 */
export async function eraseLocalStore(find, name, after) {
  await inTime(after, deleted(find, name)).catch(() => {});
}

/** @param {() => IDBFactory | undefined} find @param {string} name */
async function deleted(find, name) {
  const factory = find();
  if (factory) await requested(factory.deleteDatabase(name));
}

/** @template T @param {Timer} after @param {Promise<T>} promise @returns {Promise<T>} */
function inTime(after, promise) {
  return new Promise((resolve, reject) => {
    const cancel = after(DEADLINE_MS, () => reject(new Error("too late")));
    promise.then(resolve, reject).finally(cancel);
  });
}
