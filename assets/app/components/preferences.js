// The language and the theme of the page: two lists to choose from.
//
//   <parlour-preferences></parlour-preferences>
//
// Sends `parlour-preferences` (bubbling) when the theme has changed. Another language opens the page again.
import { el, send } from "../helpers/dom.js";
import { preferences } from "../services.js";
import { language, languages, word } from "../helpers/words.js";

const THEMES = ["auto", "light", "dark"];

let count = 0;

export class ParlourPreferences extends HTMLElement {
  connectedCallback() {
    const names = new Map(languages().map((tag) => [tag, nameOf(tag)]));
    const spoken = select("preferences.language", names, language(), (tag) => {
      preferences.language = tag;
      location.reload();
    });
    const themes = new Map(THEMES.map((look) => [look, word(`theme.${look}`)]));
    const theme = select("preferences.theme", themes, preferences.theme ?? "auto", (chosen) => {
      preferences.theme = chosen === "auto" ? undefined : chosen;
      send(this, "parlour-preferences");
    });
    this.replaceChildren(spoken, theme);
  }
}

/** A language in its own words. @param {string} tag */
function nameOf(tag) {
  if (!("DisplayNames" in Intl)) return tag;
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/**
 * @param {string} key
 * @param {Map<string, string>} choices
 * @param {string} chosen
 * @param {(choice: string) => void} act
 */
function select(key, choices, chosen, act) {
  const id = `preferences-${(count += 1)}`;
  const options = [...choices].map(([value, said]) => {
    return el(
      "option",
      { value, selected: value === chosen, lang: key === "preferences.language" && value },
      said,
    );
  });
  const list = el("select", { id }, ...options);
  list.addEventListener("change", () => act(list.value));
  return el("div", { class: "field" }, el("label", { for: id }, word(key)), list);
}

customElements.define("parlour-preferences", ParlourPreferences);
