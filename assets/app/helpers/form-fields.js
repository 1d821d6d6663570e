// Fields of forms, each with its label. Stateless.
import { el } from "./dom.js";
import { word } from "./words.js";

/** A field for a name. What is typed is in no list of the browser. @param {string} id */
export function nameField(id) {
  const plain = { maxlength: "120", autocomplete: "off", enterkeyhint: "next" };
  return el("input", { id, name: id, dir: "auto", ...plain });
}

/** @param {HTMLInputElement} field */
export function isEmpty(field) {
  return field.value.trim() === "";
}

/** @param {string} id of the control @param {string} label @param {HTMLElement} control */
export function labelled(id, label, control) {
  return el("div", { class: "field" }, el("label", { for: id }, label), control);
}

/**
 * One of several ways, side by side.
 * @param {string} group @param {string} key of its words @param {boolean} isChosen @param {() => void} act
 */
export function segment(group, key, isChosen, act) {
  const box = el("input", { type: "radio", name: group, checked: isChosen, onchange: act });
  return el("label", { class: "segment" }, box, el("span", {}, word(key)));
}
