// The menu of the chat: how long it and its messages are kept, and its end; its devices and links; how this
// device makes itself noticed, what it tells about its person, and how the page looks.
//
//   const settings = new ParlourSettingsDialog(session, alerts);
//   settings.show();   whenever the session changed
//   settings.ask();
//
// Sends (bubbling) `open-end` when the chat is to be ended, and `open-group` for the page of a group.
import { closeButton, showModal } from "../helpers/dialog.js";
import { el, send, setText } from "../helpers/dom.js";
import { list } from "../helpers/format.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { ParlourAccessList } from "./access-list.js";
import { ParlourAgreedTimes } from "./agreed-times.js";
import { ParlourAlertSettings } from "./alert-settings.js";
import { ParlourIdleClock } from "./idle-clock.js";
import { ParlourPreferences } from "./preferences.js";
import { ParlourPrivacySettings } from "./privacy-settings.js";
import { receiptLegend } from "./receipt-legend.js";

export class ParlourSettingsDialog extends HTMLElement {
  #legend = el("div");
  /** @type {boolean | undefined} */
  #isExplainedFor;
  #session;
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "settings-title", closedby: "any" });
  #idleClock;
  #end = button("danger", () => this.#sendEnd(), word("end.menu"));
  #group = button("agreed", () => send(this, "open-group"));
  #times = new ParlourAgreedTimes();
  #access = new ParlourAccessList();
  #alerts;

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/alerts.js").Alerts} alerts
   */
  constructor(session, alerts) {
    super();
    this.#session = session;
    this.#idleClock = new ParlourIdleClock(session);
    this.#alerts = new ParlourAlertSettings(session.seat, () =>
      alerts.rehearse({ name: this.#others, text: word("alerts.example") }),
    );
  }

  connectedCallback() {
    // Each of these is a dialog of its own, from which one comes back to the chat.
    for (const event of ["open-timer", "open-idle", "open-devices", "open-new-link", "open-group"])
      this.addEventListener(event, () => this.#dialog.close());
    this.#dialog.replaceChildren(
      el("h2", { id: "settings-title" }, word("settings.title")),
      this.#group,
      el("div", { class: "lifetime" }, this.#idleClock, this.#times, this.#end),
      this.#access,
      this.#alerts,
      new ParlourPrivacySettings(),
      new ParlourPreferences(),
      this.#legend,
      el("div", { class: "foot" }, closeButton(this.#dialog)),
    );
    this.replaceChildren(this.#dialog);
  }

  /** Who is in the chat may come after the dialog was opened. */
  show() {
    const { chat } = this.#session;
    this.#idleClock.show();
    this.#group.hidden = !chat.group;
    setText(this.#group, word("group.open"));
    // A group is ended where its people are. What is destroyed is said before, so it must be known.
    this.#end.hidden = chat.group !== undefined;
    this.#end.disabled = !chat.isKnown;
    this.#times.show(chat);
    this.#access.show(chat);
    this.#explain(chat.group !== undefined);
  }

  /** @param {boolean} isGroup */
  #explain(isGroup) {
    if (this.#isExplainedFor === isGroup) return;
    this.#isExplainedFor = isGroup;
    this.#legend.replaceChildren(receiptLegend(isGroup));
  }

  ask() {
    this.#alerts.begin();
    showModal(this.#dialog);
  }

  get #others() {
    return list(this.#session.chat.otherNames);
  }

  /** The question is a dialog of its own. */
  #sendEnd() {
    this.#dialog.close();
    send(this, "open-end");
  }
}

customElements.define("parlour-settings-dialog", ParlourSettingsDialog);
