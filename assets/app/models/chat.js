// What one seat knows of its chat: people, messages, receipts, presence, and when it is destroyed.
//
// A ChatSession feeds it; components read it. It never sends anything. What a redraw asks of it costs the
// same however much was said.
//
// Events: "change"; "heard" (CustomEvent, detail: the message) for what somebody else said since the page was
// opened; "unsaid" (CustomEvent, detail: its seq) when a message was deleted or hidden, or vanished.
import { Covers } from "./covers.js";
import { mayDo } from "./deeds.js";
import { durationMs } from "./duration.js";
import { endedBy } from "./ending.js";
import { Expiry } from "./expiry.js";
import { IdleClock } from "./idle-clock.js";
import { MessageLog, isOfOthers, placeOf } from "./message-log.js";
import { grown, reachOf } from "./receipts.js";
import { Typing } from "./typing.js";

export class Chat extends EventTarget {
  /** @type {Map<string, Participant>} */
  participants = new Map();
  /** Who I am in this chat. */
  me = "";
  /** How it ended: `by` is `you`, `other`, `clock` or `host`. @type {ChatEnding | undefined} */
  ended;
  /** Whether the house has told who is here. */
  isKnown = false;
  /** What was new when the person last began to look: the first seq that was unread, or 0, and the head. */
  newFrom = 0;
  newTo = 0;
  /** What the chat's head was when the page was opened. */
  openedHead = 0;
  head = 0;
  /** The number of the last change up to which nothing is missing. */
  changed = 0;
  /** What is said from now on vanishes after so long. */
  vanishAfter = "never";
  /** What a pair has not. @type {Group | undefined} */
  group;
  /** The first message that this person may read. */
  since = 1;
  /** What this device does not tell, and is therefore not told. @type {string[]} */
  #withheld = [];
  #isRevisited = false;
  #log = new MessageLog((seq) => this.dispatchEvent(new CustomEvent("unsaid", { detail: seq })));
  #covers = new Covers();
  #idleClock = new IdleClock();
  #typing;
  #expiry;
  #now;

  /** @param {Clock} clock */
  constructor({ after, now }) {
    super();
    this.#now = now;
    this.#typing = new Typing(after, () => this.#changed());
    const expire = (/** @type {number[]} */ seqs) => {
      this.#log.expire(seqs, now());
      this.#changed();
    };
    this.#expiry = new Expiry({ after, now, expire });
  }

  /** @param {string[]} settings what is not told here: typing, seen, here */
  withhold(settings) {
    this.#withheld = settings;
  }

  /** @param {import("./preferences.js").PrivacySetting} setting */
  withholds(setting) {
    return this.#withheld.includes(setting);
  }

  /** Those who are in the chat or expected: of those who are out of a group only the names are left. */
  get others() {
    const all = [...this.participants.values()];
    return all.filter((person) => person.participant !== this.me && isPresent(person));
  }

  get otherNames() {
    return this.others.map((person) => person.name);
  }

  /** Whether this person may do it. @param {import("./deeds.js").Deed} deed */
  may(deed) {
    return mayDo(deed, this);
  }

  get self() {
    return this.participants.get(this.me);
  }

