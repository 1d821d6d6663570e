// Where messages wait that were typed and not yet taken: IndexedDB, or web storage where there is none.
//
// Used by the Outbox only. Every entry has its seat, and what is wiped for one seat leaves the others
// alone. A message is removed as soon as the house has it.

const TABLE = "outbox";

/**
 * @param {IDBFactory | undefined} factory
 * @param {WebStorage} storage used where IndexedDB is missing or refuses
 * @param {string} prefix
 * @returns {Promise<OutboxStore>}
 */
export async function openOutboxStore(factory, storage, prefix) {
  try {
    if (!factory) return storageStore(storage, prefix);
    return databaseStore(await openDatabase(factory, prefix));
  } catch {
    return storageStore(storage, prefix);
  }
}

/** @param {IDBFactory} factory @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(factory, name) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(TABLE, { keyPath: "id" }).createIndex("seat", "seat");
  };
  return settled(request);
}

/** @param {IDBDatabase} database @returns {OutboxStore} */
function databaseStore(database) {
  /** @param {IDBTransactionMode} mode */
  const table = (mode) => database.transaction(TABLE, mode).objectStore(TABLE);
  return {
    list: (seat) => settled(table("readonly").index("seat").getAll(seat)),
    put: (entry) => settled(table("readwrite").put(entry)).then(() => {}),
    remove: (id) => settled(table("readwrite").delete(id)),
    async wipe(seat) {
      const rows = table("readwrite");
      const ids = await settled(rows.index("seat").getAllKeys(seat));
      await Promise.all(ids.map((id) => settled(rows.delete(id))));
    },
  };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {WebStorage} storage @param {string} prefix @returns {OutboxStore} */
export function storageStore(storage, prefix) {
  const key = `${prefix}:${TABLE}`;
  /** @returns {OutboxEntry[]} */
  const read = () => JSON.parse(storage.getItem(key) ?? "[]");
  /** @param {OutboxEntry[]} entries */
  const write = (entries) => {
    if (entries.length > 0) storage.setItem(key, JSON.stringify(entries));
    else storage.removeItem(key);
  };
  return {
    list: async (seat) => read().filter((entry) => entry.seat === seat),
    put: async (entry) => write([...read().filter((other) => other.id !== entry.id), entry]),
    remove: async (id) => write(read().filter((entry) => entry.id !== id)),
    wipe: async (seat) => write(read().filter((entry) => entry.seat !== seat)),
  };
}
