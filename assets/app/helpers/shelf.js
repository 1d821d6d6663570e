// Where this browser keeps messages that wait, and the one way in which everything of a seat leaves it.
import { openOutboxStore } from "../models/outbox-store.js";
import { forgiving } from "../models/seats.js";
import { path, seats, storage } from "./home.js";

export function openShelf() {
  return openOutboxStore(globalThis.indexedDB, forgiving(storage()), `parlour:${path}`);
}

/** A chat that is gone leaves nothing here: no draft, no waiting message, no name. @param {string} seat */
export async function forget(seat) {
  seats.forget(seat);
  const shelf = await openShelf();
  await shelf.wipe(seat).catch(() => {});
}
