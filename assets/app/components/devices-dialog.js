// "Your devices": which ones are in at one's own seat, and the question before one is signed out.
//
//   const devices = new ParlourDevicesDialog(session);
//   devices.ask();
//
// Signing out the device at hand is leaving: the ChatSession tells it to the page.
import { closeButton, showStep } from "../helpers/dialog.js";
import { el, name, visuallyHidden } from "../helpers/dom.js";
import { moment } from "../helpers/format.js";
import { button, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { byNewest, signOut } from "../models/devices.js";
import { api } from "../services.js";

export class ParlourDevicesDialog extends HTMLElement {
  #session;
  #dialog = el("dialog", {
    class: "sheet",
    "aria-labelledby": "devices-title",
    "aria-describedby": "devices-about",
    closedby: "any",
  });
  #refusal = refusalLine();

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  ask() {
    this.#showStep("devices.title", aboutDevices(word("devices.loading")), this.#foot());
    this.#list(phrase("devices.about", { name: name(this.#session.chat.self?.name ?? "") }));
  }

  /** @param {(Node | string)[]} said */
  async #list(said) {
    try {
      const { devices } = await api.devices(this.#session.seat);
      if (this.#dialog.open) this.#show(byNewest(devices), said);
    } catch (refusal) {
      if (this.#dialog.open) this.#sayNo(refusal);
    }
  }

  /** @param {DeviceRow[]} rows @param {(Node | string)[]} said */
  #show(rows, said) {
    const items = rows.map((row) => deviceItem(row, () => this.#question(row)));
    const unknown = rows.length > 1 ? el("p", { class: "hint" }, word("devices.unknown")) : "";
    const list = el("ul", { class: "devices" }, ...items);
    this.#showStep("devices.title", aboutDevices(...said), list, unknown, this.#foot());
  }

  /** @param {unknown} refusal */
  #sayNo(refusal) {
    const retry = button("", () => this.ask(), word("join.retry"));
    const why = el("p", { class: "refusal", id: "devices-about" }, refusalWords(refusal));
    this.#showStep("devices.title", why, retry, this.#foot());
  }

  /** @param {DeviceRow} row */
  #question(row) {
    const stay = button("main", () => this.ask(), word("devices.stay"));
    const go = button("danger", () => this.#signOut(row, go), word("devices.out"));
    const choice = el("div", { class: "choice" }, stay, go);
    const times = el("p", { class: "hint" }, timesOf(row).join(" · "));
    const why = row.this ? [this.#leaving()] : [times, aboutDevices(word("devices.ask_why"))];
    this.#refusal.textContent = "";
    this.#showStep(row.this ? "devices.leave" : "devices.ask", ...why, this.#refusal, choice);
    stay.focus();
  }

  /** What becomes of this device, and of what waits here. */
  #leaving() {
    const waiting = this.#session.outbox.shown.length;
    const unsent = waiting > 0 ? el("p", {}, word("devices.unsent", { n: waiting })) : "";
    return el("div", { id: "devices-about" }, el("p", {}, word("devices.leave_why")), unsent);
  }

  /** @param {DeviceRow} row @param {HTMLButtonElement} go */
  async #signOut(row, go) {
    go.disabled = true;
    try {
      await signOut(api, this.#session, row);
      if (!row.this) await this.#list([word("devices.done")]);
    } catch (refusal) {
      this.#refusal.textContent = refusalWords(refusal);
      go.disabled = false;
      go.focus();
    }
  }

  /** @param {string} title @param {...(Node | string)} parts */
  #showStep(title, ...parts) {
    showStep(this.#dialog, el("h2", { id: "devices-title" }, word(title)), ...parts);
  }

  #foot() {
    return el("div", { class: "foot" }, closeButton(this.#dialog));
  }
}

/** @param {DeviceRow} row @param {() => void} ask whether it should be signed out */
function deviceItem(row, ask) {
  const who = word(row.this ? "devices.this" : "devices.other");
  const times = timesOf(row);
  const what = visuallyHidden(`${who}, ${times.join(", ")}`);
  const out = button("small", ask, word("devices.out"), what);
  const hints = times.map((line) => el("p", { class: "hint" }, line));
  return el("li", {}, el("div", {}, el("p", { class: "who" }, who), ...hints), out);
}

/** What the dialog is about. @param {...(Node | string)} said */
function aboutDevices(...said) {
  return el("p", { id: "devices-about" }, ...said);
}

/**
 * When a device came in, and when it was last here, as far as it tells: this one is here.
 * @param {DeviceRow} row
 */
function timesOf({ since, last_here: last, this: isThis }) {
  const cameIn = word("devices.since", { time: moment(since) });
  return last && !isThis ? [cameIn, word("devices.last", { time: moment(last) })] : [cameIn];
}

customElements.define("parlour-devices-dialog", ParlourDevicesDialog);
