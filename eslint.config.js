// What eslint holds the page to: above all that no text ever becomes markup or a program.
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

export default [
  { ignores: ["target/", "tests/browser/out/"] },
  js.configs.recommended,
  noUnsanitized.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...noMarkup,
        {
          selector:
            'MemberExpression[object.name="document"][property.name=/^(cookie|write|writeln|domain)$/]',
          message: "No cookies (every port of a home server shares them) and no document.write.",
        },
      ],
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
  { files: ["assets/app/**/*.js"], rules: { "no-console": ["error", { allow: ["error", "warn"] }] } },
  {
    files: ["assets/app/models/**/*.js"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["document", "HTMLElement", "customElements"].map((name) => ({
          name,
          message: "A model never touches the page, so that node can test it.",
        })),
      ],
    },
  },
  {
    files: ["tests/**/*.js", "*.config.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  { files: ["tests/**/*.js"], rules: { "max-lines-per-function": "off", "no-empty-pattern": "off" } },
];
