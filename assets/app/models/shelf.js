/**
 * Where waiting messages outlive the page: IndexedDB, and where a browser has none (some private windows), memory.
 * Used by the outbox through its `Shelf` type.
 */

/** @typedef {import("./outbox.js").Pending} Pending */

const STORE = "outbox";

/** @returns {import("./outbox.js").Shelf} */
export function openShelf() {
  if (globalThis.indexedDB === undefined) return memoryShelf();
  const opened = open().catch(() => null);
  const memory = memoryShelf();
  return {
    all: async (seat) => {
      const database = await opened;
      if (database === null) return memory.all(seat);
      const rows = await done(store(database, "readonly").getAll());
      return /** @type {Pending[]} */ (rows).filter((message) => message.seat === seat);
    },
    put: async (message) => {
      const database = await opened;
      if (database === null) return memory.put(message);
      await done(store(database, "readwrite").put(message));
    },
    remove: async (id) => {
      const database = await opened;
      if (database === null) return memory.remove(id);
      await done(store(database, "readwrite").delete(id));
    },
  };
}

/** @returns {import("./outbox.js").Shelf} */
export function memoryShelf() {
  /** @type {Map<string, Pending>} */
  const kept = new Map();
  return {
    all: async (seat) => [...kept.values()].filter((message) => message.seat === seat),
    put: async (message) => void kept.set(message.id, { ...message }),
    remove: async (id) => void kept.delete(id),
  };
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  const request = indexedDB.open("parlour", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return /** @type {Promise<IDBDatabase>} */ (done(request));
}

/**
 * @param {IDBDatabase} database
 * @param {IDBTransactionMode} mode
 */
function store(database, mode) {
  return database.transaction(STORE, mode).objectStore(STORE);
}

/** @param {IDBRequest} request */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
