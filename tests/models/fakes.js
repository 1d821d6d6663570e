// A clock that a test moves, a house that a test plays, a disk that can be full. Used by the model tests.

/** Time that passes only when it is told to. */
export class Time {
  #now = 1_000_000;
  /** @type {{at: number, then: () => void}[]} */
  #timers = [];

  now = () => this.#now;

  /** @type {Timer} */
  after = (ms, then) => {
    const timer = { at: this.#now + ms, then };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  };

  /** @param {number} ms */
  pass(ms) {
    const until = this.#now + ms;
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.at <= until)
        .sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.then();
    }
    this.#now = until;
  }

  /** Somebody sets the clock back: timers run as long as they would have. @param {number} ms */
  setBack(ms) {
    this.#now -= ms;
    for (const timer of this.#timers) timer.at -= ms;
  }

  /** The machine sleeps: the clock goes on, and no timer runs until it wakes. @param {number} ms */
  sleep(ms) {
    this.#now += ms;
    this.pass(0);
  }
}

/** One socket of the page, with the house at its other end. */
export class FakeSocket {
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;
  /** @type {any} */ onerror = null;

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  opens() {
    this.readyState = 1;
    this.onopen?.({});
  }

  /** @param {object} frame */
  tells(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breaks() {
    this.readyState = 3;
    this.onclose?.({});
  }

  /** @param {string} type */
  got(type) {
    return this.sent.filter((frame) => frame.type === type);
  }
}

/**
 * What a browser's IndexedDB has on its disk, as much of it as a LocalStore asks for. Reads and writes can be
 * held up, and writes refused.
 */
export class Disk {
  /** Each database by its name: its tables, with their rows. @type {Map<string, Map<string, Table>>} */
  databases = new Map();
  /** Every write is refused. */
  isFull = false;
  /** Rows that it does not take. @type {(row: any) => boolean} */
  refuses = () => false;
  /** How often something was put or deleted. */
  writes = 0;
  /** @type {Map<string, Set<Database>>} */
  #users = new Map();
  /** @type {Promise<void>} */
  #pace = Promise.resolve();
  /** The end of the last transaction. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** What was held up happens now. */
  release = () => {};

  /** Nothing more is read or written until `release`. */
  hold() {
    this.#pace = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  get factory() {
    return /** @type {IDBFactory} */ (/** @type {unknown} */ (this));
  }

  /** The same, of a browser that also tells which databases there are. */
  get tellingFactory() {
    const open = (/** @type {string} */ name) => this.open(name);
    const deleteDatabase = (/** @type {string} */ name) => this.deleteDatabase(name);
    const databases = async () => [...this.databases.keys()].map((name) => ({ name, version: 1 }));
    return /** @type {IDBFactory} */ (/** @type {unknown} */ ({ open, deleteDatabase, databases }));
  }

  /** All that stands on it: rows, and the files beside them. */
  async text() {
    const tables = [...this.databases.values()].flatMap((database) => [...database.values()]);
    const values = tables.flatMap(({ rows }) => [...rows].flat()).flatMap((row) => [row, ...fields(row)]);
    const files = values.filter((value) => value instanceof Blob).map((blob) => blob.text());
    return JSON.stringify([values, await Promise.all(files)]);
  }

  /** @param {string} name */
  open(name) {
    return this.request((request) => {
      const isNew = !this.databases.has(name);
      const tables = this.databases.get(name) ?? new Map();
      this.databases.set(name, tables);
      const users = this.#users.get(name) ?? new Set();
      this.#users.set(name, users);
      const database = new Database(this, tables, () => users.delete(database));
      users.add(database);
      request.result = database;
      if (isNew) request.onupgradeneeded();
      return database;
    });
  }

  /** @param {string} name */
  deleteDatabase(name) {
    return this.request(() => {
      const users = this.#users.get(name) ?? new Set();
      for (const user of users) user.onversionchange();
      if (users.size > 0) throw new Error("in use");
      this.databases.delete(name);
    });
  }

  /**
   * @param {(request: any) => unknown} act
   * @param {(isDone: boolean) => void} [answered] after that was told
   * @param {Promise<unknown>} [turn]
   */
  request(act, answered = () => {}, turn = Promise.resolve()) {
    /** @type {any} */
    const request = { onsuccess() {}, onerror() {}, onupgradeneeded() {} };
    const happen = () => {
      try {
        request.result = act(request);
      } catch (error) {
        request.error = error;
        request.onerror();
        return answered(false);
      }
      request.onsuccess();
      answered(true);
    };
    turn.then(() => this.#pace).then(happen);
    return request;
  }

  /** @param {() => void} act */
  write(act) {
    if (this.isFull) full();
    this.writes += 1;
    act();
  }

  /** When it is this transaction's turn. @param {Promise<unknown>} end of it */
  queue(end) {
    const turn = this.#last;
    this.#last = turn.then(() => end);
    return turn;
  }
}

/** @param {unknown} row */
function fields(row) {
  return typeof row === "object" && row !== null ? Object.values(row) : [];
}

/** @typedef {{keyPath?: string[], rows: Map<string, any>}} Table */

/** One connection to a database of a Disk. */
class Database {
  onversionchange = () => {};
  #disk;
  #tables;
  #leave;
  #isClosed = false;

