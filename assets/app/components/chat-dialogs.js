// The dialogs of a chat: what few people open in their first minute, loaded apart from the first script.
//
//   const { ParlourChatDialogs } = await import("./chat-dialogs.js");
//   const dialogs = new ParlourChatDialogs(session, alerts);
//   dialogs.ask("end");
//   dialogs.ask("receipt", "SENT");
import { ParlourAgreedTimeDialog } from "./agreed-time-dialog.js";
import { ParlourDevicesDialog } from "./devices-dialog.js";
import { ParlourEmojiPicker } from "./emoji-picker.js";
import { ParlourEndDialog } from "./end-dialog.js";
import { ParlourMessageMenu } from "./message-menu.js";
import { ParlourReceiptDialog } from "./receipt-dialog.js";
import { ParlourReplaceDialog } from "./replace-dialog.js";
import { ParlourSettingsDialog } from "./settings-dialog.js";

/**
 * @typedef {"settings" | "end" | "timer" | "idle" | "devices" | "replace" | "receipt" | "menu" |
 *   "picker"} DialogName
 */

export class ParlourChatDialogs extends HTMLElement {
  /** @type {Record<DialogName, HTMLElement & {ask(about?: any): void}>} */
  #dialogs;
  #settings;

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/alerts.js").Alerts} alerts
   */
  constructor(session, alerts) {
    super();
    this.#settings = new ParlourSettingsDialog(session, alerts);
    this.#dialogs = {
      settings: this.#settings,
      end: new ParlourEndDialog(session),
      timer: new ParlourAgreedTimeDialog(session, "timer"),
      idle: new ParlourAgreedTimeDialog(session, "idle"),
      devices: new ParlourDevicesDialog(session),
      replace: new ParlourReplaceDialog(session),
      receipt: new ParlourReceiptDialog(session),
      menu: new ParlourMessageMenu(session),
      picker: new ParlourEmojiPicker(),
    };
  }

  connectedCallback() {
    this.replaceChildren(...Object.values(this.#dialogs));
  }

  /** @param {DialogName} name @param {unknown} [about] what it is asked about */
  ask(name, about) {
    this.#dialogs[name].ask(about);
  }

  /** The chat changed. */
  show() {
    this.#settings.show();
  }
}

customElements.define("parlour-chat-dialogs", ParlourChatDialogs);
