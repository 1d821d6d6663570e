// How far a message has come with each of the others in a group. Stateless.

/**
 * @typedef {object} Reached
 * @property {Participant[]} seen
 * @property {Participant[]} delivered
 * @property {Participant[]} waiting it waits for them on the house's computer
 */

/**
 * People who have not come in yet are left out, and those who came later and may not read it.
 * @param {number} seq
 * @param {Pick<import("./chat.js").Chat, "others">} chat
 * @returns {Reached}
 */
export function reachedBy(seq, { others }) {
  const readers = others.filter(({ state, since = 1 }) => state === "in" && since <= seq);
  return {
    seen: readers.filter((person) => person.seen >= seq),
    delivered: readers.filter((person) => person.delivered >= seq && person.seen < seq),
    waiting: readers.filter((person) => person.delivered < seq),
  };
}
