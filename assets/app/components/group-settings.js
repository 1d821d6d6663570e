// Who writes in a group, and who is shown to whom: two switches for its admins.
//
//   const settings = new ParlourGroupSettings(session, actions);
//   settings.show();   whenever the chat changed
//
// A switch stands where the house has it: one that was refused goes back, and says why.
import { el } from "../helpers/dom.js";
import { switchRow } from "../helpers/fields.js";
import { refusalLine } from "../helpers/parts.js";
import { refusalWords, word } from "../helpers/words.js";

export class ParlourGroupSettings extends HTMLElement {
  #session;
  #actions;
  #refusal = refusalLine();
  /** How the house has it, as far as that was shown. */
  #shown = "";
  #writers = switchRow("group.writers", false, (isOn) => this.#setWriters(isOn));
  #roster = switchRow("group.hide", false, (isOn) => this.#setRoster(isOn));

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/group.js").GroupActions} actions
   */
  constructor(session, actions) {
    super();
    this.#session = session;
    this.#actions = actions;
  }

  connectedCallback() {
    const rows = [
      this.#writers.row,
      hintOf(this.#writers.box, "group.writers_hint"),
      this.#roster.row,
      hintOf(this.#roster.box, "group.hide_hint"),
    ];
    const legend = el("legend", {}, word("group.rules"));
    this.replaceChildren(el("fieldset", { class: "group" }, legend, ...rows, this.#refusal));
  }

  show() {
    const { group } = this.#session.chat;
    const shown = `${group?.writers} ${group?.roster}`;
    if (!group || shown === this.#shown) return;
    this.#shown = shown;
    const [isQuiet, isHidden] = [group.writers === "admins", group.roster === "admins"];
    this.#writers.box.checked = isQuiet;
    this.#roster.box.checked = isHidden;
    // Each holds the other: who writes is seen.
    this.#writers.box.disabled = isHidden;
    this.#roster.box.disabled = !isQuiet;
  }

  /** @param {boolean} isOn */
  #setWriters(isOn) {
    return this.#set(() => this.#actions.setWriters(isOn ? "admins" : "everybody"));
  }

  /** @param {boolean} isOn */
  #setRoster(isOn) {
    return this.#set(() => this.#actions.setRoster(isOn ? "admins" : "everybody"));
  }

  /** What the house has done comes as an event of the chat. @param {() => Promise<unknown>} request */
  async #set(request) {
    this.#refusal.textContent = "";
    try {
      await request();
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      this.#shown = "";
      this.show();
    }
  }
}

/** @param {HTMLInputElement} box @param {string} key */
function hintOf(box, key) {
  const id = key.replace(".", "-");
  box.setAttribute("aria-describedby", id);
  return el("p", { class: "hint", id }, word(key));
}

customElements.define("parlour-group-settings", ParlourGroupSettings);
