// How people type and paste codes and links, and what is meant.
//
// Used by the page of a link before it asks the house. What can mean only one code is that code;
// `src/crypto/typed.rs` reads codes by the same rules, and tests/tables/codes.json holds both to them. Codes
// and tokens are Crockford base32: O is always 0, and I and L are always 1. Nothing here is kept.

const LETTERS = /^[0-9A-HJKMNP-TV-Z]+$/;
const CODE_LETTERS = 8;
const TOKEN_LETTERS = 26;

/** The zeros of other scripts; their other nine digits follow each. */
const ZEROS = Array.from("٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐", (zero) => zero.codePointAt(0) ?? 0);
/** Capitals of other alphabets that look like one letter or digit of a code, each with that one. */
const ALIKE = new Map(
  Array.from(
    "АAВBЕEЅSІ1ЈJКKМMНHОOРPСCТTУYҮYХXЗ3ҺHԚQԜWѴVӀ1ΑAΒBΕEΖZΗHΙ1ΚKΜMΝNΟOΡPΤTΥYΧXϹCͿJØ0İ1".matchAll(/(.)(.)/gu),
    ([, capital = "", meant = ""]) => [capital, meant],
  ),
);
/** Small letters that look like another letter than their capital does: they may mean either. */
const EITHER = "νη";
const WORDLY = /[\p{Alphabetic}\p{N}]/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
/** As codes are printed: with a digit, or in capitals. Other words of eight letters are words. */
const PRINTED = /^\P{Lowercase}*$|\p{N}/u;

/** A word and no code, though its letters could be typed for one: CODE, PASSWORD. */
const SPELLED = /^\P{N}*[OIL]\P{N}*$/u;
const DASHED = /^\P{White_Space}{4}\p{Pd}\P{White_Space}{4,5}\p{White_Space}*$/u;
const BLANKS = /\p{White_Space}+/u;

/**
 * The code that was meant, as `K7QM-3XRP`, or undefined if it cannot be one: all of what was typed, or the
 * only code in it.
 * @param {string} typed
 */
export function parseCode(typed) {
  const pieces = [...behindColons(typed), ...typed.split("\n").flatMap(codeWords)];
  return codeOf(typed) ?? only(pieces.map(codeOf));
}

/** What a label may stand before: the rest of its line, or of the text. @param {string} typed */
function behindColons(typed) {
  const behind = typed.split(/[:：]/).slice(1);
  const lines = behind.map((piece) => piece.replace(/^\p{White_Space}+/u, "").split("\n", 1)[0] ?? "");
  return [...lines, ...behind.slice(-1)];
}

/** The words of a line that may be codes, and its halves side by side. @param {string} line */
function codeWords(line) {
  const words = line.split(BLANKS).filter((word) => WORDLY.test(word));
  const pairs = words.slice(1).map((word, at) => [words[at] ?? "", word]);
  const whole = pairs.filter((pair) => pair.every(isHalf)).map((pair) => pair.join(" "));
  return [...words.filter(isPrinted), ...whole];
}

/** @param {string} word */
function isPrinted(word) {
  return PRINTED.test(word) && !SPELLED.test(word);
}

/** Twice four letters are eight. @param {string} word */
function isHalf(word) {
  return isPrinted(word) && codeOf(`${word} ${word}`) !== undefined;
}

/**
 * The token in a link, wherever it is in what was pasted or in an address; undefined if there is no whole
 * one.
 * @param {string} typed
 */
export function parseToken(typed) {
  return inviteIn(typed)?.token;
}

/**
 * The token in what was pasted, and the code where it was pasted too.
 * @param {string} pasted
 * @returns {{token: string, code: string | undefined} | undefined}
 */
export function inviteIn(pasted) {
  const text = decoded(pasted).normalize("NFKC").replace(UNSEEN, "");
  for (const form of FORMS) {
    const found = form.exec(text);
    const token = unified(found?.[1] ?? "");
    if (!found || token.length !== TOKEN_LETTERS || !LETTERS.test(token)) continue;
    const before = text.slice(0, found.index).replace(/\S*$/, "");
    const behind = text.slice(found.index + found[0].length).replace(/^[^\s,;]*/, "");
    return { token, code: codeBeside(`${before}\n${behind}`) };
  }
  return undefined;
}

/**
 * How a token is found, the surest way first: whole behind a `#`; alone among other words; behind a `#` and
 * broken by a mail program; behind a `#` with a word stuck to it; in groups as somebody read it out.
 */
const FORMS = [
  /#[^0-9A-Z]{0,3}([0-9A-TV-Z]{26})(?![0-9A-Z])/i,
  /(?:^|[^0-9A-Z])([0-9A-TV-Z]{26})(?![0-9A-Z])/i,
  /#[^0-9A-Z]{0,3}((?:[0-9A-TV-Z](?:=?\r?\n[>|\s]*)?){26})(?![0-9A-Z])/i,
  /#[^0-9A-Z]{0,3}([0-9A-TV-Z]{26})/i,
  /([^#]*)$/,
];

/** What is between the letters is no part of it. @param {string} found */
function unified(found) {
  const bare = found.toUpperCase().replace(/[\s\p{Pd}_.=>|]/gu, "");
  return bare.replaceAll("O", "0").replace(/[IL]/g, "1");
}

/** Programs on the way encode addresses, some of them twice. @param {string} text */
function decoded(text) {
  const once = (/** @type {string} */ one) =>
    one.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => plain(bytes) ?? bytes);
  return once(once(once(text)));
}

/** @param {string} bytes */
function plain(bytes) {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return undefined;
  }
}

/** @param {string} typed */
function codeOf(typed) {
  let code = "";
  for (const sign of typed.normalize("NFKC").replace(UNSEEN, "")) {
    if (!WORDLY.test(sign)) continue;
    const letter = letterOf(sign);
    if (letter === undefined || code.length === CODE_LETTERS) return undefined;
    code += letter;
  }
  return code.length === CODE_LETTERS ? `${code.slice(0, 4)}-${code.slice(4)}` : undefined;
}

/** @param {string} sign */
function letterOf(sign) {
  const capital = sign.toUpperCase();
  const letter = EITHER.includes(sign) ? "" : (digitOf(sign) ?? ALIKE.get(capital) ?? capital);
  const unique = unified(letter);
  return unique.length === 1 && LETTERS.test(unique) ? unique : undefined;
}

/** @param {string} sign */
function digitOf(sign) {
  const point = sign.codePointAt(0) ?? 0;
  const zero = ZEROS.find((one) => point >= one && point < one + 10);
  return zero === undefined ? undefined : String(point - zero);
}

/** In the lines that may hold one, or behind a label and with its dash. @param {string} text */
function codeBeside(text) {
  const lines = text.split("\n").filter((line) => PRINTED.test(line));
  const labelled = behindColons(text).filter((piece) => DASHED.test(piece));
  return only([...lines.map(parseCode), ...labelled.map(codeOf)]);
}

/** @param {(string | undefined)[]} codes */
function only(codes) {
  const found = new Set(codes.filter((code) => code !== undefined));
  return found.size === 1 ? [...found][0] : undefined;
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
