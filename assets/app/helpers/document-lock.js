// A lock that this document holds for as long as it lives, by which the browser's other documents know that
// it does. There are none on plain HTTP. Keeps only the lock.

let release = () => {};

/**
 * A document that the browser puts aside lets go of its lock, or it could not be put aside.
 * @param {string} prefix of the locks' names
 * @param {string} self
 */
export function holdLock(prefix, self) {
  const hold = () => {
    const held = () =>
      new Promise((resolve) => {
        release = () => resolve(undefined);
      });
    navigator.locks?.request(prefix + self, held).catch(() => {});
  };
  hold();
  addEventListener("pagehide", () => release());
  addEventListener("pageshow", (event) => event.persisted && hold());
}

/** @param {string} prefix @returns {DocumentLocks | undefined} */
export function documentLocks(prefix) {
  const { locks } = navigator;
  if (!locks) return undefined;
  return {
    isFree: async (owner) => locks.request(prefix + owner, { ifAvailable: true }, (lock) => lock !== null),
    whenFree: (owner, then) => void locks.request(prefix + owner, then).catch(() => {}),
  };
}