  /** @param {Disk} disk @param {Map<string, Table>} tables @param {() => void} leave */
  constructor(disk, tables, leave) {
    this.#disk = disk;
    this.#tables = tables;
    this.#leave = leave;
  }

  /** @param {string} name @param {{keyPath?: string[]}} [options] */
  createObjectStore(name, options) {
    this.#tables.set(name, { ...options, rows: new Map() });
  }

  close() {
    this.#isClosed = true;
    this.#leave();
  }

  transaction() {
    if (this.#isClosed) throw new Error("closed");
    return new Transaction(this.#disk, this.#tables);
  }
}

/** What one asks of a database in one go: nothing happens meanwhile, and all of it or nothing is done. */
class Transaction {
  oncomplete = () => {};
  onabort = () => {};
  error = new Error("full");
  /** Each table's rows as they were. @type {Map<Table, Map<string, any>> | undefined} */
  #before;
  #isAborted = false;
  #disk;
  #tables;
  #begun;
  #end = () => {};
  #open = 0;

  /** @param {Disk} disk @param {Map<string, Table>} tables */
  constructor(disk, tables) {
    this.#disk = disk;
    this.#tables = tables;
    this.#begun = disk.queue(
      new Promise((resolve) => {
        this.#end = () => resolve(undefined);
      }),
    );
  }

  commit() {}

  /** @param {string} name */
  objectStore(name) {
    /** @type {Table} */
    const table = this.#tables.get(name) ?? { rows: new Map() };
    const { keyPath } = table;
    const read = (/** @type {() => any} */ act) => this.#ask(() => structuredClone(act()));
    const write = (/** @type {() => void} */ act) => this.#ask(() => this.#disk.write(act));
    return {
      /** @param {any} row @param {string} [key] */
      put: (row, key) => {
        const stored = structuredClone(row);
        if (this.#disk.refuses(row)) return this.#ask(full);
        const place = written(keyPath ? keyPath.map((field) => row[field]) : key);
        return write(() => table.rows.set(place, stored));
      },
      /** @param {unknown} key */
      delete: (key) => write(() => table.rows.delete(written(key))),
      /** @param {unknown} key */
      get: (key) => read(() => table.rows.get(written(key))),
      getAll: () => read(() => [...table.rows.values()]),
      getAllKeys: () => read(() => [...table.rows.keys()].map((key) => JSON.parse(key))),
    };
  }

  /** @param {() => unknown} act */
  #ask(act) {
    this.#open += 1;
    const ask = () => {
      if (this.#isAborted) throw new Error("aborted");
      this.#before ??= new Map([...this.#tables.values()].map((table) => [table, new Map(table.rows)]));
      return act();
    };
    return this.#disk.request(ask, (isDone) => this.#answered(isDone), this.#begun);
  }

  /** @param {boolean} isDone */
  #answered(isDone) {
    this.#open -= 1;
    if (this.#isAborted || (this.#open > 0 && isDone)) return;
    this.#isAborted = !isDone;
    if (isDone) this.oncomplete();
    else this.#abort();
    this.#end();
  }

  #abort() {
    for (const [table, rows] of this.#before ?? []) table.rows = rows;
    this.onabort();
  }
}

function full() {
  throw new Error("full");
}

/** @param {unknown} key */
function written(key) {
  return JSON.stringify(key);
}

/** Web storage, in memory. */
export class Storage {
  /** @type {Map<string, string>} */
  kept = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.kept.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.kept.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.kept.delete(key);
  }
}

/** The tabs of one browser: what one posts, the others hear a moment later. */
export class Air {
  /** @type {Set<ChannelLike>} */
  #channels = new Set();

  /** @returns {ChannelLike} */
  channel() {
    /** @type {ChannelLike} */
    const channel = {
      onmessage: null,
      postMessage: (data) => {
        const others = [...this.#channels].filter((other) => other !== channel);
        for (const other of others) queueMicrotask(() => other.onmessage?.({ data: structuredClone(data) }));
      },
      close: () => this.#channels.delete(channel),
    };
    this.#channels.add(channel);
    return channel;
  }
}

/**
 * Notes each call of a method, and of those of its `chat`: the name, and what it was called with.
 */
export function recorder() {
  /** @type {[string, ...any[]][]} */
  const told = [];
  const note =
    (/** @type {string} */ call) =>
    (/** @type {any[]} */ ...what) =>
      void told.push([call, ...what]);
  const chat = new Proxy({}, { get: (_, call) => note(`chat.${String(call)}`) });
  const to = new Proxy({}, { get: (_, call) => (call === "chat" ? chat : note(String(call))) });
  return { told, to };
}

/** Lets everything that was promised happen. */
export async function settled() {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
