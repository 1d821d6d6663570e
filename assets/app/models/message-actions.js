// What a person may do with a message. Stateless.
import { isSaid } from "./message-kind.js";

const EDIT_MS = 86_400_000;
/** The last message is edited with one key only where it is near. */
const NEAR_MESSAGES = 50;

/** The reactions that are one touch away. */
export const QUICK_EMOJI = ["❤️", "👍", "😂", "😮", "😢", "🙏"];

/** @typedef {"reply" | "copy" | "edit" | "hide" | "delete"} MessageAction */

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
 * The last thing that a person said, if it may be edited.
 * @param {ChatMessage[]} messages
 * @param {string} me
 * @param {number} now
 */
export function lastEditable(messages, me, now) {
  const last = messages.slice(-NEAR_MESSAGES).findLast((message) => message.from === me && isSaid(message));
  return actionsOn(last, me, now).includes("edit") ? last : undefined;
}
