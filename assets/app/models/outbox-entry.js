// A message that waits to be acknowledged: what is shown of it, and what the house's answers mean for it.
// Stateless.
import { producerOf } from "./producer.js";

/** Refusals that mean "later", not "never"; of some it is unknown whether the message arrived. */
const PASSING = new Set(["slow_down", "busy", "failed", "too_slow", "reconnect"]);
/** What is in the way of the house. */
const AWAY = new Set(["unreachable", "login", "between"]);
/** Refusals of the number: the message was certainly not taken under it. */
const MISNUMBERED = new Set(["out_of_order", "id_taken"]);
/** Refusals of what the message is: the same message is refused again. */
const LASTING = new Set(["malformed", "empty_message", "message_too_long", "too_large"]);
/** Refusals of what the message answers: it may be sent as no answer. */
const UNANSWERABLE = new Set(["no_such_message", "gone"]);

/** @param {string} code */
export function isPassing(code) {
  return PASSING.has(code);
}

/** @param {string} code */
export function isPassingOrAway(code) {
  return PASSING.has(code) || AWAY.has(code);
}

/** @param {string} code */
export function isMisnumbered(code) {
  return MISNUMBERED.has(code);
}

/** @param {string} code */
export function isUnanswerable(code) {
  return UNANSWERABLE.has(code);
}

/** Whether trying again can help. @param {OutboxEntry} entry */
export function mayBeTaken({ code = "" }) {
  return !LASTING.has(code);
}

/** As its person wants it. @param {OutboxEntry} entry */
export function textOf({ text, edit = text }) {
  return edit;
}

/** Whether it waits to be said, as far as its person is concerned. @param {OutboxEntry} entry */
export function isQueued({ isDeleted, seq }) {
  return !isDeleted && seq === undefined;
}

/** Whether it is not known to be taken, nor refused. @param {OutboxEntry} entry */
export function isOpen({ state, seq }) {
  return state === "waiting" && seq === undefined;
}

/** Whether it is still to be sent. @param {OutboxEntry} entry */
export function isUnsaid(entry) {
  const { number, isDeleted, isAbandoned } = entry;
  return isOpen(entry) && !isAbandoned && (number !== undefined || !isDeleted);
}

/**
 * What is left to do with it once the house has it.
 * @param {OutboxEntry} entry
 * @param {number} seq
 * @returns {MessageCommand | undefined}
 */
export function changeOf({ isDeleted, edit: text }, seq) {
  if (isDeleted) return { of: "chat-delete", seq };
  return text === undefined ? undefined : { of: "chat-edit", seq, base: 0, text };
}

/** The one of this producer that comes first. @param {OutboxEntry[]} entries @param {string} producer */
export function lowest(entries, producer) {
  const numbered = entries.filter(({ number = "" }) => producerOf(number) === producer);
  return numbered.sort((one, other) => ((one.number ?? "") < (other.number ?? "") ? -1 : 1))[0];
}
