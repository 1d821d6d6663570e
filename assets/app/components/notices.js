// What must be known now: no connection, a busy house, a browser that remembers nothing, a link that was
// replaced, wrong codes on a link.
//
//   const notices = new ParlourNotices();
//   notices.open(session);
//   notices.show();
//
// What was dismissed comes back only when it is news again; dismissing it sends `notice-gone` (bubbling), for
// the focus that it had.
import { el, name } from "../helpers/dom.js";
import { phrase, refusalWords, word } from "../helpers/words.js";

export class ParlourNotices extends HTMLElement {
  #line = el("p", { class: "notice offline", role: "status" });
  #isOffline = false;
  #isSlow = false;
  #trouble = el("p", { class: "notice trouble", role: "status" });
  #unkept = el("div", { role: "status" });
  #isUnkeptRead = false;
  #renewals = el("div", { role: "status" });
  #guesses = el("div", { class: "guesses", role: "status" });
  /** What stands in each notice: it is read out again only when it is news. @type {Map<Element, string>} */
  #shown = new Map();
  /** @type {import("../models/chat-session.js").ChatSession | undefined} */
  #session;

  get isOffline() {
    return this.#isOffline;
  }

  /** @param {import("../models/chat-session.js").ChatSession} session */
  open(session) {
    this.#session = session;
    this.replaceChildren(this.#line, this.#trouble, this.#unkept, this.#renewals, this.#guesses);
  }

  show() {
    if (!this.#session) return;
    const { chat, notices } = this.#session;
    this.#showLine();
    this.#showUnkept(this.#session);
    this.#showRenewals(chat, notices);
    this.#showGuesses(chat, notices);
  }

  /** Once a page. @param {import("../models/chat-session.js").ChatSession} session */
  #showUnkept({ isKept }) {
    this.toggleAttribute("data-kept", isKept);
    const lines = isKept || this.#isUnkeptRead ? [] : [[word("chat.unkept")]];
    this.#lay(this.#unkept, "unkept", lines, () => (this.#isUnkeptRead = true));
  }

  /** @param {boolean} isOffline */
  showOffline(isOffline) {
    this.#isOffline = isOffline;
    this.#showLine();
  }

  /** It goes on over HTTP. @param {boolean} isSlow */
  showSlow(isSlow) {
    this.#isSlow = isSlow;
    this.#showLine();
  }

  /** One sentence about the line: what stands before the house says more than that there is none. */
  #showLine() {
    const trouble = this.#session?.trouble;
    const key = this.#isOffline ? "chat.offline" : "chat.slow";
    say(this.#line, (this.#isOffline || this.#isSlow) && !trouble ? word(key) : "");
    say(this.#trouble, trouble ? refusalWords({ code: trouble }) : "");
  }

  /** @param {import("../models/chat.js").Chat} chat @param {import("../models/notices.js").Notices} notices */
  #showRenewals(chat, notices) {
    const lines = chat.isKnown ? notices.renewals.map((renewal) => told(renewal, chat)) : [];
    this.#lay(this.#renewals, JSON.stringify(notices.renewals), lines, () => notices.readRenewals());
  }

  /** @param {import("../models/chat.js").Chat} chat @param {import("../models/notices.js").Notices} notices */
  #showGuesses(chat, notices) {
    const people = notices.guesses([...chat.participants.values()]);
    const lines = people.map((person) => {
      const key = person.participant === chat.me ? "chat.guess_you" : "chat.guess";
      return phrase(key, { name: name(person.name), n: person.tries });
    });
    const sign = people.map((person) => `${person.participant}:${person.tries}`).join(" ");
    this.#lay(this.#guesses, sign, lines, () => notices.readGuesses(people));
  }

  /**
   * One notice for all lines of a kind, with one button.
   * @param {Element} place
   * @param {string} sign
   * @param {(Node | string)[][]} lines
   * @param {() => void} read
   */
  #lay(place, sign, lines, read) {
    const shown = lines.length > 0 ? sign : "";
    if (shown === (this.#shown.get(place) ?? "")) return;
    this.#shown.set(place, shown);
    place.replaceChildren(...(shown ? [this.#notice(lines, read)] : []));
  }

  /** @param {(Node | string)[][]} lines @param {() => void} read */
  #notice(lines, read) {
    const said = lines.map((line) => el("p", {}, ...line));
    const button = el("button", { class: "small", type: "button" }, word("chat.dismiss"));
    button.addEventListener("click", () => {
      read();
      // The notice that has the focus goes now, and not with the next picture.
      this.show();
      this.dispatchEvent(new CustomEvent("notice-gone", { bubbles: true }));
    });
    return el("div", { class: "notice guess" }, el("div", {}, ...said), button);
  }
}

/** It is read out again only when it is another sentence. @param {Element} place @param {string} said */
function say(place, said) {
  if (place.textContent !== said) place.textContent = said;
}

/** @param {import("../models/notices.js").Renewal} renewal @param {import("../models/chat.js").Chat} chat */
function told({ participant, by }, { me, participants }) {
  const nameOf = (/** @type {string} */ one) => name(participants.get(one)?.name ?? "");
  const gaps = { by: nameOf(by), name: nameOf(participant) };
  if (by === me) return phrase(participant === me ? "new_link.by_you_for_you" : "new_link.by_you", gaps);
  return phrase(participant === me ? "new_link.for_you" : "new_link.for_other", gaps);
}

customElements.define("parlour-notices", ParlourNotices);
