// One chat's IndexedDB: a table of messages that wait, and one of notes. Texts in it are Blobs. Stateless.
//
// A message's key begins with the document that it belongs to: whose it is can be asked without a look at the
// message, whose file would then stay until the browser has forgotten that look.

const MESSAGES = "messages";
export const NOTES = "notes";

/** @param {IDBFactory} factory @param {string} name */
export async function openDatabase(factory, name) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(MESSAGES, { keyPath: ["owner", "id"] });
    request.result.createObjectStore(NOTES);
  };
  const database = await requested(request);
  // Another tab deletes it: the chat is gone.
  database.onversionchange = () => database.close();
  return database;
}

/** @param {IDBDatabase} database @returns {Promise<Map<string, string>>} */
export async function readNotes(database) {
  const rows = database.transaction(NOTES).objectStore(NOTES);
  const [names, texts] = await Promise.all([requested(rows.getAllKeys()), requested(rows.getAll())]);
  return new Map(await Promise.all(names.map(async (name, at) => note(String(name), texts[at]))));
}

/** @param {string} name @param {Blob} blob @returns {Promise<[string, string]>} */
async function note(name, blob) {
  return [name, await blob.text()];
}

/** Whose each message is, and its id. @param {IDBDatabase} database @returns {Promise<MessageKey[]>} */
export async function messageKeys(database) {
  const keys = await requested(database.transaction(MESSAGES).objectStore(MESSAGES).getAllKeys());
  return /** @type {MessageKey[]} */ (keys);
}

/**
 * Writes a message, unless it is another document's by now. Answers whether it was written.
 * @param {IDBDatabase} database
 * @param {OutboxEntry} message
 * @param {boolean} wasWritten it must be there already
 */
export async function putMessage(database, { text, edit, ...rest }, wasWritten) {
  const transaction = database.transaction(MESSAGES, "readwrite");
  const rows = transaction.objectStore(MESSAGES);
  const texts = { text: new Blob([text]), edit: edit === undefined ? undefined : new Blob([edit]) };
  let isOurs = false;
  const asked = rows.getAllKeys();
  asked.onsuccess = () => {
    const owner = /** @type {MessageKey[]} */ (asked.result).find(([, id]) => id === rest.id)?.[0];
    isOurs = owner === undefined ? !wasWritten : owner === rest.owner;
    if (isOurs) rows.put({ ...rest, ...texts });
  };
  await completed(transaction);
  return isOurs;
}

/** @param {IDBDatabase} database @param {MessageKey} key */
export function deleteMessage(database, key) {
  const transaction = database.transaction(MESSAGES, "readwrite");
  return written(transaction, transaction.objectStore(MESSAGES).delete(key));
}

/**
 * Another document's messages become this one's. No two documents get the same.
 * @param {IDBDatabase} database
 * @param {string} from
 * @param {string} owner
 */
export async function adoptMessages(database, from, owner) {
  const transaction = database.transaction(MESSAGES, "readwrite");
  const rows = transaction.objectStore(MESSAGES);
  /** @type {MessageRow[]} */
  const adopted = [];
  const asked = rows.getAllKeys();
  asked.onsuccess = () => {
    const keys = /** @type {MessageKey[]} */ (asked.result).filter(([whose]) => whose === from);
    for (const key of keys) {
      const read = rows.get(key);
      read.onsuccess = () => {
        const row = { ...read.result, owner };
        adopted.push(row);
        rows.delete(key);
        rows.put(row);
      };
    }
  };
  await completed(transaction);
  return Promise.all(adopted.map(readMessage));
}

/** @param {MessageRow} row @returns {Promise<OutboxEntry>} */
async function readMessage({ text, edit, ...rest }) {
  const edited = edit && { edit: await edit.text() };
  return { ...rest, text: await text.text(), ...edited };
}

/** @param {IDBTransaction} transaction */
function completed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
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
