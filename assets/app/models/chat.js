// What one seat knows of its chat: people, messages in order, receipts, presence, how long it rests.
//
// A ChatSession feeds it frames; components read it. It holds one unbroken run of messages, ordered by seq alone;
// what it was told twice it holds once. It never sends anything and never touches the page.
//
// Events: "change", and "heard" (CustomEvent, detail: the message) for a message of somebody else that is
// new since the page was opened.

const TYPING_FADES_MS = 6_000;
const HOUR_MS = 3_600_000;
/** @type {Record<string, number>} */
const IDLE_HOURS = { h: 1, d: 24, w: 168, mo: 720 };
const SIX_MONTHS_HOURS = 182 * 24;

/** @typedef {"SENT" | "DELIVERED" | "SEEN"} Receipt */

/** @param {number} seq @param {{delivered: number, seen: number}} reach @returns {Receipt} */
export function receiptOf(seq, { delivered, seen }) {
  if (seq <= seen) return "SEEN";
  return seq <= delivered ? "DELIVERED" : "SENT";
}

export class Chat extends EventTarget {
  /** @type {Map<string, Participant>} */
  participants = new Map();
  /** Ordered by seq. @type {ChatMessage[]} */
  messages = [];
  /** Who I am in this chat. */
  me = "";
  /** When it is destroyed if nobody uses it. @type {string | undefined} */
  due;
  /** The clock has called: it is destroyed then. @type {string | undefined} */
  finalCall;
  /** @type {ChatEnding | undefined} */
  ended;
  /** Whether the house has told who is here. */
  isKnown = false;
  /** What was new when somebody last began to look: the first seq that was unread, or 0, and the head. */
  freshFrom = 0;
  freshTo = 0;
  /** What the chat's head was when the page was opened. */
  openedHead = 0;
  head = 0;
  /** What this device does not tell, and is therefore not told. @type {string[]} */
  #withheld = [];
  #after;
  #isRevisited = false;
  #idleMs = 0;
  /** @type {Map<string, () => void>} */
  #typing = new Map();

  /** @param {Timer} after */
  constructor(after) {
    super();
    this.#after = after;
  }

  /** @param {string[]} tales of what is not told here: typing, seen, here */
  withhold(tales) {
    this.#withheld = tales;
  }

  /** @param {"typing" | "seen" | "here"} tale */
  withholds(tale) {
    return this.#withheld.includes(tale);
  }

  get others() {
    return [...this.participants.values()].filter((person) => person.participant !== this.me);
  }

  get self() {
    return this.participants.get(this.me);
  }

