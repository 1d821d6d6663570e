// What this device does with one of the chats in the list: keep it at the top, or let it be silent.
//
//   const menu = new ParlourChatMenu();
//   menu.ask(row, "Abhi");   of the list, and how the chat is called there
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, name } from "../helpers/dom.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { chatFlags } from "../services.js";

export class ParlourChatMenu extends HTMLElement {
  #dialog = el("dialog", { class: "sheet menu", "aria-labelledby": "chat-menu-title", closedby: "any" });

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  /** @param {import("../models/chat-list.js").ChatRow} row @param {string} called */
  ask({ seat, isPinned, isMuted }, called) {
    if (this.#dialog.open) return;
    const title = el("h2", { id: "chat-menu-title" }, name(called));
    const pin = this.#switch(isPinned ? "chats.unpin" : "chats.pin", seat, "pinned", !isPinned);
    const mute = this.#switch(isMuted ? "chats.unmute" : "chats.mute", seat, "muted", !isMuted);
    const hint = el("p", { class: "hint" }, word("chats.mute_hint"));
    const close = closeButton(this.#dialog, word("menu.cancel"));
    close.className = "quiet";
    this.#dialog.replaceChildren(title, pin, mute, hint, close);
    showModal(this.#dialog);
  }

  /**
   * @param {string} key
   * @param {string} seat
   * @param {import("../models/chat-flags.js").ChatFlag} flag
   * @param {boolean} isOn
   */
  #switch(key, seat, flag, isOn) {
    const act = () => {
      this.#dialog.close();
      chatFlags.set(seat, flag, isOn);
    };
    return button("", act, word(key));
  }
}

customElements.define("parlour-chat-menu", ParlourChatMenu);