  /** Those of the others who are typing. */
  get typing() {
    return this.others.filter((person) => this.#typing.has(person.participant));
  }

  /** Ordered by seq; others only read it. */
  get messages() {
    return this.#log.all;
  }

  /** The seqs of those that changed, as they changed. */
  get changes() {
    return this.#log.changes;
  }

  /** As it is now, if it is known. @param {number} seq */
  find(seq) {
    return this.#log.find(seq);
  }

  /** How many messages people said, as far as the notes among them are known. */
  get saidCount() {
    return this.head - this.messages.filter(({ note }) => note).length;
  }

  /** The seq before which nothing is held; 0 if nothing is. */
  get first() {
    return this.#log.first;
  }

  /** The last seq up to which nothing is missing; 0 if nothing is held. */
  get last() {
    return this.#log.last;
  }

  get hasOlder() {
    return this.first > this.since;
  }

  /** Whether everything up to the head has arrived. */
  get isWhole() {
    return this.isKnown && this.last >= this.head;
  }

  get due() {
    return this.#idleClock.due;
  }

  /** How long it may go unused. */
  get idle() {
    return this.#idleClock.idle;
  }

  get finalCall() {
    return this.#idleClock.finalCall;
  }

  /** Messages of the others that this person has not seen. */
  get unread() {
    return this.#log.countUnread(this.self?.seen ?? 0, this.me);
  }

  /**
   * The first message of the others that was new when the person last began to look; nothing where that
   * begins before all that is held.
   */
  get firstNew() {
    const { newFrom, newTo, messages, me } = this;
    if (newFrom === 0 || this.first > newFrom) return undefined;
    let place = placeOf(messages, newFrom);
    while (place < messages.length && !isOfOthers(messages[place], me)) place += 1;
    const found = messages[place];
    return found && found.seq <= newTo ? found : undefined;
  }

  /**
   * How far all of the others have got. A group waits for nobody who has not come in yet; of those who came
   * later, the house says that they have got as far as they may not read.
   */
  get reach() {
    return reachOf(this.group ? this.others.filter(({ state }) => state === "in") : this.others);
  }

  /** Whether the others have seen all that was said here, if anything was. */
  get isSeen() {
    return (this.#log.newestOf(this.me)?.seq ?? 0) <= this.reach.seen;
  }

  /**
   * When a person was last here; nothing where they said something after it: then they do not tell it.
   * @param {Participant} person
   */
  lastHere({ participant, last_here }) {
    const said = this.#log.newestOf(participant)?.at ?? "";
    return last_here && last_here >= said ? last_here : undefined;
  }

  /** The house was restored, or the seat is gone: nothing that is held is true any more. */
  clear() {
    this.discard();
    this.#covers.clear();
    this.participants.clear();
    this.isKnown = false;
    this.vanishAfter = "never";
    this.group = undefined;
    this.since = 1;
    this.head = this.openedHead = this.newFrom = this.newTo = 0;
    this.#typing.clear();
    this.#changed();
  }

  /** More was changed than the house remembers: all messages are read again. */
  discard() {
    this.#log.clear();
    this.#expiry.clear();
    this.changed = 0;
  }

  /** The person comes back to this chat: what was said meanwhile is new to them, and does not ring. */
  revisit() {
    this.#isRevisited = true;
    this.newFrom = this.newTo = 0;
  }

  /** What others do and have seen is told once more, and may be told less. */
  doubt() {
    for (const person of this.others) Object.assign(person, { here: false, last_here: undefined, seen: 0 });
    this.#typing.clear();
    this.#changed();
  }

  /**
   * The chat as it was when its code was accepted: something to show before the connection is open.
   * @param {Opening} chat
   */
  begin(chat) {
    this.setState(chat);
    this.#log.replace(this.#admit(chat.messages));
    this.changed = chat.changed ?? 0;
    this.#changed();
  }

  /** @param {Omit<Opening, "messages">} state */
  setState(state) {
    this.me = state.me;
    this.head = state.head;
    this.vanishAfter = state.vanish ?? "never";
    this.group = state.group;
    this.since = state.since ?? 1;
    this.#idleClock.set(state);
    const before = this.participants;
    const people = state.participants.map((person) => grown(person, before.get(person.participant)));
    this.participants = new Map(people.map((person) => [person.participant, person]));
    const isBeginning = !this.isKnown || this.#isRevisited;
    if (isBeginning) this.openedHead = this.head;
    if (isBeginning || this.head > this.last) this.#markNew();
    this.isKnown = true;
    this.#isRevisited = false;
    this.#changed();
  }

  #markNew() {
    const seen = this.self?.seen ?? 0;
    this.newFrom = seen < this.head ? seen + 1 : 0;
    this.newTo = this.head;
  }

  /** The person looks at the page again: what came meanwhile is new to them. */
  lookBack() {
    if (this.unread > 0) this.#markNew();
  }

  /** @param {ChatMessage} told */
  insert(told) {
    if (this.ended) return;
    const [message = told] = this.#admit([told]);
    this.#cameIn(message.from);
    if (this.#log.insert(message)) this.#take(message);
    this.#changed();
  }

  /** @param {ChatMessage} message that was not known before */
  #take(message) {
    const { seq, from, at, note } = message;
    const isNews = seq > this.head;
    this.head = Math.max(this.head, seq);
    if (note && isNews) this.#agree(note);
    if (note) return;
    this.#idleClock.use(at);
    this.#typing.stop(from);
    const isHeard = seq > this.openedHead && isOfOthers(message, this.me);
    if (isHeard) this.dispatchEvent(new CustomEvent("heard", { detail: message }));
  }

  /** Older notes say what the state of the chat knows better. @param {Note} note */
  #agree({ what, after, idle }) {
    if (what === "vanish" && after) this.vanishAfter = after;
    if (what === "idle" && idle) this.#idleClock.idle = idle;
  }

  /** When it vanishes, if it is said at this time. @param {string} at */
  vanishesAt(at) {
    const afterMs = durationMs(this.vanishAfter);
    return afterMs > 0 ? new Date(Date.parse(at) + afterMs).toISOString() : undefined;
  }

  /** @param {ChatMessage[]} page of history */
  prepend(page) {
    this.#log.prepend(this.#admit(page));
    this.#changed();
  }

