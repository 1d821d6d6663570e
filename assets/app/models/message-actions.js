// What a person may do with a message. Stateless.
import { isSaid } from "./message-kind.js";
import { textOf } from "./outbox-entry.js";

const EDIT_MS = 86_400_000;
/** The last message is edited with one key only where it is near. */
const NEAR_MESSAGES = 50;

/** The reactions that are one touch away. */
const QUICK_EMOJI = ["❤️", "👍", "😂", "😮", "😢", "🙏"];

/** @typedef {"reply" | "copy" | "edit" | "hide" | "delete" | "discard"} MessageAction */

/**
 * What something is done with: a message, or what waits to be one.
 * @typedef {{message?: ChatMessage, entry?: OutboxEntry}} Subject
 */

/**
 * Who one is in the chat, and what one may do there.
 * @typedef {Pick<import("./chat.js").Chat, "me" | "may">} Rights
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
 * @param {Rights} chat
 * @param {number} now as the house has it
 * @returns {MessageAction[]}
 */
export function actionsOn(message, chat, now) {
  if (!message || !isSaid(message)) return [];
  const { from, at, text } = message;
  const isMine = from === chat.me;
  const mayWrite = chat.may("write");
  /** @type {[MessageAction, boolean][]} */
  const all = [
    ["reply", mayWrite],
    ["copy", text !== undefined],
    ["edit", isMine && mayWrite && text !== undefined && now - Date.parse(at) < EDIT_MS],
    ["hide", true],
    ["delete", isMine || chat.may("delete_others")],
  ];
  return all.filter(([, may]) => may).map(([action]) => action);
}

/**
 * With what waits to be said. It is edited in the field, which is not there for who may not write.
 * @param {Rights} chat
 * @returns {MessageAction[]}
 */
export function actionsOnWaiting(chat) {
  return chat.may("write") ? ["copy", "edit", "discard"] : ["copy", "discard"];
}

/**
 * The last thing that a person said, or wants to say, if it may be edited.
 * @param {Rights & {messages: ChatMessage[]}} chat
 * @param {OutboxEntry[]} waiting
 * @param {number} now
 * @returns {Subject | undefined}
 */
export function lastEditable(chat, waiting, now) {
  const entry = waiting.at(-1);
  if (entry) return { entry };
  const near = chat.messages.slice(-NEAR_MESSAGES);
  const message = near.findLast((one) => one.from === chat.me && isSaid(one));
  return actionsOn(message, chat, now).includes("edit") ? { message } : undefined;
}
