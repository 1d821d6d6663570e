// Every language says everything that the page says, and nothing else.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ASSETS = new URL("../../assets/", import.meta.url);
const LANGUAGES = readdirSync(new URL("words/", ASSETS)).map((file) => file.replace(".json", ""));
/** Names, marks and words that are the same in several languages. */
const SAME = new Set([
  "title",
  "moment",
  "chat.they_said",
  "chat.messages",
  "composer.message",
  "chat.here",
  "chat.away",
  "chat.some_here",
  "alerts.title",
  "settings.title",
  "group.admin",
  "group.name",
  "copied.heading",
]);

/** @typedef {string | Record<string, string>} Entry */

/** All catalogues of a language. @param {string} language @returns {Record<string, Entry>} */
function catalogue(language) {
  return { ...part("words", language), ...part("dialogs", language), ...part("trust", language) };
}

/**
 * The words of the page, those of the dialogs of a chat, or those of the page about the house's certificate.
 * @param {"words" | "dialogs" | "trust"} folder
 * @param {string} language
 */
function part(folder, language) {
  return JSON.parse(readFileSync(new URL(`${folder}/${language}.json`, ASSETS), "utf8"));
}

/** @param {Entry} entry */
const forms = (entry) => (typeof entry === "string" ? { other: entry } : entry);

/** @param {string} sentence */
const gaps = (sentence) =>
  [...sentence.matchAll(/\{\w+\}/g)]
    .map(([gap]) => gap)
    .sort()
    .join();

/** All code and pages, the code without comments, in one text. */
function sources() {
  const files = readdirSync(ASSETS, { recursive: true, encoding: "utf8" });
  const read = (/** @type {string} */ file) => readFileSync(new URL(file, ASSETS), "utf8");
  const code = files.filter((file) => file.endsWith(".js")).map(read);
  const pages = files.filter((file) => file.endsWith(".html")).map(read);
  return [bare(code.join("\n")), ...pages, madeByTheHouse()].join("\n");
}

/** A page that the house makes itself, where it has no certificate of its own. */
function madeByTheHouse() {
  return readFileSync(new URL("../src/http/handlers/trust.rs", ASSETS), "utf8").replaceAll('\\"', '"');
}

/** Code without its comments. @param {string} code */
function bare(code) {
  return code.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const english = catalogue("en");

for (const language of LANGUAGES) {
  const words = catalogue(language);

  test(`${language}: no word is missing and none is too many`, () => {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
  });

  test(`${language}: every sentence has the gaps that it needs`, () => {
    for (const [key, entry] of Object.entries(words)) {
      const expected = gaps(forms(/** @type {Entry} */ (english[key])).other ?? "");
      assert.equal(gaps(forms(entry).other ?? ""), expected, key);
    }
  });

  test(`${language}: where things are counted, every plural form is there`, () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(words)) {
      if (typeof entry === "string") continue;
      assert.deepEqual(Object.keys(entry).sort(), [...categories].sort(), key);
    }
  });

  if (language === "en") continue;
  test(`${language}: nothing was left in English by accident`, () => {
    const left = Object.keys(english).filter((key) => !SAME.has(key) && same(words[key], english[key]));
    assert.deepEqual(left, []);
  });
}

/** @param {Entry | undefined} one @param {Entry | undefined} other */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

test("the page offers every catalogue", () => {
  const html = readFileSync(new URL("index.html", ASSETS), "utf8");
  assert.match(html, /data-words="\*" href="assets\/words\/\*\.json"/);
  assert.match(html, /data-dialogs="\*" href="assets\/dialogs\/\*\.json"/);
});

const DIALOGS = "components/chat-dialogs.js";

/** The code of a module of the page, without comments. @param {string} file */
const module = (file) => bare(readFileSync(new URL(`app/${file}`, ASSETS), "utf8"));

/** A module and all that it imports at its top. @param {string} file @param {Set<string>} found */
function withImports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, reference = ""] of module(file).matchAll(/from "(\.[^"]+)"/g))
    withImports(new URL(reference, `file:///${file}`).pathname.slice(1), found);
  return found;
}

test("what only the dialogs of a chat say comes with them, and nothing else does", () => {
  const all = readdirSync(new URL("app/", ASSETS), { recursive: true, encoding: "utf8" });
  const entries = all.filter((file) => file.endsWith(".js") && !withImports(DIALOGS).has(file));
  const early = new Set(entries.flatMap((file) => [...withImports(file)]));
  early.delete(DIALOGS);
  const text = [...early].map(module).join("\n") + readFileSync(new URL("index.html", ASSETS), "utf8");
  const built = beginnings(text);
  const isSaid = (/** @type {string} */ key) =>
    text.includes(`"${key}"`) || built.some((begin) => key.startsWith(begin));
  // A refusal is where it can be met: in a dialog alone, or also before that.
  const isRefusal = (/** @type {string} */ key) => key.startsWith("refusal.");
  const [first, later] = [Object.keys(part("words", "en")), Object.keys(part("dialogs", "en"))];
  assert.ok(later.length > 50);
  const tooLate = later.filter((key) => isSaid(key) && !isRefusal(key));
  assert.deepEqual(tooLate, [], "assets/dialogs/ -> assets/words/");
  const tooEarly = first.filter((key) => !isSaid(key) && !isRefusal(key));
  assert.deepEqual(tooEarly, [], "assets/words/ -> assets/dialogs/");
});

