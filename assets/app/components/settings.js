// The menu of the chat: how long it is kept, and its end; the ways into it; how this device makes itself
// noticed, what it tells about the person, and how the page looks.
//
//   const settings = new ParlourSettings();
//   settings.open(talk, api, rehearse);
//   settings.show(chat);
//   settings.ask();
//
// All but the chat's life and the ways is kept by Taste for all chats of this browser. Sends `parlour-taste`
// (bubbling) when it has changed, and `ways-end` when the chat is to be ended. Nothing rings or asks for
// permission before a person wants it.
import { canNotify, mayNotify, ring } from "../helpers/bell.js";
import { showModal } from "../helpers/dialog.js";
import { el } from "../helpers/dom.js";
import { taste } from "../helpers/home.js";
import { word } from "../helpers/words.js";
import { TALES } from "../models/taste.js";
import { ParlourClock } from "./clock.js";
import { ParlourTaste } from "./taste.js";
import { ParlourWays } from "./ways.js";
import { legend } from "./why.js";

export class ParlourSettings extends HTMLElement {
  #dialog = el("dialog", { class: "sheet", "aria-labelledby": "settings-title", closedby: "any" });
  #said = el("p", { class: "hint", role: "status" });
  #clock = new ParlourClock();
  #end = el("button", { class: "grave", type: "button", onclick: () => this.#sendEnd() }, word("end.menu"));
  #ways = new ParlourWays();
  /** @type {HTMLInputElement | undefined} */
  #content;

  /**
   * @param {import("../models/talk.js").Talk} talk
   * @param {import("../models/api.js").Api} api
   * @param {() => void} rehearse as if there was a message
   */
  open(talk, api, rehearse) {
    this.#clock.open(talk, api);
    const close = el("button", { class: "main", type: "button" }, word("close"));
    close.addEventListener("click", () => this.#dialog.close());
    const title = el("h2", { id: "settings-title" }, word("settings.title"));
    // Each way is a dialog of its own, from which one comes back to the chat.
    for (const way of ["ways-devices", "ways-link"])
      this.#ways.addEventListener(way, () => this.#dialog.close());
    const life = el("div", { class: "life" }, this.#clock, this.#end);
    const parts = [life, this.#ways, this.#alerts(rehearse), tales(this), new ParlourTaste(), legend()];
    this.#dialog.replaceChildren(title, ...parts, el("div", { class: "foot" }, close));
    this.replaceChildren(this.#dialog);
  }

  /**
   * Who is in the chat may come after the dialog was opened.
   * @param {import("../models/chat.js").Chat} chat
   */
  show(chat) {
    this.#clock.show();
    // What is destroyed is said before, so it must be known.
    this.#end.disabled = !chat.isKnown;
    this.#ways.show(chat);
  }

  ask() {
    this.#said.textContent = "";
    showModal(this.#dialog);
  }

  /** The question is a dialog of its own. */
  #sendEnd() {
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent("ways-end", { bubbles: true }));
  }

  /** @param {() => void} rehearse */
  #rehearse(rehearse) {
    const isSilent = !taste.wants("sound") && !taste.wants("screen");
    this.#said.textContent = isSilent ? word("alerts.silent") : "";
    if (!isSilent) rehearse();
  }

  /** @param {() => void} rehearse */
  #alerts(rehearse) {
    const sound = check("alerts.sound", taste.wants("sound"), (isWanted) => {
      taste.want("sound", isWanted);
      if (isWanted) ring();
    });
    const screen = check("alerts.screen", taste.wants("screen"), (isWanted) => this.#want(isWanted, screen));
    const content = check("alerts.content", taste.wants("content"), (isWanted) => {
      taste.want("content", isWanted);
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
    const may = !isWanted || (await mayNotify());
    taste.want("screen", isWanted && may);
    this.#said.textContent = may ? "" : word("alerts.denied");
    if (box) box.checked = isWanted && may;
    this.#showContent();
  }

  /** What a notification says can be chosen where there is one. */
  #showContent() {
    if (this.#content) this.#content.disabled = !taste.wants("screen");
  }
}

/** @param {HTMLElement} host sends that something has changed */
function tales(host) {
  const rows = TALES.map((tale) =>
    check(`tells.${tale}`, taste.tells(tale), (isTold) => {
      taste.tell(tale, isTold);
      host.dispatchEvent(new CustomEvent("parlour-taste", { bubbles: true }));
    }),
  );
  return group("tells.title", word("tells.hint"), ...rows);
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

customElements.define("parlour-settings", ParlourSettings);
