// Switches of the menu, in groups, and choices of which one holds. Stateless.
import { el } from "./dom.js";
import { word } from "./words.js";

/** @param {string} title @param {string} hint @param {...HTMLElement} parts */
export function fieldGroup(title, hint, ...parts) {
  const legend = el("legend", {}, word(title));
  return el("fieldset", { class: "group" }, legend, el("p", { class: "hint" }, word(hint)), ...parts);
}

/**
 * The row of a switch, and the switch.
 * @param {string} key @param {boolean} isOn @param {(isOn: boolean) => void} act
 */
export function switchRow(key, isOn, act) {
  const box = el("input", { type: "checkbox", role: "switch" });
  box.checked = isOn;
  box.addEventListener("change", () => act(box.checked));
  return { box, row: el("label", { class: "check" }, el("span", {}, word(key)), box) };
}

/**
 * A row of a list of which one is chosen.
 * @param {string} group @param {string} value @param {string} said @param {boolean} isChosen
 */
export function choiceRow(group, value, said, isChosen) {
  const box = el("input", { type: "radio", name: group, value, checked: isChosen });
  return el("label", { class: "check" }, el("span", {}, said), box);
}
