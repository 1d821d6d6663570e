// What this device tells about its person, and is therefore told of the others.
//
//   <parlour-privacy-settings></parlour-privacy-settings>
//
// Sends `parlour-preferences` (bubbling) when it has changed.
import { send } from "../helpers/dom.js";
import { fieldGroup, switchRow } from "../helpers/fields.js";
import { PRIVACY_SETTINGS } from "../models/preferences.js";
import { preferences } from "../services.js";

export class ParlourPrivacySettings extends HTMLElement {
  connectedCallback() {
    const switches = PRIVACY_SETTINGS.map((setting) =>
      switchRow(`privacy.${setting}`, preferences.shares(setting), (isOn) => this.#share(setting, isOn)),
    );
    const rows = switches.map(({ row }) => row);
    this.replaceChildren(fieldGroup("privacy.title", "privacy.hint", ...rows));
  }

  /** @param {import("../models/preferences.js").PrivacySetting} setting @param {boolean} isShared */
  #share(setting, isShared) {
    preferences.share(setting, isShared);
    send(this, "parlour-preferences");
  }
}

customElements.define("parlour-privacy-settings", ParlourPrivacySettings);
