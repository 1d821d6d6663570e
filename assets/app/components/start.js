// The start page: the chats that this browser is in, and two names that become two invites.
//
//   <parlour-start></parlour-start>
//
// Names that were typed stay in their fields whatever the house answers.
import { el } from "../helpers/dom.js";
import { idle } from "../helpers/format.js";
import { api } from "../services.js";
import { peopleIllustration } from "../helpers/illustrations.js";
import { refusalWords, word } from "../helpers/words.js";
import { ParlourChatList } from "./chat-list.js";
import { ParlourInvites } from "./invites.js";
import { ParlourLinkForm } from "./link-form.js";
import { ParlourPreferences } from "./preferences.js";

export class ParlourStart extends HTMLElement {
  #lead = el("p", {}, word("start.lead"));
  #note = el("p", { class: "note reach", hidden: true });
  #refusal = el("p", { class: "refusal", role: "alert", id: "refusal" });
  #one = nameField("one");
  #other = nameField("other");
  #idle = el("select", { id: "idle", name: "idle" });
  #go = el("button", { class: "main", type: "submit" }, word("start.go"));
  #room = el("section", { class: "card", "aria-labelledby": "start-title" });

  connectedCallback() {
    document.title = word("title");
    const welcome = el("div", {}, el("h1", {}, word("title")), this.#lead);
    const head = el("header", { class: "welcome" }, welcome, peopleIllustration());
    const main = el("main", { class: "page" }, head, new ParlourChatList(), this.#room);
    this.replaceChildren(main);
    this.#room.replaceChildren(this.#title(), this.#form());
    this.#go.disabled = true;
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
    const list = el("ul", {}, ...rows);
    this.#room.after(el("section", { class: "host-warnings", "aria-labelledby": "host-title" }, title, list));
  }

  /** @param {unknown} refusal */
  #sayNo(refusal) {
    const retry = el("button", { type: "button", onclick: () => this.#ask() }, word("join.retry"));
    const said = el("p", { class: "refusal", role: "alert" }, refusalWords(refusal));
    const hadFocus = this.#room.contains(document.activeElement);
    this.#room.replaceChildren(this.#title(), said, retry);
    if (hadFocus) retry.focus();
  }

  #decline() {
    this.#lead.hidden = true;
    const why = el("p", { class: "note" }, word("start.not_here"));
    this.#room.replaceChildren(this.#title(), why, new ParlourLinkForm("join.link_incomplete"));
  }

  /** @param {HouseAnswer} house */
  #offer(house) {
    const choices = house.idles.map((choice) => {
      return el("option", { value: choice, selected: choice === house.idle_default }, idle(choice));
    });
    this.#idle.replaceChildren(...choices);
    if (house.reach !== "anywhere") {
      this.#note.textContent = word(`start.reach.${house.reach}`);
      this.#note.hidden = false;
    }
    this.#lead.hidden = false;
    this.#refusal.textContent = "";
    this.#go.disabled = false;
    if (this.#go.isConnected) return;
    const hadFocus = this.#room.contains(document.activeElement);
    this.#room.replaceChildren(this.#title(), this.#form());
    if (hadFocus) this.#one.focus();
  }

  #title() {
    return el("h2", { id: "start-title" }, word("start.form"));
  }

  #form() {
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#start();
    };
    const rest = field("idle", word("start.idle"), this.#idle);
    const names = [
      field("one", word("start.one"), this.#one),
      field("other", word("start.other"), this.#other),
    ];
    const parts = [el("div", { class: "pair" }, ...names), rest, this.#refusal, this.#go, this.#note];
    return el("form", { novalidate: true, autocomplete: "off", onsubmit: submit }, ...parts);
  }

  async #start() {
    this.#forgive();
    const missing = [this.#one, this.#other].find((input) => input.value.trim() === "");
    if (missing) return this.#refuse(word("start.name_missing"), missing);
    this.#go.disabled = true;
    try {
      const chat = await api.start([this.#one.value, this.#other.value], this.#idle.value);
      this.#show(chat);
    } catch (refusal) {
      this.#go.disabled = false;
      this.#refuse(refusalWords(refusal), this.#blamed(refusal));
    } finally {
      this.#go.disabled = false;
    }
  }

  #forgive() {
    this.#refusal.textContent = "";
    for (const input of [this.#one, this.#other]) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  /** The field that the house does not like, if it is one. @param {any} refusal */
  #blamed({ code, place }) {
    if (code === "bad_name") return place === 2 ? this.#other : this.#one;
    return code === "same_name" ? this.#other : undefined;
  }

  /**
   * At its field, or at the button where no field is to blame.
   * @param {string} why @param {HTMLInputElement} [where]
   */
  #refuse(why, where) {
    if (where) where.after(this.#refusal);
    else this.#go.before(this.#refusal);
    this.#refusal.textContent = why;
    where?.setAttribute("aria-invalid", "true");
    where?.setAttribute("aria-describedby", "refusal");
    (where ?? this.#go).focus();
  }

  /** @param {ChatsAnswer} chat */
  #show(chat) {
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

/** @param {string} id */
function nameField(id) {
  return el("input", {
    id,
    name: id,
    dir: "auto",
    maxlength: "120",
    autocomplete: "off",
    enterkeyhint: "next",
  });
}

/** @param {string} id @param {string} label @param {HTMLElement} control */
function field(id, label, control) {
  return el("div", { class: "field" }, el("label", { for: id }, label), control);
}

customElements.define("parlour-start", ParlourStart);
