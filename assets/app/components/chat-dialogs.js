// The dialogs of a chat: what few people open in their first minute, loaded apart from the first script.
//
//   const { ParlourChatDialogs } = await import("./chat-dialogs.js");
//   const dialogs = new ParlourChatDialogs(session, alerts);
//   dialogs.ask("end");
//   dialogs.ask("receipt", { receipt: "SENT", seq: 12 });
import { detailOf } from "../helpers/dom.js";
import { GroupActions } from "../models/group.js";
import { api } from "../services.js";
import { ParlourAddDialog } from "./add-dialog.js";
import { ParlourAgreedTimeDialog } from "./agreed-time-dialog.js";
import { ParlourDescribeDialog } from "./describe-dialog.js";
import { ParlourDevicesDialog } from "./devices-dialog.js";
import { ParlourEmojiPicker } from "./emoji-picker.js";
import { ParlourEndDialog } from "./end-dialog.js";
import { ParlourGroupDialog } from "./group-dialog.js";
import { ParlourGroupQuestion } from "./group-question.js";
import { ParlourMessageMenu } from "./message-menu.js";
import { ParlourPersonDialog } from "./person-dialog.js";
import { ParlourReceiptDialog } from "./receipt-dialog.js";
import { ParlourRenameDialog } from "./rename-dialog.js";
import { ParlourReplaceDialog } from "./replace-dialog.js";
import { ParlourSettingsDialog } from "./settings-dialog.js";

/**
 * @typedef {"settings" | "end" | "timer" | "idle" | "devices" | "replace" | "receipt" | "menu" |
 *   "picker"} DialogName
 * @typedef {"group" | "person" | "add" | "describe" | "rename" | "remove" | "leave"} GroupDialogName
 * @typedef {HTMLElement & {ask(about?: any): void, show?(): void}} ChatDialog
 */

/** One of these is over another, in this order. @type {GroupDialogName[]} */
const OF_GROUPS = ["group", "person", "add", "describe", "rename", "remove", "leave"];

/** What cannot have the focus any more. */
const UNFOCUSABLE = ":disabled, [hidden], dialog:not([open])";

export class ParlourChatDialogs extends HTMLElement {
  /** @type {Record<DialogName | GroupDialogName, ChatDialog>} */
  #dialogs;

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/alerts.js").Alerts} alerts
   */
  constructor(session, alerts) {
    super();
    const actions = new GroupActions(api, session);
    const person = new ParlourPersonDialog(session, actions);
    this.#dialogs = {
      settings: new ParlourSettingsDialog(session, alerts),
      group: new ParlourGroupDialog(session, actions),
      person,
      add: new ParlourAddDialog(session, actions),
      describe: new ParlourDescribeDialog(session, actions),
      rename: new ParlourRenameDialog(session, actions),
      remove: new ParlourGroupQuestion(session, actions, "remove"),
      leave: new ParlourGroupQuestion(session, actions, "leave"),
      end: new ParlourEndDialog(session),
      timer: new ParlourAgreedTimeDialog(session, "timer"),
      idle: new ParlourAgreedTimeDialog(session, "idle"),
      devices: new ParlourDevicesDialog(session),
      replace: new ParlourReplaceDialog(session),
      receipt: new ParlourReceiptDialog(session),
      menu: new ParlourMessageMenu(session),
      picker: new ParlourEmojiPicker(),
    };
    for (const called of OF_GROUPS)
      this.addEventListener(`open-${called}`, (event) => this.ask(called, detailOf(event) ?? undefined));
    this.addEventListener("person-removed", () => person.close());
    this.addEventListener("close", () => this.#keepFocus(), { capture: true });
  }

  connectedCallback() {
    this.replaceChildren(...Object.values(this.#dialogs));
  }

  /** @param {DialogName | GroupDialogName} name @param {unknown} [about] what it is asked about */
  ask(name, about) {
    this.#dialogs[name].ask(about);
  }

  /** The chat changed. */
  show() {
    const hadFocus = this.contains(document.activeElement);
    for (const dialog of Object.values(this.#dialogs)) dialog.show?.();
    if (hadFocus) this.#keepFocus();
  }

  /** Where it was is gone: it goes to the title of the dialog on top. */
  #keepFocus() {
    const has = document.activeElement;
    const isLost = !has || has === document.body || has.closest(UNFOCUSABLE);
    const top = [...this.querySelectorAll("dialog")].filter((dialog) => dialog.open).at(-1);
    const title = top?.querySelector("h2");
    if (!isLost || !title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}

customElements.define("parlour-chat-dialogs", ParlourChatDialogs);
