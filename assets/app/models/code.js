// How people type codes and links, and what is meant.
//
// Used by the join page before it asks the house. Codes and tokens are Crockford base32: no letter of the
// alphabet looks like a digit, so that O is always 0, and I and L are always 1. Nothing here is kept.

const LETTERS = /^[0-9A-HJKMNP-TV-Z]+$/;
const CODE_LETTERS = 8;
const TOKEN_LETTERS = 26;

/** @param {string} typed */
function unify(typed) {
  const bare = typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}_.]/gu, "");
  return bare.replaceAll("O", "0").replace(/[IL]/g, "1");
}

/**
 * The code that was meant, as `K7QM-3XRP`, or undefined if it cannot be one.
 * @param {string} typed
 */
export function parseCode(typed) {
  const code = unify(typed);
  if (code.length !== CODE_LETTERS || !LETTERS.test(code)) return undefined;
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/**
 * The token in a link, a fragment or a pasted piece of one; undefined if it is not whole.
 * @param {string} typed
 */
export function parseToken(typed) {
  const token = unify(typed.slice(typed.lastIndexOf("#") + 1));
  return token.length === TOKEN_LETTERS && LETTERS.test(token) ? token : undefined;
}

/**
 * 53 bits by which this browser recognises a token that it used (cyrb53). The token cannot be had from it.
 * @param {string} token
 */
export function fingerprint(token) {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (const letter of token) {
    const point = letter.codePointAt(0) ?? 0;
    one = Math.imul(one ^ point, 2654435761);
    two = Math.imul(two ^ point, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36);
}