  /** Those of the others who are typing. */
  get typing() {
    return this.others.filter((person) => this.#typing.has(person.participant));
  }

  /** The seq before which nothing is held; 0 if nothing is. */
  get first() {
    return this.messages[0]?.seq ?? 0;
  }

  /** The last seq up to which nothing is missing; 0 if nothing is held. */
  get last() {
    let last = this.first;
    for (let at = 1; this.messages[at]?.seq === last + 1; at += 1) last += 1;
    return last;
  }

  get hasOlder() {
    return this.first > 1;
  }

  /** Whether everything up to the head has arrived. */
  get isWhole() {
    return this.isKnown && this.last >= this.head;
  }

  /** Messages of the others that this person has not seen. */
  get unread() {
    const seen = this.self?.seen ?? 0;
    return this.messages.filter((message) => message.seq > seen && message.from !== this.me).length;
  }

  /** How far all of the others have got. */
  get reach() {
    const { others } = this;
    if (others.length === 0) return { delivered: 0, seen: 0 };
    const delivered = Math.min(...others.map((person) => person.delivered));
    return { delivered, seen: Math.min(...others.map((person) => person.seen)) };
  }

  /** Whether the others have seen all that was said here, if anything was. */
  get isSeen() {
    const last = this.messages.findLast((message) => message.from === this.me)?.seq ?? 0;
    return last <= this.reach.seen;
  }

  /** The house was restored, or the seat is gone: nothing that is held is true any more. */
  clear() {
    this.messages = [];
    this.participants.clear();
    this.isKnown = false;
    this.head = this.openedHead = this.freshFrom = this.freshTo = 0;
    this.#forgetTyping();
    this.#changed();
  }

  #forgetTyping() {
    for (const cancel of this.#typing.values()) cancel();
    this.#typing.clear();
  }

  /** Somebody comes back to this chat: what was said meanwhile is new to them, and no news. */
  revisit() {
    this.#isRevisited = true;
    this.freshFrom = this.freshTo = 0;
  }

  /** What others do and have seen is told anew, and may be told less. */
  doubt() {
    for (const person of this.others) Object.assign(person, { here: false, last_here: undefined, seen: 0 });
    this.#forgetTyping();
    this.#changed();
  }

  /**
   * The chat as it stood when its code was accepted: a first picture before any frame.
   * @param {Opening} chat
   */
  begin({ messages, ...state }) {
    this.takeState({ type: "chat-state", ...state });
    this.messages = messages;
    this.#changed();
  }

  /** @param {Frame} frame */
  take(frame) {
    const takes = TAKES[frame.type];
    if (!takes || this.ended) return;
    takes(this, frame);
    this.#changed();
  }

  /** @param {Frame} frame */
  takeState(frame) {
    this.me = frame.me;
    this.head = frame.head;
    this.due = frame.due;
    this.finalCall = frame.final_call;
    this.#idleMs = idleMs(frame.idle);
    const before = this.participants;
    /** @type {Participant[]} */
    const people = frame.participants;
    this.participants = new Map(people.map((person) => [person.participant, grown(person, before)]));
    const begins = !this.isKnown || this.#isRevisited;
    if (begins) this.openedHead = this.head;
    if (begins || this.head > this.last) this.#markFresh();
    this.isKnown = true;
    this.#isRevisited = false;
  }

  #markFresh() {
    const seen = this.self?.seen ?? 0;
    this.freshFrom = seen < this.head ? seen + 1 : 0;
    this.freshTo = this.head;
  }

  /** Somebody looks at the page again: what came meanwhile is new to them. */
  lookBack() {
    if (this.unread > 0) this.#markFresh();
  }

  /** @param {ChatMessage} message */
  insert(message) {
    this.#meet(message.from);
    // What is older than all that is held comes with its page of history, or a gap would stay behind it.
    if (message.seq < this.first - 1 || !this.#place(message)) return;
    this.head = Math.max(this.head, message.seq);
    this.use(message.at);
    this.#stopTyping(message.from);
    const { seq, from, at, id, text } = message;
    const isNew = seq > this.openedHead && from !== this.me;
    if (isNew) this.dispatchEvent(new CustomEvent("heard", { detail: { seq, from, at, id, text } }));
  }

  /** Who says or reads something has come in, also where presence is not told. @param {string} participant */
  #meet(participant) {
    const person = this.participants.get(participant);
    if (person) person.came_in = true;
  }

  /**
   * When a person was last here; nothing where they said something after it: then they do not tell it.
   * @param {Participant} person
   */
  lastHere({ participant, last_here }) {
    const said = this.messages.findLast((message) => message.from === participant)?.at ?? "";
    return last_here && last_here >= said ? last_here : undefined;
  }

  /** Whether the message was not held before. @param {ChatMessage} message */
  #place({ seq, from, at, id, text }) {
    let place = this.messages.length;
    while (place > 0 && this.#seqAt(place - 1) > seq) place -= 1;
    if (place > 0 && this.#seqAt(place - 1) === seq) return false;
    this.messages.splice(place, 0, { seq, from, at, id, text });
    return true;
  }

  /** @param {number} place */
  #seqAt(place) {
    return this.messages[place]?.seq ?? 0;
  }

  /** A page of history, if it ends where what is held begins. @param {Frame} frame */
  takePage(frame) {
    /** @type {ChatMessage[]} */
    const page = frame.messages;
    const isNext = page.at(-1)?.seq === this.first - 1;
    if (isNext) this.messages = [...page, ...this.messages];
  }

