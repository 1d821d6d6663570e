// What must be known now: no connection, a busy house, a browser that remembers nothing, a link that was
// replaced, wrong codes on a link.
//
//   const notices = new ParlourNotices(session, line);
//   notices.show();
//
// What was dismissed comes back only when it is news again; dismissing it sends `notice-gone` (bubbling), for
// the focus that it had.
import { el, name, send, setText } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";

export class ParlourNotices extends HTMLElement {
  #session;
  #lineStatus;
  #line = el("p", { class: "notice offline", role: "status" });
  #trouble = el("p", { class: "notice trouble", role: "status" });
  #unkept = el("div", { role: "status" });
  #isUnkeptRead = false;
  #renewals = el("div", { role: "status" });
  #guesses = el("div", { class: "guesses", role: "status" });
  /** What each notice says: it is read out again only when it is news. @type {Map<Element, string>} */
  #shown = new Map();

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/line-status.js").LineStatus} lineStatus
   */
  constructor(session, lineStatus) {
    super();
    this.#session = session;
    this.#lineStatus = lineStatus;
  }

  connectedCallback() {
    this.replaceChildren(this.#line, this.#trouble, this.#unkept, this.#renewals, this.#guesses);
  }

  show() {
    this.#showLine();
    this.#showUnkept();
    this.#showRenewals();
    this.#showGuesses();
  }

  /** One sentence about the line: what is in the way of the house says more than that there is none. */
  #showLine() {
    const { isOffline, isSlow } = this.#lineStatus;
    const { trouble } = this.#session;
    const said = word(isOffline ? "chat.offline" : "chat.slow");
    setText(this.#line, (isOffline || isSlow) && !trouble ? said : "");
    setText(this.#trouble, trouble ? refusalWords({ code: trouble }) : "");
  }

  /** Once a page. */
  #showUnkept() {
    const { isKept } = this.#session;
    this.toggleAttribute("data-kept", isKept);
    const lines = isKept || this.#isUnkeptRead ? [] : [[word("chat.unkept")]];
    this.#lay(this.#unkept, "unkept", lines, () => (this.#isUnkeptRead = true));
  }

  #showRenewals() {
    const { chat, notices } = this.#session;
    const lines = chat.isKnown ? notices.renewals.map((renewal) => renewalWords(renewal, chat)) : [];
    this.#lay(this.#renewals, JSON.stringify(notices.renewals), lines, () => notices.readRenewals());
  }

  #showGuesses() {
    const { chat, notices } = this.#session;
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
    const dismiss = () => {
      read();
      // The notice that has the focus goes now, and not with the next redraw.
      this.show();
      send(this, "notice-gone");
    };
    const close = button("small", dismiss, word("chat.dismiss"));
    return el("div", { class: "notice guess" }, el("div", {}, ...said), close);
  }
}

/** @param {import("../models/notices.js").Renewal} renewal @param {import("../models/chat.js").Chat} chat */
function renewalWords({ participant, by }, { me, participants }) {
  const nameOf = (/** @type {string} */ one) => name(participants.get(one)?.name ?? "");
  const gaps = { by: nameOf(by), name: nameOf(participant) };
  if (by === me) return phrase(participant === me ? "new_link.by_you_for_you" : "new_link.by_you", gaps);
  return phrase(participant === me ? "new_link.for_you" : "new_link.for_other", gaps);
}

customElements.define("parlour-notices", ParlourNotices);
