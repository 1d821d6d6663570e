/**
 * One chat as this page knows it: messages in the order of their seq, who has got how far, who is here.
 * Everything comes from frames; nothing is asked here, and the page is never touched.
 */

/**
 * @typedef {object} Message
 * @property {number} seq
 * @property {string} from
 * @property {string} at
 * @property {string} id
 * @property {string} text
 */

/**
 * @typedef {object} Participant
 * @property {string} participant
 * @property {string} name
 * @property {boolean} came_in
 * @property {boolean} here
 * @property {string} [last_here]
 * @property {number} delivered
 * @property {number} seen
 * @property {number} tries
 */

/** How long "is typing" stands without being said again. */
export const TYPING_FADES = 6_000;

export class Conversation {
  /** @type {Map<number, Message>} */
  #messages = new Map();
  /** @type {Map<string, Participant>} */
  #participants = new Map();
  /** @type {Map<string, number>} */
  #typing = new Map();
  #now;

  /** One's own place. */
  me = "";
  /** The last message that the house told of, whether or not it is here. */
  head = 0;
  due = "";
  /** Whether there may be messages before the first one here. */
  hasOlder = false;

  /** @param {() => number} [now] */
  constructor(now = Date.now) {
    this.#now = now;
  }

  /** The messages, in order. */
  get messages() {
    return [...this.#messages.values()].sort((one, other) => one.seq - other.seq);
  }

  get size() {
    return this.#messages.size;
  }

  /** The last message that is here: what `chat-open` names, so that nothing is missed and nothing comes twice. */
  get last() {
    return Math.max(0, ...this.#messages.keys());
  }

  /** The first message that is here. */
  get first() {
    return this.#messages.size === 0 ? 0 : Math.min(...this.#messages.keys());
  }

  get others() {
    return [...this.#participants.values()].filter((one) => one.participant !== this.me);
  }

  /** @param {string} participant */
  participant(participant) {
    return this.#participants.get(participant);
  }

  /** @param {string} participant */
  nameOf(participant) {
    return this.#participants.get(participant)?.name ?? "";
  }

  /**
   * Where to begin: enough for the first screens of a chat whose last message is `head`.
   * @param {number} head
   * @param {number} screenful
   */
  startAfter(head, screenful) {
    return this.#messages.size > 0 ? this.last : Math.max(0, head - screenful);
  }

  /** @param {any} frame `chat-state` */
  open(frame) {
    this.me = frame.me;
    this.head = frame.head;
    this.due = frame.due;
    this.#participants = new Map(frame.participants.map((/** @type {Participant} */ one) => [one.participant, one]));
  }

  /**
   * One message; the same one again changes nothing.
   * @param {Message} message
   * @returns {boolean} whether it is new here
   */
  add(message) {
    if (this.#messages.has(message.seq)) return false;
    this.#messages.set(message.seq, message);
    this.head = Math.max(this.head, message.seq);
    this.#typing.delete(message.from);
    return true;
  }

  /** @param {any} frame `chat-receipt` */
  mark(frame) {
    const one = this.#participants.get(frame.participant);
    if (one === undefined) return;
    one.delivered = Math.max(one.delivered, frame.delivered);
    one.seen = Math.max(one.seen, frame.seen);
  }

  /** @param {any} frame `chat-presence` */
  meet(frame) {
    const one = this.#participants.get(frame.participant);
    if (one === undefined) return;
    one.here = frame.here;
    one.came_in ||= frame.here;
    if (frame.last_here !== undefined) one.last_here = frame.last_here;
    if (!frame.here) this.#typing.delete(frame.participant);
  }

  /** @param {string} participant */
  type(participant) {
    this.#typing.set(participant, this.#now() + TYPING_FADES);
  }

  /** @param {any} frame `chat-guess` */
  guess(frame) {
    const one = this.#participants.get(frame.participant);
    if (one !== undefined) one.tries = frame.tries;
  }

  /** @param {string} participant */
  isTyping(participant) {
    return (this.#typing.get(participant) ?? 0) > this.#now();
  }

  /**
   * How far one's own message has got with everybody else.
   * @param {number} seq
   * @returns {"sent" | "delivered" | "seen"}
   */
  markOf(seq) {
    if (this.others.every((one) => one.seen >= seq)) return "seen";
    return this.others.every((one) => one.delivered >= seq) ? "delivered" : "sent";
  }

  /** How many messages of others one has not seen. */
  get unread() {
    const seen = this.#participants.get(this.me)?.seen ?? 0;
    return this.messages.filter((message) => message.seq > seen && message.from !== this.me).length;
  }

  /** The store was restored, or the chat is gone: nothing here counts any more. */
  forget() {
    this.#messages.clear();
    this.#typing.clear();
    this.head = 0;
  }
}
