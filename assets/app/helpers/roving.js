// One stop of the Tab key for the many controls of a list: Tab comes to one of them, arrows go to the others.
//
//   const stops = new Roving(list, "button.mark");
//   stops.settle();   whenever the list was drawn
//
// Tab comes to the one that had the focus last, or to the last of all; with 0 as third, to the first.

/** @type {Record<string, number>} */
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export class Roving {
  #list;
  #selector;
  #start;
  /** @type {Element | undefined} */
  #stop;

  /** @param {HTMLElement} list @param {string} selector @param {number} [start] */
  constructor(list, selector, start = -1) {
    this.#start = start;
    this.#list = list;
    this.#selector = selector;
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("focusin", (event) => this.#come(event.target));
  }

  get #controls() {
    return [...this.#list.querySelectorAll(this.#selector)].filter((one) => one instanceof HTMLElement);
  }

  settle() {
    const controls = this.#controls;
    this.#settleAt(controls, controls.find((one) => one === this.#stop) ?? controls.at(this.#start));
  }

  /** Tab comes to the last control above this height of the screen: it moves nothing. @param {number} y */
  settleAbove(y) {
    const controls = this.#controls;
    const stop = controls.findLast((one) => one.getBoundingClientRect().bottom < y);
    if (stop) this.#settleAt(controls, stop);
  }

  /** @param {HTMLElement[]} controls @param {HTMLElement | undefined} stop */
  #settleAt(controls, stop) {
    for (const one of controls) one.tabIndex = one === stop ? 0 : -1;
  }

  /** @param {EventTarget | null} target */
  #come(target) {
    if (!(target instanceof Element) || !target.matches(this.#selector)) return;
    this.#stop = target;
    this.settle();
  }

  /** At either end the list itself scrolls on. @param {KeyboardEvent} event */
  #key(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const controls = this.#controls;
    const at = controls.findIndex((one) => one === event.target);
    const next = at < 0 ? undefined : controls[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
