// What this browser keeps for one chat: messages that wait to be sent, and notes such as the draft.
//
// Used by the Outbox (messages) and by components (notes). Whatever a person wrote is kept as a Blob:
// browsers put each into a file of its own and remove that file with the row. Text in a row itself, or in web
// storage, stays readable in the browser's files long after it was deleted. Every chat has a database of its
// own, which goes with the chat. Where there is no IndexedDB, or it refuses to write, everything is kept in
// memory, until the page is closed.
//
// Events: "noted" when a note is otherwise; "change" when it turns out that this browser does not keep what
// is written, or does so again.
import {
  NOTES,
  adoptMessages,
  deleteMessage,
  messageKeys,
  openDatabase,
  putMessage,
  readNotes,
  requested,
  written,
} from "./database.js";

const DEADLINE_MS = 2_000;

/** @typedef {"draft" | "edit" | "about" | "title" | "others" | "noticed" | "renewals" | "token" |
 *   "deleting"} Note */

export class LocalStore extends EventTarget {
  /** Whether what is written now is there at the next visit. */
  isKept;
  #database;
  #erase;
  /**
   * This document's messages that wait, by their ids: whether each is on the disk.
   * @type {Map<string, boolean>}
   */
  #messages = new Map();
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
  #after;

  /**
   * @param {object} parts
   * @param {IDBDatabase | undefined} parts.database
   * @param {() => Promise<void>} parts.erase deletes the database
   * @param {Timer} parts.after
   * @param {Map<string, string>} [parts.notes]
   */
  constructor({ database, erase, after, notes = new Map() }) {
    super();
    this.isKept = database !== undefined;
    this.#database = database;
    this.#erase = erase;
    this.#after = after;
    this.#notes = notes;
  }

  /**
   * Whether the message is still this document's: another one may have taken over what it believed to be left
   * behind. Where nothing is kept, or not in time, nobody else can.
   * @param {OutboxEntry} message
   */
  async put(message) {
    const { id } = message;
    if (!this.#messages.has(id)) this.#messages.set(id, false);
    let isOurs = true;
    await this.#write(`message ${id}`, async (database) => {
      isOurs = await inTime(this.#after, this.#putNow(database, message));
    });
    if (!isOurs) this.#messages.delete(id);
    return isOurs;
  }

  /**
   * What cannot be written must not stay as it was: without the number under which it was sent it would be
   * said again.
   * @param {IDBDatabase} database @param {OutboxEntry} message
   */
  async #putNow(database, message) {
    const { id, owner } = message;
    try {
      const isOurs = await putMessage(database, message, this.#messages.get(id) ?? false);
      this.#note(id, isOurs);
      return isOurs;
    } catch (error) {
      await deleteMessage(database, [owner, id]);
      this.#note(id, false);
      throw error;
    }
  }

  /** @param {string} id @param {boolean} isWritten */
  #note(id, isWritten) {
    if (this.#messages.has(id)) this.#messages.set(id, isWritten);
  }

  /** @param {Pick<OutboxEntry, "owner" | "id">} message */
  async remove({ owner, id }) {
    this.#messages.delete(id);
    await this.#write(`message ${id}`, (database) => deleteMessage(database, [owner, id]));
  }

  /**
   * The other documents that messages here belong to, and which of this one's are not here any more.
   * @param {string} self
   */
  async look(self) {
    const known = [...this.#messages.keys()].filter((id) => this.#messages.get(id));
    const keys = await this.#read((database) => messageKeys(database));
    if (!keys) return { owners: [], lost: [] };
    const owners = new Set(keys.map(([owner]) => owner).filter((owner) => owner !== self));
    const own = new Set(keys.filter(([owner]) => owner === self).map(([, id]) => id));
    const lost = known.filter((id) => this.#messages.has(id) && !own.has(id));
    for (const id of lost) this.#messages.delete(id);
    return { owners: [...owners], lost };
  }

  /** What was that document's is this one's from now on. @param {string} from @param {string} self */
  async adopt(from, self) {
    const adopted = (await this.#read((database) => adoptMessages(database, from, self))) ?? [];
    for (const { id } of adopted) this.#messages.set(id, true);
    return adopted;
  }

  /**
   * Nothing where there is no database, or none that answers.
   * @template T @param {(database: IDBDatabase) => Promise<T>} read
   */
  async #read(read) {
    const database = this.#database;
    return database && inTime(this.#after, read(database)).catch(() => undefined);
  }

  /** @param {Note} name */
  note(name) {
    return this.#notes.get(name) ?? "";
  }

  /** Whether something of the person would be lost if the page was closed now. */
  get isUnsaved() {
    return !this.isKept && (this.#messages.size > 0 || this.hasDraft);
  }

  /** Whether something is half-written. */
  get hasDraft() {
    return (this.note("draft") + this.note("edit")).trim() !== "";
  }

  /** Another tab has written it already. @param {Note} name @param {string} text */
  learn(name, text) {
    this.#unwritten.delete(name);
    this.#set(name, text);
  }

  /** @param {Note} name @param {string} text */
  #set(name, text) {
    this.#notes.set(name, text);
    this.dispatchEvent(new Event("noted"));
  }

  /** An empty text removes the note. @param {Note} name @param {string} text */
  keep(name, text) {
    if (this.note(name) === text) return;
    this.#set(name, text);
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
    return this.#write(`note ${name}`, async (database) => {
      const transaction = database.transaction(NOTES, "readwrite");
      const rows = transaction.objectStore(NOTES);
      await written(transaction, text ? rows.put(new Blob([text]), name) : rows.delete(name));
    });
  }

  /**
   * A browser that refuses to write (a full disk, private browsing) still has it in memory.
   * @param {string} place
   * @param {(database: IDBDatabase) => Promise<unknown>} act
   */
  async #write(place, act) {
    const database = this.#database;
    if (!database) return;
    try {
      await act(database);
      this.#refused.delete(place);
    } catch {
      // Of a chat that was wiped meanwhile nothing is to be kept.
      if (this.#database !== database) return;
      this.#refused.set(place, () => this.#write(place, act));
      return this.#noteKept();
    }
    this.#noteKept();
    // It takes something again: what it refused before as well.
    const [next] = this.#refused.values();
    await next?.();
  }

  /** Tells when that has changed. */
  #noteKept() {
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
    if (!factory) return new LocalStore({ database: undefined, erase, after });
    const database = await inTime(after, openDatabase(factory, name));
    return new LocalStore({ database, erase, after, notes: await inTime(after, readNotes(database)) });
  } catch {
    return new LocalStore({ database: undefined, erase, after });
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
