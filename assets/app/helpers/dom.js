// Builds pieces of the page from elements and text. Text never becomes markup here.
//
// Used by every component. Stateless.

/**
 * `el("button", { class: "main", onclick: act }, "Send")`. An attribute that is undefined or false is
 * left out; one that begins with `on` and is a function listens.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** @param {Element} element @param {string} key @param {unknown} value */
function setAttribute(element, key, value) {
  if (value === undefined || value === false) return;
  if (typeof value === "function")
    element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
  else element.setAttribute(key, value === true ? "" : String(value));
}

/** A name keeps its own writing direction, and is no word to be translated. @param {string} text */
export function name(text) {
  return el("bdi", { dir: "auto", translate: "no" }, text);
}

/** @param {Node | string} text for screen readers only */
export function visuallyHidden(text) {
  return el("span", { class: "visually-hidden" }, text);
}

export const SVG = "http://www.w3.org/2000/svg";

/**
 * A drawing of one path on a 24 by 24 field, which says nothing to a screen reader.
 * @param {string} path
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * Copies also where there is no secure context and therefore no clipboard, as on plain HTTP at home.
 * @param {string} text
 */
export async function copyText(text) {
  if (navigator.clipboard) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (done) return true;
  }
  return copySelected(text);
}

/** @param {string} text */
function copySelected(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const area = el("textarea", { class: "visually-hidden", readonly: true, "aria-hidden": "true" });
  area.value = text;
  (focused?.closest("dialog") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

/** Gives a file to the person. @param {Blob} blob @param {string} fileName */
export function offerFile(blob, fileName) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Only another text is read out, and lays out the page again.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Tells those around an element. @param {Element} from @param {string} type @param {unknown} [detail] */
export function send(from, type, detail) {
  from.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
}

/** What was sent with an event. @param {Event} event */
export function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
