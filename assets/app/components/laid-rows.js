// The rows of a list that are laid out now, by their keys: only those that changed are touched.
//
// Used by <parlour-messages>, which says which rows those are.

/** @typedef {import("../models/timeline.js").Look} Look */
/** @typedef {{node: HTMLElement, look: Look}} Laid */

export class LaidRows {
  #list;
  #build;
  #loseFocus;
  /** @type {Map<string, Laid>} */
  #laid = new Map();

  /**
   * @param {HTMLElement} list
   * @param {(look: Look) => HTMLElement} build
   * @param {() => void} loseFocus what had the focus is gone
   */
  constructor(list, build, loseFocus) {
    this.#list = list;
    this.#build = build;
    this.#loseFocus = loseFocus;
  }

  /** @param {Look[]} looks from top to bottom */
  show(looks) {
    const keys = new Set(looks.map(({ row }) => row.key));
    for (const [key, { node }] of this.#laid) if (!keys.has(key)) this.#remove(key, node);
    let next = this.#list.firstElementChild;
    for (const look of looks) {
      const wasNext = next !== null && this.nodeOf(look.row.key) === next;
      const node = this.#shown(look);
      if (wasNext) next = node.nextElementSibling;
      else this.#list.insertBefore(node, next);
    }
  }

  clear() {
    this.#laid.clear();
  }

  /** @param {string} key */
  nodeOf(key) {
    return this.#laid.get(key)?.node;
  }

  get looks() {
    return [...this.#laid.values()].map(({ look }) => look);
  }

  /** How the row of this element looks. @param {Element | null} node */
  lookOf(node) {
    return [...this.#laid.values()].find((laid) => laid.node === node)?.look;
  }

  /** How high each of them is. @returns {[string, number][]} */
  measured() {
    return [...this.#laid].map(([key, { node }]) => [key, node.getBoundingClientRect().height]);
  }

  /** The seq of the last message whose top is above this height of the screen; 0 if there is none. */
  lastSeqAbove(/** @type {number} */ bottom) {
    for (let node = this.#list.lastElementChild; node; node = node.previousElementSibling) {
      const seq = node instanceof HTMLElement ? Number(node.dataset.seq ?? 0) : 0;
      if (seq > 0 && node.getBoundingClientRect().top < bottom) return seq;
    }
    return 0;
  }

  /** @param {string} key @param {HTMLElement} node */
  #remove(key, node) {
    if (node.contains(document.activeElement)) this.#loseFocus();
    node.remove();
    this.#laid.delete(key);
  }

  /** @param {Look} look */
  #shown(look) {
    const { key } = look.row;
    const laid = this.#laid.get(key);
    const isSame = laid?.look.sign === look.sign;
    const node = laid && isSame ? laid.node : this.#build(look);
    if (laid && !isSame) this.#replace(laid.node, node);
    this.#laid.set(key, { node, look });
    return node;
  }

  /** What had the focus has it afterwards. @param {HTMLElement} old @param {HTMLElement} node */
  #replace(old, node) {
    const { activeElement: focused } = document;
    const hadFocus = old.contains(focused);
    old.replaceWith(node);
    const controls = [...node.querySelectorAll("button, a")];
    const control = controls.find((one) => one.className === focused?.className) ?? controls.at(-1);
    if (hadFocus && control instanceof HTMLElement) control.focus({ preventScroll: true });
    else if (hadFocus) this.#loseFocus();
  }
}
