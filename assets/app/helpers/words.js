// The words of the page, from two catalogues per language: what only the dialogs of a chat say comes with
// them.
//
// Each page opens the first once before it shows anything; components then ask for words by key. The
// pages' HTML lists the catalogues, so that their names may carry a hash. A value that holds several forms
// is chosen by the plural rule of `n`.

/** @type {Record<string, string | Record<string, string>>} */
let catalogue = {};
let plurals = new Intl.PluralRules("en");
/** @type {Promise<void> | undefined} */
let dialogWords;

/** The language that is spoken now. */
export function language() {
  return document.documentElement.lang;
}

/** The languages that the page lists. */
export function languages() {
  return [...offered("words").keys()];
}

/** Loads the best language of those that the page lists. @param {string} [wish] what the person chose */
export async function openWords(wish) {
  const there = offered("words");
  const wanted = [wish ?? "", ...navigator.languages.map((tag) => tag.split("-")[0] ?? ""), "en"];
  const chosen = wanted.find((tag) => there.has(tag)) ?? "en";
  catalogue = await loaded(there.get(chosen)).catch(() => loaded(there.get(chosen)));
  plurals = new Intl.PluralRules(chosen);
  document.documentElement.lang = chosen;
}

/** Loads the words of the dialogs, once. */
export function openDialogWords() {
  dialogWords ??= addDialogWords().catch((error) => {
    dialogWords = undefined;
    throw error;
  });
  return dialogWords;
}

async function addDialogWords() {
  catalogue = { ...catalogue, ...(await loaded(offered("dialogs").get(language()))) };
}

/** @param {string | undefined} address */
async function loaded(address = "") {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/**
 * Where the catalogue of each language is.
 * @param {"words" | "dialogs"} part
 * @returns {Map<string, string>}
 */
function offered(part) {
  const links = document.querySelectorAll(`link[data-${part}]`);
  const found = [...links].filter((link) => link instanceof HTMLLinkElement);
  return new Map(found.map((link) => [link.dataset[part] ?? "", link.href]));
}

/**
 * `word("chat.unread", { n: 3 })`
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  return form(key, values).replace(/\{(\w+)\}/g, (gap, field) => String(values[field] ?? gap));
}

/**
 * The same with elements in the gaps: a name keeps its own writing direction.
 * @param {string} key
 * @param {Record<string, Node | string | number>} values
 * @returns {(Node | string)[]}
 */
export function phrase(key, values) {
  const parts = form(key, values).split(/\{(\w+)\}/);
  return parts.map((part, at) => (at % 2 === 0 ? part : filled(values[part])));
}

/** @param {Node | string | number | undefined} value */
function filled(value) {
  return value instanceof Node ? value : String(value ?? "");
}

/**
 * What to say about a refusal: our own words where there are some, or the house's sentence.
 * @param {unknown} refusal
 */
export function refusalWords(refusal) {
  const { code = "failed", message = "" } = /** @type {{code?: string, message?: string}} */ (refusal ?? {});
  const known = catalogue[`refusal.${code}`];
  return typeof known === "string" ? known : message || word("refusal.failed");
}

/** @param {string} key @param {Record<string, unknown>} values */
function form(key, values) {
  const entry = catalogue[key];
  if (entry === undefined) return key;
  if (typeof entry === "string") return entry;
  return entry[plurals.select(Number(values.n))] ?? entry.other ?? key;
}
