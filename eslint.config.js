// What eslint holds the page to: above all that no text ever becomes markup or a program.
import { readFileSync, readdirSync } from "node:fs";
import js from "@eslint/js";
import globals from "globals";
import noUnsanitized from "eslint-plugin-no-unsanitized";

const MARKUP = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "setHTMLUnsafe",
  "createContextualFragment",
  "parseFromString",
];
const noMarkup = MARKUP.map((property) => ({
  selector: `MemberExpression[property.name="${property}"]`,
  message: "Use a <template> and textContent: what people write must never become markup.",
}));

const everywhere = [
  ...noMarkup,
  {
    selector: 'MemberExpression[object.name="document"][property.name=/^(cookie|write|writeln|domain)$/]',
    message: "No cookies (every port of a home server shares them) and no document.write.",
  },
];
// build/bundle joins the modules by whole lines: these forms it cannot take, or would change.
const joined = [
  {
    selector: "ImportDefaultSpecifier, ImportNamespaceSpecifier",
    message: 'Write `import { a, b } from "./x.js";`.',
  },
  {
    selector: ":not(ImportDeclaration) ~ ImportDeclaration",
    message: "Write imports at the top.",
  },
  {
    selector: "ImportExpression:not([source.value=/^\\.\\.?\\//])",
    message: 'Write `import("./x.js")`: the build must know which file that is.',
  },
  {
    selector: "MetaProperty[meta.name='import']",
    message: "Name it in the page: all modules are one file later.",
  },
  {
    selector:
      "ExportDefaultDeclaration, ExportAllDeclaration, ExportNamedDeclaration[declaration=null], " +
      "ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > .id:not(Identifier)",
    message: "Write `export` before a function, a class or a const that has a name.",
  },
  {
    selector: "TemplateElement[value.raw=/\\n/]",
    message: "Write `\\n` in the text: the build takes the indentation of every line away.",
  },
  {
    selector: "Literal[raw=/\\/\\*\\*/], TemplateElement[value.raw=/\\/\\*\\*/]",
    message: "Part the slash and the stars: the build takes it for a comment.",
  },
  {
    selector: "Literal[value=/\\.#\\w/], TemplateElement[value.raw=/\\.#\\w/]",
    message: "Part the dot and `#name`: the build takes it for a private name.",
  },
];
// The modules share one scope: where one declares `name`, none can mean the browser's.
const APP = new URL("assets/app/", import.meta.url);
const modules = readdirSync(APP, { recursive: true }).filter((file) => file.endsWith(".js"));
const declared = modules
  .map((file) => readFileSync(new URL(file, APP), "utf8"))
  .flatMap((text) => [...text.matchAll(/^(?:export )?(?:async )?(?:function|class|const|let) (\w+)/gm)])
  .map(([, name]) => name);
const hidden = declared
  .filter((name) => name in globals.browser)
  .map((name) => ({ name, message: "Another module declares it: write window before it, or import it." }));
const noPage = ["document", "HTMLElement", "customElements"].map((name) => ({
  name,
  message: "A model never touches the page, so that node can test it.",
}));

export default [
  { ignores: ["target/", "tests/browser/out/"] },
  js.configs.recommended,
  noUnsanitized.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": ["error", ...everywhere],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-promise-executor-return": "error",
      "no-unused-private-class-members": "error",
      "no-unused-vars": ["error", { args: "after-used" }],
      "max-lines-per-function": ["error", { max: 70, skipComments: true, skipBlankLines: true }],
      "max-lines": ["error", { max: 500, skipComments: true }],
      complexity: ["error", 12],
    },
  },
  { files: ["assets/app/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["assets/sw.js"], languageOptions: { globals: globals.serviceworker } },
  {
    files: ["assets/**/*.js"],
    rules: {
      "no-console": ["error", { allow: ["error", "warn"] }],
      "no-restricted-syntax": ["error", ...everywhere, ...joined],
      // The build removes whole lines, and types within a line.
      "no-inline-comments": ["error", { ignorePattern: "^\\*" }],
      "no-restricted-globals": ["error", ...hidden],
    },
  },
  {
    files: ["assets/app/models/**/*.js"],
    rules: { "no-restricted-globals": ["error", ...hidden, ...noPage] },
  },
  {
    files: ["tests/**/*.js", "*.config.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  { files: ["tests/**/*.js"], rules: { "max-lines-per-function": "off", "no-empty-pattern": "off" } },
];
