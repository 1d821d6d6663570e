// Takes a link's token out of the address, so that it stands neither in the address bar nor in what the tab
// goes back to, and keeps it for a reload until somebody is in.
//
// Where it is kept is a Blob, as everything else that must go without a trace (see Shelf); the tab's history
// holds only the name of that place. Where a browser keeps nothing, a reload asks for the link.
import { parseToken } from "../models/code.js";
import { eraseShelf, openShelf } from "../models/shelf.js";
import { after, databases, path } from "./home.js";

const PREFIX = `parlour:${path}:door `;
/** Who has not come in by then opens the link once more. */
const KEPT_MS = 86_400_000;

/** It was read: the address is that of any door. @param {string} token */
export function takeToken(token) {
  const door = `${Date.now().toString(36)}.${Math.random().toString(36).slice(2)}`;
  history.replaceState({ door }, "", `${path}j`);
  keep(door, token);
}

/** The token that this tab had before it was loaded again. */
export async function tokenKept() {
  const { door } = history.state ?? {};
  if (!door) return undefined;
  const shelf = await openShelf(databases, PREFIX + door, after);
  return parseToken(shelf.note("token"));
}

/** Somebody is in: the chat's own address leads back. */
export function forgetDoor() {
  const { door } = history.state ?? {};
  if (door) eraseShelf(databases, PREFIX + door, after);
}

/** @param {string} door @param {string} token */
async function keep(door, token) {
  const shelf = await openShelf(databases, PREFIX + door, after);
  // Somebody may have come in meanwhile.
  if (history.state?.door === door) shelf.keep("token", token);
  else await shelf.wipe();
  await forgetOld();
}

/** Doors that were left without coming in. */
async function forgetOld() {
  for (const { name } of await kept()) {
    const [at] = name?.startsWith(PREFIX) ? name.slice(PREFIX.length).split(".") : [];
    if (at && Date.now() - parseInt(at, 36) > KEPT_MS) eraseShelf(databases, name ?? "", after);
  }
}

/** Some browsers cannot tell, and some forbid to ask. @returns {Promise<IDBDatabaseInfo[]>} */
async function kept() {
  try {
    return (await databases()?.databases?.()) ?? [];
  } catch {
    return [];
  }
}
