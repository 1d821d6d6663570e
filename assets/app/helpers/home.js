// What every part of the page shares: the addresses, this browser's seats and taste, the clock.
//
// All addresses are relative to the house, so that one below a sub-path works. Where that is, the manifest's
// address says: the page is also shown at addresses below which there is nothing.
import { hush } from "./bell.js";
import { Api } from "../models/api.js";
import { Seats, forgiving } from "../models/seats.js";
import { Tabs } from "../models/tabs.js";
import { Taste } from "../models/taste.js";
import { eraseShelf, openShelf } from "../models/shelf.js";

/** @type {HTMLLinkElement | null} */
const manifest = document.querySelector('link[rel="manifest"]');
const base = new URL(".", manifest?.href ?? document.baseURI);
const storage = forgiving(webStorage());

/** The path below which this house lives. */
export const path = base.pathname;
export const seats = new Seats(storage, path);
export const taste = new Taste(storage, path);
export const api = new Api({
  base: new URL("api/v1/", base).href,
  device: () => seats.device,
  fetch: (address, request) => fetch(address, request),
  after,
});

/** @type {Timer} */
export function after(ms, then) {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}

export function openSocket() {
  const address = new URL("api/v1/socket", base);
  address.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(address, "parlour.v1");
}

/** 128 random bits as 32 hexadecimal digits; `crypto.randomUUID` is missing on plain HTTP. */
export function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} seat */
export function chatAddress(seat) {
  return new URL(`c#${seat}`, base).href;
}

/** What this browser keeps for one chat. @param {string} seat */
export function shelfOf(seat) {
  return openShelf(databases, shelfName(seat), after);
}

/** What tells this chat's tabs of each other. Closed with the chat. @param {string} seat */
export function tabsOf(seat) {
  const { BroadcastChannel } = globalThis;
  return new Tabs(BroadcastChannel && new BroadcastChannel(shelfName(seat)));
}

/** Some browsers forbid even to look at them. */
export const databases = () => globalThis.indexedDB;

/** @param {string} seat */
function shelfName(seat) {
  return `parlour:${path}:${seat}`;
}

/**
 * A chat that is gone leaves nothing here: no draft, no waiting message, no name, no notification. Sends
 * `parlour-forget` (detail: the seat) for what of it is in memory.
 * @param {string} seat
 */
export async function forget(seat) {
  seats.forget(seat);
  hush(seat);
  dispatchEvent(new CustomEvent("parlour-forget", { detail: seat }));
  await eraseShelf(databases, shelfName(seat), after);
}

/** Browsers may forbid even to look at it. */
function webStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
