// What every part of the page shares: the house over HTTP, and what this browser keeps of it.
//
// Made once for the document. Each chat has a local store of its own.
import { apiAddress, path } from "./helpers/addresses.js";
import { documentLocks, holdLock } from "./helpers/document-lock.js";
import { closeNotification } from "./helpers/notifications.js";
import { randomDigits } from "./helpers/random.js";
import { after } from "./helpers/timer.js";
import { Api } from "./models/api.js";
import { ChatFlags } from "./models/chat-flags.js";
import { ChatList } from "./models/chat-list.js";
import { eraseLocalStore, openLocalStore } from "./models/local-store.js";
import { LinkTokens } from "./models/link-tokens.js";
import { Owners } from "./models/owners.js";
import { Preferences } from "./models/preferences.js";
import { Seats, forgiving } from "./models/seats.js";
import { Tabs } from "./models/tabs.js";

const storage = forgiving(webStorage());

export const seats = new Seats(storage, path);
export const preferences = new Preferences(storage, path);
export const api = new Api({
  base: apiAddress,
  device: () => seats.device,
  fetch: (address, request) => fetch(address, request),
  after,
});

export const chatFlags = new ChatFlags(storage, path);
export const chatList = new ChatList({ ask: () => api.seats(), kept: () => seats.all(), flags: chatFlags });

/** This document, as its locks and the messages that wait in it call it. */
const documentId = randomDigits(32);
const lockPrefix = `parlour:${path}:document `;
holdLock(lockPrefix, documentId);
const locks = documentLocks(lockPrefix);

/** Some browsers forbid even to look at them. */
export const databases = () => globalThis.indexedDB;

export const linkTokens = new LinkTokens({
  databases,
  prefix: `parlour:${path}:link `,
  after,
  now: () => Date.now(),
});

/** What this browser keeps for one chat. @param {string} seat */
export async function localStoreOf(seat) {
  const store = await openLocalStore(databases, localStoreName(seat), after);
  const note = () => chatFlags.set(seat, "draft", store.hasDraft);
  store.addEventListener("noted", note);
  note();
  return store;
}

/** What tells this chat's tabs of each other. Closed with the chat. @param {string} seat */
export function tabsOf(seat) {
  const { BroadcastChannel } = globalThis;
  return new Tabs(BroadcastChannel && new BroadcastChannel(localStoreName(seat)));
}

/** Whose the messages are that wait in a chat. @param {Tabs} tabs of the chat */
export function ownersOf(tabs) {
  return new Owners({ self: documentId, locks, tabs, after });
}

/**
 * A chat that is gone leaves nothing here: no draft, no waiting message, no name, no notification. Sends
 * `parlour-forget` (detail: the seat) for what of it is in memory.
 * @param {string} seat
 */
export async function forget(seat) {
  seats.forget(seat);
  chatFlags.forget(seat);
  closeNotification(seat);
  dispatchEvent(new CustomEvent("parlour-forget", { detail: seat }));
  await eraseLocalStore(databases, localStoreName(seat), after);
}

/** @param {string} seat */
function localStoreName(seat) {
  return `parlour:${path}:${seat}`;
}

/** Browsers may forbid even to look at it. */
function webStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
