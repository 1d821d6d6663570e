// What every page of this house shares: the addresses, this browser's seats, the clock.
//
// Each page's entry builds its models from this. All addresses are relative to the page, so that a house
// below a sub-path works.
import { Api } from "../models/api.js";
import { Seats } from "../models/seats.js";

const base = new URL(".", document.baseURI);

export const seats = new Seats(storage(), base.pathname);
export const api = new Api({
  base: new URL("api/v1/", base).href,
  device: () => seats.device,
  fetch: (address, request) => fetch(address, request),
});

/** The path below which this house lives. */
export const path = base.pathname;

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

/** Web storage, or nothing where the browser forbids even to look at it. */
export function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
