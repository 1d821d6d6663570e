// What this browser keeps for one chat: messages that wait to be sent, and notes such as the draft.
//
// Used by the Outbox (messages) and by components (notes). Every chat has a database of its own: when
// a chat is gone its database is deleted, and deleting a whole database is what also takes the text out of
// the browser's files; a deleted row or a removed item of web storage can stay in them for months. Where
// there is no IndexedDB everything is kept in memory, until the page is closed.

const MESSAGES = "messages";
const NOTES = "notes";

/** @typedef {"draft" | "others" | "noticed"} Note */

export class Shelf {
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
   * @param {object} parts
   * @param {IDBDatabase | undefined} parts.database
   * @param {() => Promise<void>} parts.erase deletes the database
   * @param {OutboxEntry[]} [parts.messages] what was kept
   * @param {Map<string, string>} [parts.notes]
   */
  constructor({ database, erase, messages = [], notes = new Map() }) {
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
    await this.#write(MESSAGES, (rows) => rows.put({ ...message }));
  }

  /** @param {string} id */
  async remove(id) {
    this.#messages.delete(id);
    await this.#write(MESSAGES, (rows) => rows.delete(id));
  }

  /** @param {Note} name */
  note(name) {
    return this.#notes.get(name) ?? "";
  }

  /** An empty text removes the note. @param {Note} name @param {string} text */
  keep(name, text) {
    if (this.note(name) === text) return;
    this.#notes.set(name, text);
    this.#unwritten.set(name, text);
    if (!this.#isWriting) this.#writeNotes();
  }

  /** The chat is gone, and everything that was kept for it. */
  async wipe() {
    this.#messages.clear();
    this.#notes.clear();
    this.#unwritten.clear();
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
      await this.#write(NOTES, (rows) => (text ? rows.put(text, name) : rows.delete(name)));
    }
    this.#isWriting = false;
  }

  /**
   * A browser that refuses to write (a full disk, private browsing) still has it in memory.
   * @param {string} table
   * @param {(rows: IDBObjectStore) => IDBRequest} act
   */
  async #write(table, act) {
    try {
      const rows = this.#database?.transaction(table, "readwrite").objectStore(table);
      if (rows) await settled(act(rows));
    } catch {
      // Memory has it.
    }
  }
}

/** @param {IDBFactory | undefined} factory @param {string} name of the database @returns {Promise<Shelf>} */
export async function openShelf(factory, name) {
  const erase = async () => void (factory && (await settled(factory.deleteDatabase(name)).catch(() => {})));
  try {
    if (!factory) return new Shelf({ database: undefined, erase });
    const database = await openDatabase(factory, name);
    return new Shelf({ database, erase, ...(await readAll(database)) });
  } catch {
    return new Shelf({ database: undefined, erase });
  }
}

/** @param {IDBFactory} factory @param {string} name */
async function openDatabase(factory, name) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(MESSAGES, { keyPath: "id" });
    request.result.createObjectStore(NOTES);
  };
  const database = await settled(request);
  // Another tab deletes it: the chat is gone.
  database.onversionchange = () => database.close();
  return database;
}

/** @param {IDBDatabase} database */
async function readAll(database) {
  const kept = database.transaction([MESSAGES, NOTES]);
  const rows = kept.objectStore(NOTES);
  const [messages, names, texts] = await Promise.all([
    settled(kept.objectStore(MESSAGES).getAll()),
    settled(rows.getAllKeys()),
    settled(rows.getAll()),
  ]);
  return { messages, notes: new Map(names.map((name, at) => [String(name), String(texts[at])])) };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
