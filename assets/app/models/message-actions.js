// What a person may do with a message. Stateless.
import { isSaid } from "./message-kind.js";
import { textOf } from "./outbox-entry.js";

const EDIT_MS = 86_400_000;
/** The last message is edited with one key only where it is near. */
const NEAR_MESSAGES = 50;

/** The reactions that are one touch away. */
const QUICK_EMOJI = ["❤️", "👍", "😂", "😮", "😢", "🙏"];

/** @typedef {"reply" | "copy" | "edit" | "hide" | "delete" | "discard"} MessageAction */

/** What may be done with what waits to be said. @type {MessageAction[]} */
export const ACTIONS_ON_WAITING = ["copy", "edit", "discard"];

/**
 * What something is done with: a message, or what waits to be one.
 * @typedef {{message?: ChatMessage, entry?: OutboxEntry}} Subject
 */

/** @param {Subject} subject */
export function textOfSubject({ message, entry }) {
  return entry ? textOf(entry) : message?.text;
}

/**
 * The last place is for how the person reacted, or for what they chose last, if that is another one.
 * @param {string | undefined} own
 * @param {string | undefined} last
 */
export function quickEmoji(own, last) {
  const isQuick = (/** @type {string | undefined} */ emoji) => !emoji || QUICK_EMOJI.includes(emoji);
  const wanted = isQuick(own) && own !== QUICK_EMOJI.at(-1) ? last : own;
  return !wanted || isQuick(wanted) ? QUICK_EMOJI : [...QUICK_EMOJI.slice(0, -1), wanted];
}

/**
 * In the order of the menu; none where there is no menu.
 * @param {ChatMessage | undefined} message
 * @param {string} me
 * @param {number} now as the house has it
 * @returns {MessageAction[]}
 */
export function actionsOn(message, me, now) {
  if (!message || !isSaid(message)) return [];
  const { from, at, text } = message;
  const isMine = from === me;
  /** @type {[MessageAction, boolean][]} */
  const all = [
    ["reply", true],
    ["copy", text !== undefined],
    ["edit", isMine && text !== undefined && now - Date.parse(at) < EDIT_MS],
    ["hide", true],
    ["delete", isMine],
  ];
  return all.filter(([, may]) => may).map(([action]) => action);
}

/**
 * The last thing that a person said, or wants to say, if it may be edited.
 * @param {ChatMessage[]} messages
 * @param {OutboxEntry[]} waiting
 * @param {string} me
 * @param {number} now
 * @returns {Subject | undefined}
 */
export function lastEditable(messages, waiting, me, now) {
  const entry = waiting.at(-1);
  if (entry) return { entry };
  const message = messages.slice(-NEAR_MESSAGES).findLast((one) => one.from === me && isSaid(one));
  return actionsOn(message, me, now).includes("edit") ? { message } : undefined;
}
