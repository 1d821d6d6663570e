// The browser's timer, as models take it. Stateless.

/** @type {Timer} */
export function after(ms, then) {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}
