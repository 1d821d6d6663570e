// Takes a link's token out of the address, so that it stands neither in the address bar nor in what the tab
// goes back to, and keeps it for a reload until somebody is in, or for a day (see Doors).
//
// The tab's history holds only the name of the place where it is kept. Where a browser keeps nothing, a
// reload asks for the link.
import { Doors } from "../models/doors.js";
import { after, databases, path } from "./home.js";

const doors = new Doors({ databases, prefix: `parlour:${path}:door `, after, now: () => Date.now() });

/** It was read: the address is that of any door. @param {string} token */
export function takeToken(token) {
  const door = doors.make();
  history.replaceState({ door }, "", `${path}j`);
  doors.keep(door, token, () => history.state?.door === door);
}

/** The token that this tab had before it was loaded again. */
export async function tokenKept() {
  const { door } = history.state ?? {};
  return door ? doors.token(door) : undefined;
}

/** Somebody is in: the chat's own address leads back. */
export function forgetDoor() {
  const { door } = history.state ?? {};
  if (door) doors.forget(door);
}

/** At each start of the page. */
export function forgetOldDoors() {
  doors.forgetOld();
}