/** With what the keys begin that are put together. @param {string} code */
function beginnings(code) {
  return [...code.matchAll(/`([a-z_]+\.(?:[a-z_]+\.)*)\$\{/g)].map(([, begin]) => begin ?? "");
}

test("every word is said somewhere", () => {
  const text = sources();
  const built = beginnings(text);
  const unsaid = Object.keys(english).filter((key) => {
    return !text.includes(`"${key}"`) && !built.some((begin) => key.startsWith(begin));
  });
  assert.deepEqual(unsaid, []);
});

test("every word that is said is there", () => {
  const groups = new Set(Object.keys(english).map((key) => key.split(".")[0]));
  const isKey = (/** @type {string} */ text) =>
    /^\w+\.[\w.]*\w$/.test(text) && groups.has(text.split(".")[0]);
  const said = literals(sources()).filter(({ text }) => isKey(text));
  assert.ok(said.length > 100, `${said.length}`);
  assert.deepEqual(
    said.map(({ text }) => text).filter((key) => !(key in english)),
    [],
  );
});

/**
 * The texts in quotes or backticks, with what stands before them. The gaps of a template are blank; what is
 * written by its number is left out.
 * @param {string} code
 */
function literals(code) {
  const found = code.matchAll(/(["'])((?:\\.|(?!\1)[^\\\n])*)\1|`((?:\\.|[^\\`])*)`/g);
  return [...found].map(({ 2: quoted, 3: template, index }) => ({
    text: (quoted ?? template ?? "").replace(/\$\{[^}]*\}/g, " ").replace(/\\(?:u\w{4}|.)/g, ""),
    before: code.slice(Math.max(0, index - 80), index),
  }));
}

/** Several words of which the first has a capital letter. */
const SENTENCE = /^\p{Lu}[\p{L}’',:;]* (?:.* )?\p{L}{2}/u;
/** Where a text is read by a person: a child of an element, its text, or what is read out for it. */
const SHOWN = [
  /\bel\(\s*["']\w+["'],\s*\{[^{}]*\},\s*$/,
  /\b(?:unseen|name|append|replaceChildren)\(\s*$/,
  /\.(?:textContent|placeholder|title|ariaLabel)\s*=\s*(?:[^;(){}]*[?:]\s*)?$/,
  /\b(?:aria-label|alt|placeholder|title)["']?:\s*$/,
];
/** A key of the catalogue, or the beginning of one. */
const KEY = /^[a-z_]+\.[\w. ]*$/;

/** What people would read in one language only. @param {string} code */
function sentences(code) {
  const isShown = (/** @type {string} */ before) => SHOWN.some((place) => place.test(before));
  const found = literals(bare(code)).filter(({ text, before }) => {
    return SENTENCE.test(text) || (isShown(before) && /\p{L}/u.test(text) && !KEY.test(text));
  });
  return found.map(({ text }) => text);
}

test("a sentence in code is found, and what only the machine reads is none", () => {
  /** @param {string} code @param {string[]} expected */
  const check = (code, expected) => assert.deepEqual(sentences(code), expected, code);
  check(`el("p", {}, "no line")`, ["no line"]);
  check(`el("p", { class: "note" }, "Close")`, ["Close"]);
  check(`el('button', { type: 'button' },\n  'Close')`, ["Close"]);
  check(`button.textContent = "send";`, ["send"]);
  check(`field.placeholder = isOn ? "message" : "";`, ["message"]);
  check(`el("a", { "aria-label": "back" })`, ["back"]);
  check(`const said = "Please wait a moment.";`, ["Please wait a moment."]);
  check("const said = `You said ${count} things`;", ["You said   things"]);
  check(`unseen("new")`, ["new"]);
  check(`el("p", { class: "note once" }, word("invites.once"))`, []);
  check(`copy.textContent = word(done ? "invite.copied" : "invite.not_copied");`, []);
  check("title.textContent = word(`receipt.${receipt}`);", []);
  check(`el("input", { "aria-describedby": "hint refusal waiting" })`, []);
  check(`drawing("M15 5l-7 7 7 7")`, []);
  check(`el("p", {}, " · ", "\\u00a0")`, []);
  check(`const title = el("h2", { id: "end-title" });`, []);
  check(`// "Please wait"\n/** "Please wait" */`, []);
});

test("no sentence stands in code", () => {
  const files = readdirSync(new URL("app/", ASSETS), { recursive: true, encoding: "utf8" });
  const found = files
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => {
      const code = readFileSync(new URL(`app/${file}`, ASSETS), "utf8");
      return sentences(code).map((text) => `${file}: ${text}`);
    });
  assert.ok(files.length > 20);
  assert.deepEqual(found, []);
});
