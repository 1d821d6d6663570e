// What a person may do with one message: reactions, and the actions on it. Of what waits to be said there is
// less to do.
//
//   const menu = new ParlourMessageMenu(session);
//   menu.ask(row);   of the timeline
//
// Sends (bubbling) `message-action` (detail: the action and its subject, which is a message or an entry of
// the outbox) for what concerns the composer, `message-command` (detail: a MessageCommand) for what the house
// does, and `discard` (detail: an entry).
import { closeButton, showModal } from "../helpers/dialog.js";
import { copyText, el, send } from "../helpers/dom.js";
import { vanishing } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { ACTIONS_ON_WAITING, QUICK_EMOJI, actionsOn, textOfSubject } from "../models/message-actions.js";

/** @typedef {import("../models/message-actions.js").Subject} Subject */

export class ParlourMessageMenu extends HTMLElement {
  #session;
  #dialog = el("dialog", { class: "sheet menu", "aria-label": word("menu.title"), closedby: "any" });

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  /** @param {import("../models/timeline.js").Row} row */
  ask({ seq, entry }) {
    const { chat } = this.#session;
    const message = entry ? undefined : chat.find(seq);
    const actions = entry ? ACTIONS_ON_WAITING : actionsOn(message, chat.me, houseNow().getTime());
    if (actions.length === 0 || this.#dialog.open) return;
    const reactions = message ? [this.#reactions(message)] : [];
    const buttons = actions.map((action) => this.#actionButton(action, { message, entry }));
    const close = closeButton(this.#dialog, word("menu.cancel"));
    close.className = "quiet";
    const { vanishes } = message ?? {};
    const end = vanishes ? el("p", { class: "hint" }, vanishing(vanishes)) : "";
    this.#dialog.replaceChildren(end, ...reactions, ...buttons, close);
    showModal(this.#dialog);
  }

  /** @param {ChatMessage} message */
  #reactions(message) {
    return el("div", { class: "emojis" }, ...QUICK_EMOJI.map((emoji) => this.#emojiButton(message, emoji)));
  }

  /** The same emoji once more takes it away. @param {ChatMessage} message @param {string} emoji */
  #emojiButton({ seq, reactions = [] }, emoji) {
    const { me } = this.#session.chat;
    const isOn = reactions.some((one) => one.from === me && one.emoji === emoji);
    const also = isOn ? {} : { emoji };
    const react = () => this.#leave("message-command", { of: "chat-react", seq, ...also });
    const found = button("plain", react, emoji);
    found.setAttribute("aria-pressed", String(isOn));
    return found;
  }

  /** @param {import("../models/message-actions.js").MessageAction} action @param {Subject} subject */
  #actionButton(action, subject) {
    const { message, entry } = subject;
    const act = () => {
      if (action === "discard") return this.#leave("discard", entry);
      if (action === "hide" || action === "delete")
        return this.#leave("message-command", { of: `chat-${action}`, seq: message?.seq });
      // From within the dialog, as long as it is open.
      const isCopied = action === "copy" ? copyText(textOfSubject(subject) ?? "") : undefined;
      this.#leave("message-action", { action, subject, isCopied });
    };
    const isGrave = action === "delete" || action === "discard";
    return button(isGrave ? "danger" : "", act, word(`menu.${action}`));
  }

  /** @param {string} type @param {unknown} detail */
  #leave(type, detail) {
    this.#dialog.close();
    send(this, type, detail);
  }
}

customElements.define("parlour-message-menu", ParlourMessageMenu);
