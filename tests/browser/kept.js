// What a browser keeps for the page that it shows: web storage, and every row of every database.

/** In the page, as one text. */
export async function everythingKept() {
  /** @type {unknown[]} */
  const rows = [{ ...localStorage }, { ...sessionStorage }];
  for (const { name } of await indexedDB.databases()) {
    /** @type {IDBDatabase} */
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open(name ?? "");
      opening.onsuccess = () => resolve(opening.result);
    });
    for (const store of database.objectStoreNames) {
      rows.push(
        await new Promise((resolve) => {
          const asking = database.transaction(store).objectStore(store).getAll();
          asking.onsuccess = () => resolve(asking.result);
        }),
      );
    }
    database.close();
  }
  return JSON.stringify(await readable(rows));

  /** What is kept as a file is read. @param {unknown} value @returns {Promise<unknown>} */
  async function readable(value) {
    if (value instanceof Blob) return value.text();
    if (value instanceof Array) return Promise.all(value.map(readable));
    if (typeof value !== "object" || value === null) return value;
    const parts = Object.entries(value).map(async ([key, part]) => [key, await readable(part)]);
    return Object.fromEntries(await Promise.all(parts));
  }
}
