// Why a message of one's own has not arrived yet: one sentence, as a key of the catalogue and its values.
//
// Used when a person asks about a message's mark. It knows what the page knows, and nothing more.

/**
 * @param {string} receipt WAITING, REFUSED, SENT, DELIVERED or SEEN
 * @param {import("./chat-session.js").ChatSession} session
 * @returns {{key: string, name: string, at?: string}}
 */
export function receiptReason(receipt, { chat, isConnected }) {
  const person = chat.others[0];
  const name = person?.name ?? "";
  if (receipt === "WAITING")
    return { key: isConnected ? "receipt_help.sending" : "receipt_help.offline", name };
  if (receipt === "REFUSED") return { key: "receipt_help.refused", name };
  if (receipt === "SEEN") return { key: "receipt_help.seen", name };
  if (receipt === "DELIVERED")
    return { key: chat.withholds("seen") ? "receipt_help.untold" : "receipt_help.delivered", name };
  return { ...notDeliveredReason(chat, person), name };
}

/**
 * @param {import("./chat.js").Chat} chat
 * @param {Participant | undefined} person
 * @returns {{key: string, at?: string}}
 */
function notDeliveredReason(chat, person) {
  if (!person?.came_in) return { key: "receipt_help.not_in" };
  if (person.here) return { key: "receipt_help.arriving" };
  const at = chat.withholds("here") ? undefined : chat.lastHere(person);
  return at ? { key: "receipt_help.last_here", at } : { key: "receipt_help.away" };
}