  /** Somebody used the chat: the idle clock starts anew. @param {string} at */
  use(at) {
    const due = Date.parse(at) + this.#idleMs;
    if (this.#idleMs === 0 || Number.isNaN(due)) return;
    if (!this.due || due > Date.parse(this.due)) this.due = new Date(due).toISOString();
    if (this.finalCall && due > Date.parse(this.finalCall)) this.finalCall = undefined;
  }

  /** @param {Frame} frame */
  takeReceipt(frame) {
    const person = this.participants.get(frame.participant);
    if (!person) return;
    this.#meet(frame.participant);
    person.seen = Math.max(person.seen, frame.seen);
    person.delivered = Math.max(person.delivered, frame.delivered, person.seen);
  }

  /** What this page has shown is seen before the house says so. @param {number} seq */
  see(seq) {
    const { self } = this;
    if (!self || seq <= self.seen) return;
    self.seen = seq;
    this.#changed();
  }

  /** @param {Frame} frame */
  takePresence(frame) {
    const person = this.participants.get(frame.participant);
    if (!person) return;
    person.here = frame.here;
    person.came_in ||= frame.here || frame.came_in === true;
    if (frame.last_here) person.last_here = frame.last_here;
    if (!frame.here) this.#stopTyping(frame.participant);
  }

  /** @param {string} participant */
  startTyping(participant) {
    this.#stopTyping(participant);
    const fade = () => {
      this.#stopTyping(participant);
      this.#changed();
    };
    this.#typing.set(participant, this.#after(TYPING_FADES_MS, fade));
  }

  /** @param {string} participant */
  #stopTyping(participant) {
    this.#typing.get(participant)?.();
    this.#typing.delete(participant);
  }

  /** @param {Frame} frame */
  takeGuess(frame) {
    const person = this.participants.get(frame.participant);
    if (person) person.tries = frame.tries;
  }

  /** A link was replaced: nobody has guessed at the new one, and the chat was used. @param {Frame} frame */
  takeInvited({ participant, due }) {
    this.takeGuess({ type: "chat-guess", participant, tries: 0 });
    this.keep(due);
  }

  /** @param {string} due */
  keep(due) {
    this.due = due;
    this.finalCall = undefined;
    this.#changed();
  }

  /** @param {ChatEnding} ending */
  end({ at, by, messages, name: known }) {
    if (this.ended) return;
    const name = by === "other" ? (this.others[0]?.name ?? known) : undefined;
    this.clear();
    this.ended = { at, by, messages, name };
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @type {Record<string, (chat: Chat, frame: Frame) => void>} */
const TAKES = {
  "chat-state": (chat, frame) => chat.takeState(frame),
  "chat-message": (chat, frame) => chat.insert(/** @type {any} */ (frame)),
  "chat-page": (chat, frame) => chat.takePage(frame),
  "chat-receipt": (chat, frame) => chat.takeReceipt(frame),
  "chat-presence": (chat, frame) => chat.takePresence(frame),
  "chat-typing": (chat, frame) => chat.startTyping(frame.participant),
  "chat-due": (chat, frame) => (chat.finalCall = frame.at),
  "chat-kept": (chat, frame) => chat.keep(frame.due),
  "chat-guess": (chat, frame) => chat.takeGuess(frame),
  "chat-invited": (chat, frame) => chat.takeInvited(frame),
  "chat-ended": (chat, frame) => chat.end(/** @type {any} */ (frame)),
};

/**
 * Receipts only ever grow, also across two tellings.
 * @param {Participant} person
 * @param {Map<string, Participant>} before
 */
function grown(person, before) {
  const known = before.get(person.participant);
  const seen = Math.max(person.seen, known?.seen ?? 0);
  return { ...person, seen, delivered: Math.max(person.delivered, known?.delivered ?? 0, seen) };
}

/** @param {string} idle as the protocol writes it: `1d` */
function idleMs(idle) {
  if (idle === "6mo") return SIX_MONTHS_HOURS * HOUR_MS;
  const parts = /^(\d+)([a-z]+)$/.exec(idle);
  return Number(parts?.[1] ?? 0) * (IDLE_HOURS[parts?.[2] ?? ""] ?? 0) * HOUR_MS;
}
