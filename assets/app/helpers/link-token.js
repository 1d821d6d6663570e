// Takes a link's token out of the address, so that it is neither in the address bar nor in what the tab goes
// back to, and keeps it for a reload until the person is in, or for a day. Stateless: LinkTokens keeps it.
//
// The tab's history holds only the name of the place where the token is kept. Where a browser keeps nothing,
// a reload asks for the link.

/** @typedef {import("../models/link-tokens.js").LinkTokens} LinkTokens */

/**
 * It was read: the address is that of any link from now on.
 * @param {LinkTokens} tokens @param {string} address @param {string} token
 */
export function takeToken(tokens, address, token) {
  const place = tokens.makePlace();
  history.replaceState({ place }, "", address);
  tokens.keep(place, token, () => history.state?.place === place);
}

/** The token that this tab had before it was loaded again. @param {LinkTokens} tokens */
export async function keptToken(tokens) {
  const { place } = history.state ?? {};
  return place ? tokens.token(place) : undefined;
}

/** The person is in: the chat's own address leads back. @param {LinkTokens} tokens */
export function forgetToken(tokens) {
  const { place } = history.state ?? {};
  if (place) tokens.forget(place);
}
