// What must be known now: no connection, a busy house, wrong codes on a link.
//
//   const notices = new ParlourNotices();
//   notices.open(talk);
//   notices.show();
//
// A notice of wrong codes that was dismissed comes back only when there were more; dismissing it sends
// `notice-gone` (bubbling), for the focus that it had.
import { el, name } from "../helpers/dom.js";
import { phrase, refusalWords, word } from "../helpers/words.js";

export class ParlourNotices extends HTMLElement {
  #offline = el("p", { class: "notice offline", role: "status" });
  #trouble = el("p", { class: "notice trouble", role: "status" });
  #guesses = el("div", { class: "guesses", role: "status" });
  #shownGuesses = "";
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;

  get isOffline() {
    return this.#offline.textContent !== "";
  }

  /** @param {import("../models/talk.js").Talk} talk */
  open(talk) {
    this.#talk = talk;
    this.replaceChildren(this.#offline, this.#trouble, this.#guesses);
  }

  show() {
    if (!this.#talk) return;
    const { trouble, chat } = this.#talk;
    const said = trouble ? refusalWords({ code: trouble }) : "";
    if (this.#trouble.textContent !== said) this.#trouble.textContent = said;
    this.#showGuesses(chat);
  }

  /** @param {boolean} isOffline */
  showOffline(isOffline) {
    if (isOffline !== this.isOffline) this.#offline.textContent = isOffline ? word("chat.offline") : "";
  }

  /** @param {import("../models/chat.js").Chat} chat */
  #showGuesses(chat) {
    const people = [...chat.participants.values()].filter((person) => this.#isNews(person));
    const key = people.map((person) => `${person.participant}:${person.tries}`).join(" ");
    if (key === this.#shownGuesses) return;
    this.#shownGuesses = key;
    this.#guesses.replaceChildren(...(people.length > 0 ? [this.#guess(people, chat.me)] : []));
  }

  /** @param {Participant} person */
  #isNews({ participant, tries }) {
    return tries > (this.#noticed[participant] ?? 0);
  }

  /** Wrong codes that the person here knows of, by participant. @returns {Record<string, number>} */
  get #noticed() {
    return JSON.parse(this.#talk?.shelf.note("noticed") || "{}");
  }

  /** One notice for all links, with one button. @param {Participant[]} people @param {string} me */
  #guess(people, me) {
    const said = people.map((person) => {
      const key = person.participant === me ? "chat.guess_you" : "chat.guess";
      return el("p", {}, ...phrase(key, { name: name(person.name), n: person.tries }));
    });
    const button = el("button", { class: "small", type: "button" }, word("chat.dismiss"));
    const notice = el("div", { class: "notice guess" }, el("div", {}, ...said), button);
    button.addEventListener("click", () => {
      const known = people.map(({ participant, tries }) => [participant, tries]);
      const all = { ...this.#noticed, ...Object.fromEntries(known) };
      this.#talk?.shelf.keep("noticed", JSON.stringify(all));
      notice.remove();
      this.dispatchEvent(new CustomEvent("notice-gone", { bubbles: true }));
    });
    return notice;
  }
}

customElements.define("parlour-notices", ParlourNotices);