  /** @param {ChatMessage} message that another one answers */
  quote(message) {
    for (const held of this.#admit([message])) this.#log.quote(held);
    this.#changed();
  }

  /** How a message is now, whether or not it is held. @param {number} number @param {ChatMessage} message */
  change(number, message) {
    if (this.ended) return;
    for (const held of this.#admit([message])) this.#log.change(held);
    this.reachChange(number);
    this.#changed();
  }

  /** All changes up to this one are known. @param {number} number */
  reachChange(number) {
    this.changed = Math.max(this.changed, number);
  }

  /** Of these what is left by now, as it is shown. @param {ChatMessage[]} messages */
  #admit(messages) {
    return messages.map((message) => this.#covers.admit(this.#expiry.admit(message)));
  }

  /** A message is shown as if the house had done this already. @param {MessageCommand} command */
  cover(command) {
    const { seq } = command;
    const held = this.#covers.toldOf(seq) ?? this.find(seq);
    this.#covers.add(command, this.#coverOf(command));
    if (held) this.#log.put(this.#covers.admit(held));
    this.#changed();
  }

  /** It was not done, and is not shown any more. @param {import("./covers.js").Done} command */
  uncover(command) {
    const told = this.#covers.remove(command);
    if (told) for (const message of this.#admit([told])) this.#log.put(message);
    this.#changed();
  }

  /**
   * What was deleted for everybody leaves a trace where it had reached somebody else.
   * @param {MessageCommand} command
   */
  #coverOf(command) {
    if (command.of === "chat-edit") return { text: command.text };
    if (command.of !== "chat-delete") return { hidden: true };
    const stub = this.others.some(({ delivered }) => delivered >= command.seq);
    return { gone: { by: this.me, at: new Date(this.#now()).toISOString(), stub } };
  }

  /**
   * A person who says or reads something has come in, also where presence is not told.
   * @param {string} participant
   */
  #cameIn(participant) {
    const person = this.participants.get(participant);
    if (person) person.came_in = true;
  }

  /** Somebody in a group has come, is out, or has another role or name. @param {Person} person */
  setPerson({ participant, name, role, state, since = 1 }) {
    const before = since - 1;
    const fresh = { participant, name: "", came_in: false, here: false, tries: 0 };
    const known = this.participants.get(participant) ?? { ...fresh, delivered: before, seen: before };
    const cameIn = known.came_in || state === "in";
    const here = known.here && isPresent({ state });
    const person = { ...known, name: name ?? known.name, role, state, since, came_in: cameIn, here };
    this.participants.set(participant, person);
    if (!isPresent(person)) this.#typing.stop(participant);
    this.#changed();
  }

  /** What is left out is what it was. @param {Partial<Group>} told */
  setGroup({ title, about, writers, roster }) {
    const { group } = this;
    if (!group) return;
    this.group = {
      title: title ?? group.title,
      about: about ?? group.about,
      writers: writers ?? group.writers,
      roster: roster ?? group.roster,
    };
    this.#changed();
  }

  /** @param {Pick<Participant, "participant" | "delivered" | "seen">} receipt */
  setReceipt({ participant, delivered, seen }) {
    const person = this.participants.get(participant);
    if (person) Object.assign(person, grown({ delivered, seen }, person));
    this.#cameIn(participant);
    this.#changed();
  }

  /** What this page has shown is seen before the house says so. @param {number} seq */
  see(seq) {
    const { self } = this;
    if (!self || seq <= self.seen) return;
    self.seen = seq;
    this.#changed();
  }

  /** @param {Pick<Participant, "participant" | "here" | "last_here"> & {came_in?: boolean}} presence */
  setPresence({ participant, here, came_in: cameIn, last_here: lastHere }) {
    const person = this.participants.get(participant);
    if (!person) return;
    person.here = here;
    person.came_in ||= here || cameIn === true;
    if (lastHere) person.last_here = lastHere;
    if (!here) this.#typing.stop(participant);
    this.#changed();
  }

  /** @param {string} participant */
  startTyping(participant) {
    this.#typing.start(participant);
    this.#changed();
  }

  /** Wrong codes on a participant's link. @param {string} participant @param {number} tries */
  setTries(participant, tries) {
    const person = this.participants.get(participant);
    if (person) person.tries = tries;
    this.#changed();
  }

  /** @param {string} at the chat is destroyed then */
  setFinalCall(at) {
    this.#idleClock.finalCall = at;
    this.#changed();
  }

  /** @param {string} due */
  keep(due) {
    this.#idleClock.keep(due);
    this.#changed();
  }

  /** @param {ChatEnding} ending */
  end(ending) {
    if (this.ended) return;
    const { at, by = "", messages, me = this.me, name: known } = ending;
    const who = endedBy({ by: ending.by, me });
    const name = who === "other" ? (this.participants.get(by)?.name ?? known) : undefined;
    this.clear();
    this.ended = { at, by: who, messages, name };
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Not of somebody who left a group or was removed. @param {{state?: Standing}} person */
function isPresent({ state }) {
  return state !== "left" && state !== "removed";
}
