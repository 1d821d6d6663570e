// Where this house is. Stateless.
//
// All addresses are relative to the house, so that one below a sub-path works. Where that is, the manifest's
// address says: the page is also shown at addresses below which there is nothing.

/** @type {HTMLLinkElement | null} */
const manifest = document.querySelector('link[rel="manifest"]');
const base = new URL(".", manifest?.href ?? document.baseURI);

/** The path below which this house lives. */
export const path = base.pathname;

/** The API over HTTP; ends with a slash. */
export const apiAddress = new URL("api/v1/", base).href;

export function socketAddress() {
  const address = new URL("api/v1/socket", base);
  address.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  return address;
}

/** The start page, for a new chat. */
export const newChatAddress = new URL("#new", base).href;

/** @param {string} seat */
export function chatAddress(seat) {
  return new URL(`c#${seat}`, base).href;
}
