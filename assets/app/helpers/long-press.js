// A message is held with a finger, or asked for its menu with the mouse or the keyboard. Stateless.
import { after } from "./timer.js";

const HOLD_MS = 500;
const STILL_PX = 10;

/**
 * Browsers on iPhones have no `contextmenu`: a finger that stays is one there.
 * @param {HTMLElement} element
 * @param {(target: Element) => boolean} ask answers whether there is a menu of one's own
 * @param {AbortSignal} signal
 */
export function onMenu(element, ask, signal) {
  let stop = () => {};
  /** @param {PointerEvent} event */
  const begin = ({ pointerType, clientX, clientY }) => {
    stop();
    if (pointerType !== "touch") return;
    const cancel = after(HOLD_MS, () => {
      stop();
      // What was there when the finger came may have been drawn again.
      const target = document.elementFromPoint(clientX, clientY);
      if (target) ask(target);
    });
    /** @param {PointerEvent} event */
    const move = (event) => {
      if (Math.hypot(event.clientX - clientX, event.clientY - clientY) > STILL_PX) stop();
    };
    element.addEventListener("pointermove", move, { passive: true, signal });
    stop = () => {
      cancel();
      element.removeEventListener("pointermove", move);
    };
  };
  element.addEventListener("pointerdown", begin, { passive: true, signal });
  for (const end of ["pointerup", "pointercancel", "scroll"])
    element.addEventListener(end, () => stop(), { capture: true, passive: true, signal });
  const menu = (/** @type {Event} */ event) => {
    if (event.target instanceof Element && ask(event.target)) event.preventDefault();
  };
  element.addEventListener("contextmenu", menu, { signal });
  signal.addEventListener("abort", () => stop());
}
