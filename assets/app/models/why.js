// Why a message of one's own has not arrived yet: one sentence, as a key of the catalogue and its values.
//
// Used when a person asks about a message's mark. It knows what the page knows, and nothing more.

/**
 * @param {string} receipt WAITING, REFUSED, SENT, DELIVERED or SEEN
 * @param {import("./talk.js").Talk} talk
 * @returns {{key: string, name: string, at?: string}}
 */
export function why(receipt, { chat, isConnected }) {
  const person = chat.others[0];
  const name = person?.name ?? "";
  if (receipt === "WAITING") return { key: isConnected ? "why.sending" : "why.offline", name };
  if (receipt === "REFUSED") return { key: "why.refused", name };
  if (receipt === "SEEN") return { key: "why.seen", name };
  if (receipt === "DELIVERED") return { key: chat.withholds("seen") ? "why.untold" : "why.delivered", name };
  return { ...whyNotDelivered(chat, person), name };
}

/**
 * @param {import("./chat.js").Chat} chat
 * @param {Participant | undefined} person
 * @returns {{key: string, at?: string}}
 */
function whyNotDelivered(chat, person) {
  if (!person?.came_in) return { key: "why.not_in" };
  if (person.here) return { key: "why.arriving" };
  const at = chat.withholds("here") ? undefined : chat.lastHere(person);
  return at ? { key: "why.last_here", at } : { key: "why.away" };
}
