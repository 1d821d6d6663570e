// The menu of the chat: how long it is kept, and its end; the ways into it; how this device makes itself
// noticed, what it tells about the person, and how the page looks.
//
//   const settings = new ParlourSettingsDialog();
//   settings.open(session, api, rehearse);
//   settings.show(chat);
//   settings.ask();
//
// All but the chat's life and the ways is kept by Preferences for all chats of this browser. Sends `parlour-preferences`
// (bubbling) when it has changed, and `open-end` when the chat is to be ended. Nothing rings or asks for
// permission before a person wants it.
import { askToNotify, canNotify } from "../helpers/notifications.js";
import { playSound } from "../helpers/sound.js";
import { showModal } from "../helpers/dialog.js";
import { el } from "../helpers/dom.js";
import { preferences } from "../services.js";
import { word } from "../helpers/words.js";
import { PRIVACY_SETTINGS } from "../models/preferences.js";
import { ParlourIdleClock } from "./idle-clock.js";
import { ParlourPreferences } from "./preferences.js";
import { ParlourAccessList } from "./access-list.js";
import { receiptLegend } from "./receipt-dialog.js";

export class ParlourSettingsDialog extends HTMLElement {
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "settings-title", closedby: "any" });
  #said = el("p", { class: "hint", role: "status" });
  #idleClock = new ParlourIdleClock();
  #end = el("button", { class: "danger", type: "button", onclick: () => this.#sendEnd() }, word("end.menu"));
  #access = new ParlourAccessList();
  /** @type {HTMLInputElement | undefined} */
  #content;

  /**
   * @param {import("../models/chat-session.js").ChatSession} session
   * @param {import("../models/api.js").Api} api
   * @param {() => void} rehearse as if there was a message
   */
  open(session, api, rehearse) {
    this.#idleClock.open(session, api);
    const close = el("button", { class: "main", type: "button" }, word("close"));
    close.addEventListener("click", () => this.#dialog.close());
    const title = el("h2", { id: "settings-title" }, word("settings.title"));
    // Each way is a dialog of its own, from which one comes back to the chat.
    for (const way of ["open-devices", "open-new-link"])
      this.#access.addEventListener(way, () => this.#dialog.close());
    const life = el("div", { class: "lifetime" }, this.#idleClock, this.#end);
    const parts = [
      life,
      this.#access,
      this.#alerts(rehearse),
      privacySettings(this),
      new ParlourPreferences(),
      receiptLegend(),
    ];
    this.#dialog.replaceChildren(title, ...parts, el("div", { class: "foot" }, close));
    this.replaceChildren(this.#dialog);
  }

  /**
   * Who is in the chat may come after the dialog was opened.
   * @param {import("../models/chat.js").Chat} chat
   */
  show(chat) {
    this.#idleClock.show();
    // What is destroyed is said before, so it must be known.
    this.#end.disabled = !chat.isKnown;
    this.#access.show(chat);
  }

  ask() {
    this.#said.textContent = "";
    showModal(this.#dialog);
  }

  /** The question is a dialog of its own. */
  #sendEnd() {
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent("open-end", { bubbles: true }));
  }

  /** @param {() => void} rehearse */
  #rehearse(rehearse) {
    const isSilent = !preferences.wants("sound") && !preferences.wants("screen");
    this.#said.textContent = isSilent ? word("alerts.silent") : "";
    if (!isSilent) rehearse();
  }

  /** @param {() => void} rehearse */
  #alerts(rehearse) {
    const sound = check("alerts.sound", preferences.wants("sound"), (isWanted) => {
      preferences.want("sound", isWanted);
      if (isWanted) playSound();
    });
    const screen = check("alerts.screen", preferences.wants("screen"), (isWanted) =>
      this.#want(isWanted, screen),
    );
    const content = check("alerts.content", preferences.wants("content"), (isWanted) => {
      preferences.want("content", isWanted);
    });
    const test = el(
      "button",
      { class: "small", type: "button", onclick: () => this.#rehearse(rehearse) },
      word("alerts.test"),
    );
    this.#content = content.querySelector("input") ?? undefined;
    this.#showContent();
    const rows = canNotify()
      ? [sound, screen, content]
      : [sound, el("p", { class: "hint" }, word("alerts.https"))];
    return group("alerts.title", word("alerts.hint"), ...rows, this.#said, test);
  }

  /** @param {boolean} isWanted @param {HTMLElement} row */
  async #want(isWanted, row) {
    const box = row.querySelector("input");
    // While the browser asks, nothing is allowed yet.
    if (box) box.checked = false;
    const may = !isWanted || (await askToNotify());
    preferences.want("screen", isWanted && may);
    this.#said.textContent = may ? "" : word("alerts.denied");
    if (box) box.checked = isWanted && may;
    this.#showContent();
  }

  /** What a notification says can be chosen where there is one. */
  #showContent() {
    if (this.#content) this.#content.disabled = !preferences.wants("screen");
  }
}

/** @param {HTMLElement} host sends that something has changed */
function privacySettings(host) {
  const rows = PRIVACY_SETTINGS.map((setting) =>
    check(`privacy.${setting}`, preferences.shares(setting), (isShared) => {
      preferences.share(setting, isShared);
      host.dispatchEvent(new CustomEvent("parlour-preferences", { bubbles: true }));
    }),
  );
  return group("privacy.title", word("privacy.hint"), ...rows);
}

/** @param {string} title @param {string} hint @param {...HTMLElement} parts */
function group(title, hint, ...parts) {
  const legendText = el("legend", {}, word(title));
  return el("fieldset", { class: "group" }, legendText, el("p", { class: "hint" }, hint), ...parts);
}

/** @param {string} key @param {boolean} isOn @param {(isOn: boolean) => void} act */
function check(key, isOn, act) {
  const box = el("input", { type: "checkbox", role: "switch" });
  box.checked = isOn;
  box.addEventListener("change", () => act(box.checked));
  return el("label", { class: "check" }, el("span", {}, word(key)), box);
}

customElements.define("parlour-settings-dialog", ParlourSettingsDialog);
