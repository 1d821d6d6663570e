// How this device makes itself noticed: a sound, a notification, and what the notification says.
//
//   const settings = new ParlourAlertSettings(seat, () => alerts.rehearse("Abhi", "Good evening"));
//   settings.begin();   whenever they are looked at
//
// Nothing rings or asks for permission before a person wants it.
import { el } from "../helpers/dom.js";
import { fieldGroup, switchRow } from "../helpers/fields.js";
import { askToNotify, canNotify } from "../helpers/notifications.js";
import { playSound } from "../helpers/sound.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { chatFlags, preferences } from "../services.js";

export class ParlourAlertSettings extends HTMLElement {
  #rehearse;
  #said = el("p", { class: "hint", role: "status" });
  #screen = switchRow("alerts.screen", preferences.wants("screen"), (isOn) => this.#wantScreen(isOn));
  #content = switchRow("alerts.content", preferences.wants("content"), (isOn) =>
    preferences.want("content", isOn),
  );

  #seat;
  #mute = switchRow("alerts.mute", false, (isOn) => chatFlags.set(this.#seat, "muted", isOn));

  /** @param {string} seat of the chat @param {() => void} rehearse as if there was a message */
  constructor(seat, rehearse) {
    super();
    this.#seat = seat;
    this.#rehearse = rehearse;
  }

  connectedCallback() {
    const sound = switchRow("alerts.sound", preferences.wants("sound"), (isOn) => {
      preferences.want("sound", isOn);
      if (isOn) playSound();
    });
    const https = el("p", { class: "hint" }, word("alerts.https"));
    const rows = canNotify() ? [this.#screen.row, this.#content.row] : [https];
    const test = button("small", () => this.#test(), word("alerts.test"));
    this.replaceChildren(
      fieldGroup("alerts.title", "alerts.hint", this.#mute.row, sound.row, ...rows, this.#said, test),
    );
    this.#showContent();
  }

  begin() {
    this.#mute.box.checked = chatFlags.has(this.#seat, "muted");
    this.#said.textContent = "";
  }

  #test() {
    const isSilent = !preferences.wants("sound") && !preferences.wants("screen");
    this.#said.textContent = isSilent ? word("alerts.silent") : "";
    if (!isSilent) this.#rehearse();
  }

  /** @param {boolean} isWanted */
  async #wantScreen(isWanted) {
    const { box } = this.#screen;
    // While the browser asks, nothing is allowed yet.
    box.checked = false;
    const may = !isWanted || (await askToNotify());
    preferences.want("screen", isWanted && may);
    this.#said.textContent = may ? "" : word("alerts.denied");
    box.checked = isWanted && may;
    this.#showContent();
  }

  /** What a notification says can be chosen where there is one. */
  #showContent() {
    this.#content.box.disabled = !preferences.wants("screen");
  }
}

customElements.define("parlour-alert-settings", ParlourAlertSettings);
