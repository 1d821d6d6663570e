// What must be known now: no connection, the final call of the idle clock, wrong codes on a link.
//
//   const notices = new ParlourNotices();
//   notices.open(talk, seats);
//   notices.show(talk.chat);
//
// A notice of wrong codes that was dismissed comes back only when there were more.
import { el, name } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { phrase, word } from "../helpers/words.js";

export class ParlourNotices extends HTMLElement {
  #offline = el("p", { class: "notice offline", role: "status" });
  #final = el("p", { class: "notice final", role: "alert" });
  #guesses = el("div", { class: "guesses", role: "status" });
  #shownGuesses = "";
  #seat = "";
  /** @type {import("../models/seats.js").Seats | undefined} */
  #seats;

  get isOffline() {
    return this.#offline.textContent !== "";
  }

  connectedCallback() {
    this.replaceChildren(this.#offline, this.#final, this.#guesses);
  }

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/seats.js").Seats} seats */
  open(talk, seats) {
    this.#seat = talk.seat;
    this.#seats = seats;
  }

  /** @param {import("../models/chat.js").Chat} chat */
  show(chat) {
    const final = chat.finalCall ? word("chat.final", { time: moment(chat.finalCall) }) : "";
    if (this.#final.textContent !== final) this.#final.textContent = final;
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
    this.#guesses.replaceChildren(
      ...people.map((person) => this.#guess(person, person.participant === chat.me)),
    );
  }

  /** @param {Participant} person */
  #isNews({ participant, tries }) {
    return tries > (this.#seats?.noticed(this.#seat, participant) ?? 0);
  }

  /** @param {Participant} person @param {boolean} isMe */
  #guess(person, isMe) {
    const said = phrase(isMe ? "chat.guess_you" : "chat.guess", { name: name(person.name), n: person.tries });
    const button = el("button", { class: "small", type: "button" }, word("chat.dismiss"));
    const notice = el("p", { class: "notice guess" }, el("span", {}, ...said), button);
    button.addEventListener("click", () => {
      this.#seats?.notice(this.#seat, person.participant, person.tries);
      notice.remove();
    });
    return notice;
  }
}

customElements.define("parlour-notices", ParlourNotices);
