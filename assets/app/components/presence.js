// Who one talks with: the name, and whether they are here, were here, or are typing. Of a group, its title
// and who is in it.
//
//   const presence = new ParlourPresence(session);
//   presence.show(isConnected);
//
// One line always has its place, so that typing moves nothing. What changes is said to a screen reader: who
// comes and goes, who begins to type, and that one's own last message was seen.
import { el, name, setText } from "../helpers/dom.js";
import { isolated, list, shortMoment } from "../helpers/format.js";
import { after } from "../helpers/timer.js";
import { word } from "../helpers/words.js";

const NOTHING = "\u00a0";
const SPOKEN_MS = 3_000;
/** So many people of a group are named while they type, and otherwise; the rest are counted. */
const TYPING_NAMED_MAX = 2;
const NAMED_MAX = 3;

export class ParlourPresence extends HTMLElement {
  #session;
  // The name keeps its own direction, and stays at the side where names are.
  #name = el("h1");
  #presence = el("p", { class: "presence" }, NOTHING);
  #spoken = el("div", { class: "visually-hidden", role: "status", "aria-atomic": "false" });
  /** Whether they were here when that was last said, and what else is known already. */
  #known = { here: "unknown", isTyping: false, isSeen: true };

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    this.replaceChildren(this.#name, this.#presence, this.#spoken);
  }

  /** @param {boolean} isConnected */
  show(isConnected) {
    const { chat, store } = this.#session;
    // What it was called when this browser was last here.
    const kept = store.note("title") || store.note("others");
    const who = chat.group?.title || list(chat.otherNames) || kept;
    if (this.#name.textContent !== who) this.#name.replaceChildren(name(who));
    const presenceOf = chat.group ? groupPresence : pairPresence;
    const [state, said] = isConnected ? presenceOf(chat) : ["unknown", NOTHING];
    this.#presence.dataset.presence = state;
    setText(this.#presence, said);
    if (isConnected && chat.isKnown) this.#tell(who, state, said);
  }

  /**
   * Only what is news: not how it was when the page was opened, and not the end of typing.
   * @param {string} who @param {string} state @param {string} said
   */
  #tell(who, state, said) {
    const before = this.#known;
    const isTyping = state === "typing";
    const here = isTyping || state === "unknown" ? before.here : state;
    const { isSeen } = this.#session.chat;
    this.#known = { here, isTyping, isSeen };
    const isNews = here !== before.here && before.here !== "unknown";
    if (isNews || (isTyping && !before.isTyping)) this.#speak(word("chat.they_said", { name: who }) + said);
    const { group } = this.#session.chat;
    const seen = group ? word("receipt_help.seen_all") : word("receipt_help.seen", { name: who });
    if (isSeen && !before.isSeen) this.#speak(seen);
  }

  /** @param {string} line */
  #speak(line) {
    const spoken = el("p", {}, line);
    this.#spoken.append(spoken);
    after(SPOKEN_MS, () => spoken.remove());
  }
}

/**
 * Who comes and goes among many is shown and not said. Those who are here come first.
 * @param {import("../models/chat.js").Chat} chat
 * @returns {[string, string]}
 */
function groupPresence(chat) {
  const { others, typing } = chat;
  const n = typing.length;
  if (n > TYPING_NAMED_MAX) return ["typing", word("chat.many_typing", { n })];
  if (n > 0) return ["typing", word("chat.are_typing", { n, name: list(typing.map(isolated)) })];
  const here = others.filter((person) => person.here);
  const names = [...here, ...others.filter((person) => !person.here)].map(isolated);
  const more = names.splice(NAMED_MAX).length;
  const who = list(more > 0 ? [...names, word("chat.more", { n: more })] : names);
  const count = here.length > 0 ? [word("chat.some_here", { n: here.length })] : [];
  return ["away", [...count, ...(who ? [who] : [])].join(" \u00b7 ") || NOTHING];
}

/** @param {import("../models/chat.js").Chat} chat @returns {[string, string]} */
function pairPresence(chat) {
  const person = chat.others[0];
  if (!person) return ["unknown", NOTHING];
  if (chat.typing.length > 0) return ["typing", word("chat.typing")];
  return personPresence(chat, person);
}

/**
 * Without typing.
 * @param {import("../models/chat.js").Chat} chat
 * @param {Participant} person
 * @returns {[string, string]}
 */
export function personPresence(chat, person) {
  if (!person.came_in) return ["waiting", word("chat.not_yet")];
  if (chat.withholds("here")) return ["unknown", NOTHING];
  if (person.here) return ["here", word("chat.here")];
  const at = chat.lastHere(person);
  if (at) return ["away", word("chat.last_here", { time: shortMoment(at) })];
  return person.last_here ? ["unknown", NOTHING] : ["away", word("chat.away")];
}

customElements.define("parlour-presence", ParlourPresence);
