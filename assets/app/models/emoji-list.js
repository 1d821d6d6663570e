// The emoji that a person chooses from: what fits what they typed, and where an arrow key leads. Stateless.

/**
 * As assets/emoji has them: of each emoji its name and further words, parted by commas.
 * @typedef {{name: string, emojis: Record<string, string>}} EmojiGroup
 */
/** @typedef {{emoji: string, name: string}} NamedEmoji */
/** @typedef {{name: string, emojis: NamedEmoji[]}} NamedGroup */
/** Where a cell is on the screen. @typedef {{left: number, top: number}} Place */

/** A key of a telephone, a flag, or a picture with what makes another one of it. */
const EMOJI_IN = new RegExp(
  "[#*\\d]\\ufe0f?\\u20e3|\\p{Regional_Indicator}{2}|\\p{Extended_Pictographic}" +
    "(?:\\ufe0f|\\p{Emoji_Modifier}|[\\u{e0020}-\\u{e007f}]|\\u200d\\p{Extended_Pictographic})*",
  "u",
);
const IS_PLAIN = /^\p{Extended_Pictographic}$/u;
const IS_PICTURE = /^\p{Emoji_Presentation}$/u;
/** Letters that are written with two where a keyboard lacks them. @type {[RegExp, string][]} */
const LIGATURES = [
  [/ß/g, "ss"],
  [/œ/g, "oe"],
  [/æ/g, "ae"],
];
/** So much of a word is found in the middle of a longer one too. */
const INSIDE_CHARS = 4;
/** Cells of one row may differ by less. */
const ROW_PX = 4;

/**
 * What fits all words that were typed, group by group; an emoji that was typed comes first.
 * @param {EmojiGroup[]} groups
 * @param {string} typed
 * @returns {NamedGroup[]}
 */
export function findEmoji(groups, typed) {
  const own = emojiIn(typed);
  if (own) return [{ name: "", emojis: [{ emoji: own, name: emojiName(groups, own) }] }];
  const parts = wordsOf(typed);
  const fitting = groups.map(({ name, emojis }) => {
    const found = Object.entries(emojis).filter(([, words]) => fits(words, parts));
    return { name, emojis: found.map(([emoji, words]) => ({ emoji, name: firstOf(words) })) };
  });
  return fitting.filter(({ emojis }) => emojis.length > 0);
}

/** The first emoji in a text, in its colourful form. @param {string} text */
export function emojiIn(text) {
  const [found] = EMOJI_IN.exec(text) ?? [];
  return found && IS_PLAIN.test(found) && !IS_PICTURE.test(found) ? `${found}\ufe0f` : found;
}

/** @param {EmojiGroup[]} groups @param {string} emoji */
function emojiName(groups, emoji) {
  const words = groups.map(({ emojis }) => emojis[emoji]).find((found) => found !== undefined);
  return words ? firstOf(words) : emoji;
}

/** @param {string} words */
function firstOf(words) {
  return words.split(",")[0] ?? words;
}

/** @param {string} words @param {string[]} parts */
function fits(words, parts) {
  const all = wordsOf(words);
  const isIn = (/** @type {string} */ part) =>
    all.some((word) => word.startsWith(part) || (part.length >= INSIDE_CHARS && word.includes(part)));
  return parts.every(isIn);
}

/** Without accents: few people type them where they search. @param {string} text */
function wordsOf(text) {
  const lower = text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");
  const spelled = LIGATURES.reduce((all, [letter, two]) => all.replace(letter, two), lower);
  return spelled.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== "");
}

/**
 * Which cell an arrow leads to; nothing where there is none.
 * @param {Place[]} cells in reading order
 * @param {number} at where the focus is
 * @param {string} key
 */
export function arrowTarget(cells, at, key) {
  if (key === "ArrowLeft") return at > 0 ? at - 1 : undefined;
  if (key === "ArrowRight") return at + 1 < cells.length ? at + 1 : undefined;
  if (key === "ArrowUp") return inRow(cells, at, -1);
  return key === "ArrowDown" ? inRow(cells, at, 1) : undefined;
}

/**
 * The cell of the next row that is nearest sideways.
 * @param {Place[]} cells @param {number} at @param {number} step
 */
function inRow(cells, at, step) {
  const here = cells[at];
  if (!here) return undefined;
  const away = (/** @type {Place} */ { top }) => (top - here.top) * step;
  const beyond = cells.filter((cell) => away(cell) > ROW_PX);
  const row = Math.min(...beyond.map(away));
  const inNext = beyond.filter((cell) => away(cell) - row <= ROW_PX);
  const aside = (/** @type {Place} */ { left }) => Math.abs(left - here.left);
  const [nearest] = inNext.sort((one, other) => aside(one) - aside(other));
  return nearest && cells.indexOf(nearest);
}
