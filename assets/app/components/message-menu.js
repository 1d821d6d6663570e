// What a person may do with one message: reactions, and the actions on it.
//
//   const menu = new ParlourMessageMenu(session);
//   menu.ask(seq);
//
// Sends `message-action` (bubbling, detail: the action and the message) for what concerns the composer, and
// `message-command` (bubbling, detail: a MessageCommand) for what the house does.
import { closeButton, showModal } from "../helpers/dialog.js";
import { copyText, el, send } from "../helpers/dom.js";
import { vanishing } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { QUICK_EMOJI, actionsOn } from "../models/message-actions.js";

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

  /** @param {number} seq */
  ask(seq) {
    const { chat } = this.#session;
    const message = chat.find(seq);
    const actions = actionsOn(message, chat.me, houseNow().getTime());
    if (!message || actions.length === 0 || this.#dialog.open) return;
    const reactions = QUICK_EMOJI.map((emoji) => this.#emojiButton(message, emoji));
    const buttons = actions.map((action) => this.#actionButton(message, action));
    const close = closeButton(this.#dialog, word("menu.cancel"));
    close.className = "quiet";
    const end = message.vanishes ? el("p", { class: "hint" }, vanishing(message.vanishes)) : "";
    this.#dialog.replaceChildren(end, el("div", { class: "emojis" }, ...reactions), ...buttons, close);
    showModal(this.#dialog);
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

  /** @param {ChatMessage} message @param {import("../models/message-actions.js").MessageAction} action */
  #actionButton(message, action) {
    const act = () => {
      if (action === "hide" || action === "delete")
        return this.#leave("message-command", { of: `chat-${action}`, seq: message.seq });
      // From within the dialog, as long as it is open.
      const isCopied = action === "copy" ? copyText(message.text ?? "") : undefined;
      this.#leave("message-action", { action, message, isCopied });
    };
    return button(action === "delete" ? "danger" : "", act, word(`menu.${action}`));
  }

  /** @param {string} type @param {unknown} detail */
  #leave(type, detail) {
    this.#dialog.close();
    send(this, type, detail);
  }
}

customElements.define("parlour-message-menu", ParlourMessageMenu);
