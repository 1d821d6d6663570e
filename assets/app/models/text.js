// What a message's text holds: links, blank lines, and whether it is nothing but a few emoji.
//
// Used when a message is written and drawn. Addresses are found as GitHub's Markdown finds them (GFM,
// "Autolinks (extension)"), and three things are decided otherwise: a bracket that closes nothing ends an
// address, a last `_` stays unless one opened before it, and `www.` means https.

/**
 * Letters of any language and the signs of RFC 3986; other dashes and apostrophes only within a word, and
 * nothing that turns the direction or cannot be seen.
 */
const LETTER = "(?![\\u115f\\u1160\\u3164\\uffa0])[\\p{L}\\p{M}\\p{N}\\p{So}]";
const SIGN = `(?:[!#-;=?-\\[\\]-~]|${LETTER}|[’–—](?=[\\p{L}\\p{N}_]))`;
const LABEL = "[\\p{L}\\p{M}\\p{N}_-]+";
const ADDRESS = new RegExp(
  `(?:https?://|www\\.)${SIGN}+|((?:mailto:)?[a-z0-9.+_-]{1,64}@${LABEL}(?:\\.${LABEL})+)`,
  "giu",
);
/** What an address does not begin behind: it would be a piece of something longer. */
const INSIDE = { web: /[a-z0-9]/i, www: /[a-z0-9/:.@=&?#%+-]/i, mail: /[\p{L}\p{N}.+_/@-]/u };
/** Where the next address begins behind a sign that parts the two, or a Markdown link's target. */
const NEXT = /\]\(|[,;|)\]}([{"'*]+(?=https?:\/\/|www\.)/i;
/** Another scheme in the place of a host. */
const DOUBLED = /^(https?:\/\/[^/?#]*?)https?:\/\//i;
/** What ends a sentence or a quotation behind an address, or opens what follows, is not part of it. */
const AFTER = ".,;:!?*~'\"`|([{";
/** @type {Record<string, string>} */
const CLOSES = { "(": ")", "[": "]", "{": "}" };
/** Signs that are pictures without being asked to be, or that were asked to be. */
const PICTURE = /\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji}\ufe0f/u;
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\p{Regional_Indicator}|\s)+$/u;
const EMOJI_MAX = 3;
/** As the house decides it (`is_blank` in src/domain/unseen.rs). */
const BLANK = /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
const LINE = /[^\n\r\u2028\u2029\u0085]*(?:\r\n|[\n\r\u2028\u2029\u0085]|$)/gu;
/** More blank lines than that on end are a wall. */
const BLANK_LINES_MAX = 3;

/** @typedef {{text: string, href?: string, host?: string}} Part */

/**
 * The text in parts, some of which are links. Joined again they are the text. `host` is there where the name
 * in a link could be taken for another: what browsers show for it.
 * @param {string} text
 * @returns {Part[]}
 */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let done = 0;
  ADDRESS.lastIndex = 0;
  for (let found = ADDRESS.exec(text); found; found = ADDRESS.exec(text)) {
    const { index, 0: run, 1: mail } = found;
    const before = text.charAt(index - 1);
    const one = mail ?? alone(run);
    const address = mail ?? trimmed(one, before);
    const link = mail ? mailOf(mail, before) : linkOf(address, before);
    ADDRESS.lastIndex = index + (link ? address : one).length;
    if (!link) continue;
    if (index > done) parts.push({ text: text.slice(done, index) });
    parts.push({ text: address, ...link });
    done = index + address.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** Without the address that follows without a space. @param {string} found */
function alone(found) {
  const first = DOUBLED.exec(found)?.[1] ?? found;
  const next = first.search(NEXT);
  return next > 0 ? first.slice(0, next) : first;
}

/**
 * Without what is behind it. A bracket stays where the address opened it.
 * @param {string} found
 * @param {string} before the sign before it
 */
function trimmed(found, before) {
  let address = balanced(found);
  const isPath = /[^:/][/?#]/.test(address);
  const after = before === "_" || !isPath ? AFTER + "_" : AFTER;
  while (address !== "" && after.includes(address.slice(-1))) address = address.slice(0, -1);
  return address;
}

/** Up to the first bracket that closes nothing. @param {string} found */
function balanced(found) {
  /** @type {Record<string, number>} */
  const open = { ")": 0, "]": 0, "}": 0 };
  for (let at = 0; at < found.length; at += 1) {
    const sign = found.charAt(at);
    const closing = CLOSES[sign];
    if (closing) open[closing] = (open[closing] ?? 0) + 1;
    const left = open[sign];
    if (left === 0) return found.slice(0, at);
    if (left !== undefined) open[sign] = left - 1;
  }
  return found;
}

/** @param {string} address @param {string} before @returns {{href: string, host?: string} | undefined} */
function linkOf(address, before) {
  const isShort = /^www/i.test(address);
  if ((isShort ? INSIDE.www : INSIDE.web).test(before)) return undefined;
  if (!/^(?:https?:\/\/[^/?#]|www\.[\p{L}\p{N}])/iu.test(address)) return undefined;
  const url = urlOf(isShort ? `https://${address}` : address);
  if (!url || url.hostname === "" || url.username || url.password) return undefined;
  return { href: url.href, host: isDoubtful(hostIn(address)) ? url.hostname : undefined };
}

/** @param {string} address @param {string} before @returns {{href: string, host?: string} | undefined} */
function mailOf(address, before) {
  if (INSIDE.mail.test(before) || /[-_]$/.test(address)) return undefined;
  const host = address.slice(address.indexOf("@") + 1);
  const url = urlOf(address.replace(/^(?:mailto:)?/i, "mailto:"));
  return url && { href: url.href, host: isDoubtful(host) ? urlOf(`https://${host}`)?.hostname : undefined };
}

/** @param {string} address */
function hostIn(address) {
  return /^(?:https?:\/\/)?([^/?#:]*)/iu.exec(address)?.[1] ?? "";
}

/** For browsers without `URL.parse` too. @param {string} address */
function urlOf(address) {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

const LATIN = /\p{Script=Latin}/u;
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{sc=Bopomofo}]/u;
const SCRIPTS = [LATIN, EAST_ASIAN, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u, /\p{Script=Armenian}/u];
/** Letters of other scripts that are drawn like Latin ones: a name of them alone looks Latin. */
const LATIN_LIKE = /^[-0-9асԁеһіјӏорԛѕуԝхүνοραικυϲϳ]+$/iu;

/**
 * Whether a name could be taken for another: its scripts are mixed as no language mixes them (Latin with
 * Chinese, Japanese or Korean is none such), or all of it looks Latin and is not.
 * @param {string} host
 */
function isDoubtful(host) {
  const isLatinBelow = /\.[a-z]+$/i.test(host);
  const looksLatin = (/** @type {string} */ label) => LATIN_LIKE.test(label) && /\p{L}/u.test(label);
  return host.split(".").some((label) => isMixed(label) || (isLatinBelow && looksLatin(label)));
}

/** @param {string} label */
function isMixed(label) {
  const letters = [...label].filter((sign) => /\p{L}/u.test(sign));
  const found = new Set(letters.map((letter) => SCRIPTS.find((script) => script.test(letter))));
  return found.size > 1 && !(found.size === 2 && found.has(LATIN) && found.has(EAST_ASIAN));
}

/** Whether there is nothing to see in it. @param {string} text */
export function isBlank(text) {
  return BLANK.test(text);
}

/**
 * What is said of what was typed: nothing if it is blank; else without the blank lines around it and the
 * space behind it. The first line keeps its indent where others follow. What is half a character (an emoji
 * that was cut in two) is drawn as such: JSON cannot carry it.
 * @param {string} typed
 */
export function saidOf(typed) {
  const text = typed.replace(/\p{Surrogate}/gu, "\ufffd");
  if (isBlank(text)) return "";
  const said = text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
  return said.includes("\n") ? said : said.trim();
}

/**
 * The text as it is drawn: of many blank lines on end the first few. The house, and the copy that is saved,
 * have them all.
 * @param {string} text
 */
export function drawnText(text) {
  let blank = 0;
  const lines = text.match(LINE) ?? [];
  return lines.filter((line) => (blank = isBlank(line) ? blank + 1 : 0) <= BLANK_LINES_MAX).join("");
}

/** One to three emoji and nothing else: they are drawn large. @param {string} text */
export function isEmoji(text) {
  if (!Intl.Segmenter || text.length > 60 || !EMOJI.test(text) || !PICTURE.test(text)) return false;
  const signs = [...new Intl.Segmenter().segment(text)].filter(({ segment }) => segment.trim() !== "");
  return signs.length <= EMOJI_MAX && signs.every(({ segment }) => PICTURE.test(segment));
}
