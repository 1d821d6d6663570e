// What a message is now: somebody's words, a note of what happened in the chat, or nothing to be shown.
//
// Stateless. A message never changes where it is held: what it looks like later is another object.

const STUB_MS = 86_400_000;

/** Whether somebody said it, and it can be read: only that is unread, rings, and is copied. */
export function isSaid(/** @type {Partial<ChatMessage>} */ { note, gone, hidden }) {
  return !note && !gone && !hidden;
}

/** How it is shown, if at all. @param {ChatMessage} message @returns {"message" | "note" | undefined} */
export function kindOf({ note, gone, hidden }) {
  if (hidden || (gone && !gone.stub)) return undefined;
  return note ? "note" : "message";
}

/**
 * When it is shown no more: it vanishes, or a day is over since it was deleted.
 * @param {ChatMessage} message
 */
export function endOf({ vanishes, gone }) {
  if (gone) return gone.stub ? Date.parse(gone.at) + STUB_MS : Infinity;
  return vanishes ? Date.parse(vanishes) : Infinity;
}

/** What is left of it then. @param {ChatMessage} message @returns {ChatMessage} */
export function ended({ seq, from, at, id, changed, vanishes = at, gone }) {
  const { by, at: since } = gone ?? { by: "clock", at: vanishes };
  return { seq, from, at, id, changed, gone: { by, at: since } };
}
