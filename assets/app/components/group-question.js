// A question before something in a group that cannot be taken back: removing somebody, or leaving.
//
//   const leave = new ParlourGroupQuestion(session, actions, "leave");
//   leave.ask();
//   const remove = new ParlourGroupQuestion(session, actions, "remove");
//   remove.ask("3");   the participant
//   remove.show();   whenever the session changed
//
// Sends (bubbling) `person-removed`, and `open-devices` when only this device is to be signed out.
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name, send, setText } from "../helpers/dom.js";
import { button, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { afterLeaving } from "../models/group.js";

/** @typedef {"remove" | "leave"} GroupQuestion */

export class ParlourGroupQuestion extends HTMLElement {
  #session;
  #actions;
  #what;
  #participant = "";
  #title;
  #about;
  #refusal = refusalLine();
  #go;
  #dialog;
  #stay;
  #isAsking = false;

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/group.js").GroupActions} actions
   * @param {GroupQuestion} what
   */
  constructor(session, actions, what) {
    super();
    this.#session = session;
    this.#actions = actions;
    this.#what = what;
    this.#title = el("h2", { id: `${what}-title`, tabindex: "-1" });
    this.#about = el("div", { id: `${what}-about` });
    this.#go = button("danger", () => this.#act(), word(`group.${what}_go`));
    const names = { "aria-labelledby": `${what}-title`, "aria-describedby": `${what}-about` };
    this.#dialog = el("dialog", { class: "sheet", ...names, closedby: "any" });
    this.#stay = closeButton(this.#dialog, word("menu.cancel"));
  }

  connectedCallback() {
    const out = button("", () => this.#signOut(), word("devices.title"));
    const other = this.#what === "leave" ? [el("p", {}, word("group.leave_device")), out] : [];
    const choice = el("div", { class: "choice" }, this.#stay, this.#go);
    const foot = el("div", { class: "foot" }, this.#refusal, choice);
    this.#dialog.replaceChildren(this.#title, this.#about, ...other, foot);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} [participant] */
  ask(participant = this.#session.chat.me) {
    this.#participant = participant;
    this.#refusal.textContent = "";
    this.#isAsking = false;
    this.#fill();
    showModal(this.#dialog);
    this.#stay.focus({ preventScroll: true });
  }

  show() {
    if (this.#dialog.open) this.#fill();
  }

  #fill() {
    const { chat } = this.#session;
    const person = chat.participants.get(this.#participant);
    if (!person || !chat.group) return;
    const lines = this.#what === "leave" ? this.#leaving() : removing(person);
    const said = lines.map((line) => el("p", {}, ...line));
    const title = phrase(`group.${this.#what}_ask`, { name: name(person.name) });
    // Only what is new is read out.
    if (textOfLines(said) !== textOfLines([...this.#about.children])) this.#about.replaceChildren(...said);
    this.#title.replaceChildren(...title);
    this.#allow(person);
  }

  /** What goes, and what comes after it. */
  #leaving() {
    const { chat, outbox } = this.#session;
    const { isEnd, heir } = afterLeaving(chat);
    const waiting = outbox.shown.length;
    return [
      phrase("group.leave_all", {}),
      ...(isEnd ? [phrase("group.leave_last", {})] : []),
      ...(heir ? [phrase("group.leave_heir", { name: name(heir.name) })] : []),
      ...(waiting > 0 ? [phrase("devices.unsent", { n: waiting })] : []),
    ];
  }

  /** @param {Participant} person */
  #allow(person) {
    const { chat } = this.#session;
    const isIn = person === chat.self || chat.others.includes(person);
    const may = chat.may(this.#what);
    this.#go.disabled = this.#isAsking || !may || !isIn;
    const code = isIn ? "only_admins" : "no_such_participant";
    if (!this.#isAsking && !(may && isIn)) setText(this.#refusal, refusalWords({ code }));
  }

  async #act() {
    this.#isAsking = this.#go.disabled = true;
    this.#refusal.textContent = "";
    try {
      if (this.#what === "leave") await this.#actions.leave();
      else await this.#actions.remove(this.#participant);
      this.#dialog.close();
      if (this.#what === "remove") send(this, "person-removed");
    } catch (refusal) {
      this.#isAsking = this.#go.disabled = false;
      this.#refusal.textContent = refusalWords(refusal);
      this.#go.focus();
    }
  }

  #signOut() {
    this.#dialog.close();
    send(this, "open-devices");
  }
}

/** @param {Participant} person */
function removing({ name: who }) {
  return [phrase("group.remove_out", { name: name(who) }), phrase("group.remove_stays", { name: name(who) })];
}

/** @param {Element[]} lines */
function textOfLines(lines) {
  return lines.map((line) => line.textContent).join("\n");
}

customElements.define("parlour-group-question", ParlourGroupQuestion);
