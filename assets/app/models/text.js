// What a message's text holds: links, and whether it is nothing but a few emoji.
//
// Used when a message is drawn. Only `https` is a link: an address that a page may open without a thought.

/**
 * Letters of any language and the signs of RFC 3986; other dashes and apostrophes only within a word, and no
 * marks that turn the direction.
 */
const ADDRESS = /https:\/\/(?:[!#-&(-;=?-~]|[\p{L}\p{M}\p{N}\p{So}]|[’–—](?=[\p{L}\p{N}_]))+/giu;
/** What ends a sentence or closes a bracket behind an address is not part of it. */
const AFTER = new Set(".,;:!?*_~)]}");
/** Signs that are pictures without being asked to be, or that were asked to be. */
const PICTURE = /\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji}\ufe0f/u;
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\p{Regional_Indicator}|\s)+$/u;
const EMOJI_MAX = 3;

/** @typedef {{text: string, href?: string}} Part */

/**
 * The text in parts, some of which are links. Joined again they are the text.
 * @param {string} text
 * @returns {Part[]}
 */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    const href = hrefOf(address);
    if (!href) continue;
    if (index > done) parts.push({ text: text.slice(done, index) });
    parts.push({ text: address, href });
    done = index + address.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** A closing bracket stays where the address opened one. @param {string} found */
function trimmed(found) {
  let end = found.length;
  while (AFTER.has(found.charAt(end - 1))) end -= 1;
  const address = found.slice(0, end);
  const isOpen = address.split("(").length > address.split(")").length;
  return isOpen && found[address.length] === ")" ? `${address})` : address;
}

/** @param {string} address */
function hrefOf(address) {
  const url = URL.parse ? URL.parse(address) : parsed(address);
  const isPlain = url?.protocol === "https:" && url.hostname !== "" && !url.username && !url.password;
  return isPlain ? url.href : undefined;
}

/** For browsers without `URL.parse`. @param {string} address */
function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** One to three emoji and nothing else: they are drawn large. @param {string} text */
export function isEmoji(text) {
  if (!Intl.Segmenter || text.length > 60 || !EMOJI.test(text) || !PICTURE.test(text)) return false;
  const signs = [...new Intl.Segmenter().segment(text)].filter(({ segment }) => segment.trim() !== "");
  return signs.length <= EMOJI_MAX && signs.every(({ segment }) => PICTURE.test(segment));
}
