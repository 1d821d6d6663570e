// The page of a group: what it is called and about, who is in it, and what one may do.
//
//   const group = new ParlourGroupDialog(session, actions);
//   group.ask();
//   group.show();   whenever the session changed
//
// Sends (bubbling) what leads further: `open-describe`, `open-add`, `open-leave`, `open-end`; and from its
// list `open-person`.
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name, send, setText } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { seesEverybody } from "../models/group.js";
import { ParlourGroupSettings } from "./group-settings.js";
import { ParlourPeopleList } from "./people-list.js";

export class ParlourGroupDialog extends HTMLElement {
  #session;
  #title = el("h2", { id: "group-title", tabindex: "-1" });
  #about = el("p", { id: "group-about" });
  #count = el("h3", { id: "group-count" });
  #hidden = el("p", { class: "hint" });
  /** Says that one has another role by now. */
  #news = el("p", { class: "note", role: "status", hidden: true });
  #role = "";
  #people = new ParlourPeopleList();
  #settings;
  #describe = this.#button("describe", "small", "group.describe");
  #add = this.#button("add", "", "group.add");
  #leave = this.#button("leave", "", "group.leave");
  #end = this.#button("end", "danger", "group.end");
  #dialog = el("dialog", {
    class: "sheet group-page",
    "aria-labelledby": "group-title",
    "aria-describedby": "group-about",
    closedby: "any",
  });

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/group.js").GroupActions} actions
   */
  constructor(session, actions) {
    super();
    this.#session = session;
    this.#settings = new ParlourGroupSettings(session, actions);
  }

  connectedCallback() {
    const ways = el("div", { class: "choice" }, this.#leave, this.#end);
    const foot = el("div", { class: "foot" }, closeButton(this.#dialog));
    const people = [this.#count, this.#hidden, this.#add, this.#people];
    const parts = [this.#title, this.#about, this.#news, this.#describe, ...people, this.#settings, ways];
    this.#dialog.replaceChildren(...parts, foot);
    this.replaceChildren(this.#dialog);
  }

  ask() {
    const { chat } = this.#session;
    if (!chat.group) return;
    this.#role = chat.self?.role ?? "";
    this.#news.hidden = true;
    this.#fill(chat.group);
    showModal(this.#dialog);
    this.#title.focus({ preventScroll: true });
  }

  show() {
    const { group } = this.#session.chat;
    if (group && this.#dialog.open) this.#fill(group);
  }

  /** @param {Group} group */
  #fill({ title, about }) {
    const { chat } = this.#session;
    if (this.#title.textContent !== title) this.#title.replaceChildren(name(title));
    if (this.#about.textContent !== about) this.#about.replaceChildren(name(about));
    this.#about.hidden = about === "";
    const isWhole = seesEverybody(chat);
    setText(this.#count, word(isWhole ? "group.count" : "group.shown", { n: chat.others.length + 1 }));
    setText(this.#hidden, isWhole ? "" : word("group.hidden"));
    this.#people.show(chat);
    this.#settings.show();
    this.#allow();
    this.#tellRole();
  }

  /** Only what works is offered. */
  #allow() {
    const { chat } = this.#session;
    this.#describe.hidden = !chat.may("describe");
    this.#add.hidden = !chat.may("add");
    this.#settings.hidden = !chat.may("set_writers");
    this.#leave.hidden = !chat.may("leave");
    this.#end.hidden = !chat.may("end");
  }

  #tellRole() {
    const { role = "" } = this.#session.chat.self ?? {};
    if (!role || role === this.#role) return;
    this.#role = role;
    this.#news.hidden = false;
    setText(this.#news, word(`group.now_${role}`));
  }

  /** @param {string} what @param {string} kind @param {string} key */
  #button(what, kind, key) {
    return button(kind, () => send(this, `open-${what}`), word(key));
  }
}

customElements.define("parlour-group-dialog", ParlourGroupDialog);
