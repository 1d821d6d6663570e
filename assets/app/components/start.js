// The start page: the chats that this browser is in, and the form for a new one.
//
//   <parlour-start></parlour-start>
import { detailOf, el } from "../helpers/dom.js";
import { peopleIllustration } from "../helpers/illustrations.js";
import { button, refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";
import { api } from "../services.js";
import { ParlourChatList } from "./chat-list.js";
import { ParlourInvites } from "./invites.js";
import { ParlourLinkForm } from "./link-form.js";
import { ParlourPreferences } from "./preferences.js";
import { ParlourStartForm } from "./start-form.js";

export class ParlourStart extends HTMLElement {
  #lead = el("p", {}, word("start.lead"));
  #form = new ParlourStartForm();
  #card = el("section", { class: "card", "aria-labelledby": "start-title" });

  connectedCallback() {
    document.title = word("title");
    const welcome = el("div", {}, el("h1", {}, word("title")), this.#lead);
    const head = el("header", { class: "welcome" }, welcome, peopleIllustration());
    this.replaceChildren(el("main", { class: "page" }, head, new ParlourChatList(), this.#card));
    this.#show(this.#form);
    this.addEventListener("chat-started", (event) => this.#started(detailOf(event)));
    this.#ask();
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
