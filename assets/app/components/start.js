// The start page: the form for a new chat, or a word to choose one of those that are listed beside it.
//
//   const start = new ParlourStart(isNew);
//   columns.show(start);   its head comes before the list of chats
//   start.begin();   a new chat was asked for
//
// Beside the list the form is seen only if a new chat is wanted: the stylesheet goes by `data-new`.
import { detailOf, el } from "../helpers/dom.js";
import { peopleIllustration } from "../helpers/illustrations.js";
import { button, refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { api } from "../services.js";
import { ParlourInvites } from "./invites.js";
import { ParlourLinkForm } from "./link-form.js";
import { ParlourPreferences } from "./preferences.js";
import { ParlourStartForm } from "./start-form.js";

export class ParlourStart extends HTMLElement {
  #lead = el("p", { class: "lead" }, word("start.lead"));
  #form = new ParlourStartForm();
  #card = el("section", { class: "card start-card", "aria-labelledby": "start-title" });
  head;

  /** @param {boolean} isNew whether somebody wants a new chat, and not only to see the others */
  constructor(isNew) {
    super();
    this.isNew = isNew;
    const choose = el("p", { class: "choose" }, word("start.choose"));
    const welcome = el("div", {}, el("h1", {}, word("title")), this.#lead, choose);
    this.head = el("header", { class: "page welcome" }, welcome, peopleIllustration());
  }

  connectedCallback() {
    this.replaceChildren(el("main", { class: "page" }, this.#card));
    this.#show(this.#form);
    this.addEventListener("chat-started", (event) => this.#started(detailOf(event)));
    // A window that is made wider does not hide what somebody is typing.
    this.#card.addEventListener("focusin", () => (this.isNew = true));
    this.#ask();
  }

  /** @param {boolean} isNew */
  set isNew(isNew) {
    this.toggleAttribute("data-new", isNew);
  }

  /** Whether links and codes take the place of the form. */
  get isStarted() {
    return !this.#card.isConnected;
  }

  begin() {
    this.isNew = true;
    if (this.#form.isConnected) this.#form.takeFocus();
    else this.#card.querySelector("textarea")?.focus();
  }

  async #ask() {
    try {
      const house = await api.house();
      this.#warn(house.warnings ?? []);
      if (house.may_start) this.#offer(house);
      else this.#decline();
    } catch (refusal) {
      this.#sayNo(refusal);
    }
    // It comes last, so that nothing that the house says moves it.
    if (!this.querySelector("footer"))
      this.append(el("footer", { class: "page" }, new ParlourPreferences(), plainNote()));
  }

  /**
   * Only the host sees these, and they come in English, as the doctor of the command line has them.
   * @param {{code: string, says: string, mend: string}[]} warnings
   */
  #warn(warnings) {
    this.querySelector(".host-warnings")?.remove();
    if (warnings.length === 0) return;
    const rows = warnings.map(({ says, mend }) => {
      return el("li", { lang: "en" }, el("p", {}, says), el("p", {}, mend));
    });
    const title = el("h2", { id: "host-title" }, word("start.host"));
    const about = { class: "host-warnings", "aria-labelledby": "host-title" };
    this.#card.after(el("section", about, title, el("ul", {}, ...rows)));
  }

  /** @param {unknown} refusal */
  #sayNo(refusal) {
    const retry = button("", () => this.#ask(), word("join.retry"));
    const said = refusalLine();
    said.textContent = refusalWords(refusal);
    const hadFocus = this.#card.contains(document.activeElement);
    this.#show(said, retry);
    if (hadFocus) retry.focus();
  }

  #decline() {
    this.#lead.hidden = true;
    const why = el("p", { class: "note" }, word("start.not_here"));
    this.#show(why, new ParlourLinkForm("join.link_incomplete"));
  }

  /** @param {HouseAnswer} house */
  #offer(house) {
    this.#form.offer(house);
    this.#lead.hidden = false;
    if (this.#form.isConnected) return;
    const hadFocus = this.#card.contains(document.activeElement);
    this.#show(this.#form);
    if (hadFocus) this.#form.takeFocus();
  }

  /** @param {...HTMLElement} parts */
  #show(...parts) {
    this.#card.replaceChildren(el("h2", { id: "start-title" }, word("start.form")), ...parts);
  }

  /** @param {ChatsAnswer} chat */
  #started(chat) {
    const invites = new ParlourInvites();
    this.head.remove();
    this.querySelector("footer")?.remove();
    this.querySelector("main")?.replaceChildren(invites);
    invites.show(chat);
  }
}

/** What a browser does not do on plain HTTP, in one honest sentence. */
function plainNote() {
  return isSecureContext ? undefined : el("p", { class: "hint" }, word("start.plain"));
}

customElements.define("parlour-start", ParlourStart);
