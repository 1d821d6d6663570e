// Small parts that many components are made of. Stateless.
import { el } from "./dom.js";
import { word } from "./words.js";

/**
 * @param {string} kind its classes
 * @param {() => unknown} onclick
 * @param {...(Node | string | undefined)} label
 */
export function button(kind, onclick, ...label) {
  return el("button", { class: kind || undefined, type: "button", onclick }, ...label);
}

/** Why something was refused. @param {string} [id] */
export function refusalLine(id) {
  return el("p", { class: "refusal", role: "alert", id });
}

/** What only a screen reader says. */
export function spokenLine() {
  return el("p", { class: "visually-hidden", role: "status" });
}

export function homeLink(href = ".") {
  return el("a", { class: "button", href, "data-route": true }, word("ended.home"));
}
