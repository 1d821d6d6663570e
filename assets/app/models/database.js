// One chat's IndexedDB: a table of messages that wait, and one of notes. Texts in it are Blobs. Stateless.

export const MESSAGES = "messages";
export const NOTES = "notes";

/** @param {IDBFactory} factory @param {string} name */
export async function openDatabase(factory, name) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(MESSAGES, { keyPath: "id" });
    request.result.createObjectStore(NOTES);
  };
  const database = await requested(request);
  // Another tab deletes it: the chat is gone.
  database.onversionchange = () => database.close();
  return database;
}

/** @param {IDBDatabase} database */
export async function readAll(database) {
  const kept = database.transaction([MESSAGES, NOTES]);
  const rows = kept.objectStore(NOTES);
  const [messages, names, texts] = await Promise.all([
    requested(kept.objectStore(MESSAGES).getAll()),
    requested(rows.getAllKeys()),
    requested(rows.getAll()),
  ]);
  const notes = await Promise.all(names.map(async (name, at) => note(String(name), texts[at])));
  return { messages: await Promise.all(messages.map(readMessage)), notes: new Map(notes) };
}

/** @param {string} name @param {Blob} blob @returns {Promise<[string, string]>} */
async function note(name, blob) {
  return [name, await blob.text()];
}

/** @param {Omit<OutboxEntry, "text"> & {text: Blob}} row @returns {Promise<OutboxEntry>} */
async function readMessage({ text, ...rest }) {
  return { ...rest, text: await text.text() };
}

/**
 * Until it is committed: a page that is closed in between loses it.
 * @param {IDBTransaction} transaction
 * @param {IDBRequest} request
 */
export function written(transaction, request) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
    request.onerror = () => reject(request.error);
    transaction.commit?.();
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function requested(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
