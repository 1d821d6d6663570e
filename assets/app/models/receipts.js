// How far a message has come. Stateless.

/** @typedef {"SENT" | "DELIVERED" | "SEEN"} Receipt */
/** @typedef {{delivered: number, seen: number}} Reach the last seq that has come so far */

/** @param {number} seq @param {Reach} reach @returns {Receipt} */
export function receiptOf(seq, { delivered, seen }) {
  if (seq <= seen) return "SEEN";
  return seq <= delivered ? "DELIVERED" : "SENT";
}

/** How far everybody of these has got. @param {Reach[]} people @returns {Reach} */
export function reachOf(people) {
  if (people.length === 0) return { delivered: 0, seen: 0 };
  const delivered = Math.min(...people.map((person) => person.delivered));
  return { delivered, seen: Math.min(...people.map((person) => person.seen)) };
}

/**
 * Receipts only ever grow, also across two tellings.
 * @template {Reach} T
 * @param {T} person
 * @param {Reach | undefined} known
 * @returns {T}
 */
export function grown(person, known) {
  const seen = Math.max(person.seen, known?.seen ?? 0);
  return { ...person, seen, delivered: Math.max(person.delivered, known?.delivered ?? 0, seen) };
}
