// One seat's chat: header, idle clock, notices, messages and composer, or how it ended.
//
//   const page = new ParlourChat();
//   document.body.append(page);
//   page.open(talk, api);
//
// It hands what happens in the Talk to its parts, keeps the title in step with what is unread, and rings
// when nobody looks. The title has no name in it: browsers write titles into their history.
import { hush, notify, ring } from "../helpers/bell.js";
import { showCount } from "../helpers/count.js";
import { leaveDialogs } from "../helpers/dialog.js";
import { drawing, el } from "../helpers/dom.js";
import { dayKey, list } from "../helpers/format.js";
import { after, chatAddress, taste } from "../helpers/home.js";
import { houseNow } from "../helpers/house-time.js";
import { word } from "../helpers/words.js";
import { Alerts } from "../models/alerts.js";
import { ParlourClock } from "./clock.js";
import { ParlourComposer } from "./composer.js";
import { ParlourDevices } from "./devices.js";
import { ParlourEnd } from "./end.js";
import { ParlourEnding } from "./ending.js";
import { ParlourMessages } from "./messages.js";
import { ParlourNotices } from "./notices.js";
import { ParlourOut } from "./out.js";
import { ParlourPerson } from "./person.js";
import { ParlourReplace } from "./replace.js";
import { ParlourSettings } from "./settings.js";
import { ParlourWhy } from "./why.js";

const PATIENCE_MS = 3_000;
const HIDDEN_MS = 50;
/** So soon after midnight "Today" is "Yesterday". */
const DAY_LOOK_MS = 60_000;
const BACK = "M15 5l-7 7 7 7";
const MORE = "M5 12h.01M12 12h.01M19 12h.01";

export class ParlourChat extends HTMLElement {
  #gone = new AbortController();
  #person = new ParlourPerson();
  #clock = new ParlourClock();
  #notices = new ParlourNotices();
  #messages = new ParlourMessages();
  #composer = new ParlourComposer();
  #end = new ParlourEnd();
  #endButton = el(
    "button",
    { class: "quiet end", type: "button", onclick: () => this.#end.ask() },
    word("end.button"),
  );
  #settings = new ParlourSettings();
  #devices = new ParlourDevices();
  #replace = new ParlourReplace();
  #why = new ParlourWhy();
  #isDue = false;
  #today = "";
  /** @type {import("../models/talk.js").Talk | undefined} */
  #talk;
  /** @type {(() => void) | undefined} */
  #cancelPatience;
  #cancelDay = () => {};
  /** @type {(() => void) | undefined} */
  #cancelPace;

  disconnectedCallback() {
    this.#talk?.rest();
    this.#close();
  }

  /** @param {import("../models/talk.js").Talk} talk @param {import("../models/api.js").Api} api */
  open(talk, api) {
    const { signal } = this.#gone;
    this.#talk = talk;
    const bars = el("div", { class: "bars" }, this.#clock, this.#notices);
    const room = el("main", { class: "room" }, bars, this.#messages, this.#composer);
    const dialogs = [this.#end, this.#settings, this.#devices, this.#replace, this.#why];
    this.replaceChildren(this.#head(), room, ...dialogs);
    this.#messages.open(talk);
    this.#notices.open(talk);
    this.#clock.open(talk, api);
    this.#end.open(talk, api);
    this.#why.open(talk);
    this.#devices.open(talk, api);
    this.#replace.open(talk, api);
    const alerts = this.#alertsOf(talk);
    this.#settings.open(talk, api, () => alerts.rehearse(this.#others(talk), word("alerts.example")));
    talk.addEventListener("change", () => this.#show(talk), { signal });
    talk.addEventListener("gone", () => this.#leave(talk), { signal });
    talk.chat.addEventListener("heard", (event) => this.#heard(event, alerts), { signal });
    this.addEventListener("message-why", (event) => this.#why.ask(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("ways-devices", () => this.#devices.ask());
    this.addEventListener("ways-end", () => this.#end.ask());
    this.addEventListener("ways-link", (event) => {
      this.#replace.ask(/** @type {CustomEvent} */ (event).detail);
    });
    this.addEventListener("notice-gone", () => this.#messages.takeFocus(), { signal });
    this.addEventListener("close", () => this.#keepFocus(), { capture: true, signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("focus", () => this.#look(), { signal });
    const stay = (/** @type {Event} */ event) => talk.shelf.isUnsaved && event.preventDefault();
    addEventListener("beforeunload", stay, { signal });
    document.addEventListener("keydown", (event) => this.#composer.catchKey(event), { signal });
    document.addEventListener("paste", (event) => this.#composer.catchPaste(event), { signal });
    document.addEventListener("drop", (event) => this.#composer.catchDrop(event), { signal });
    this.#followKeyboard(signal);
    this.#draw(talk);
    this.#watchDay(talk);
    this.#composer.open(talk);
    talk.open();
  }

  /** Everything of the chat leaves the page. @param {ChatEnding} how */
  showGone(how) {
    const ending = new ParlourEnding();
    this.#give(ending);
    ending.show(how);
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #leave(talk) {
    if (!talk.parting) return this.showGone(talk.chat.ended ?? {});
    const out = new ParlourOut();
    this.#give(out);
    out.show(talk);
  }

  /** @param {HTMLElement} last what stands in the chat's place */
  #give(last) {
    this.#close();
    if (this.#talk) hush(this.#talk.seat);
    this.replaceChildren(last);
    leaveDialogs();
  }

  #close() {
    this.#gone.abort();
    this.#cancelPatience?.();
    this.#cancelPace?.();
    this.#cancelDay();
    showCount(0);
  }

  #head() {
    const back = el("a", { class: "back", href: ".", "data-way": true, "aria-label": word("chat.back") });
    back.append(drawing(BACK));
    const more = el("button", { class: "quiet more", type: "button", "aria-label": word("settings.title") });
    more.append(drawing(MORE));
    more.addEventListener("click", () => this.#settings.ask());
    return el("header", { class: "head" }, back, this.#person, more, this.#endButton);
  }

  /** @param {{name: string, text: string} | undefined} message */
  #notify(message) {
    const { seat } = this.#talk ?? { seat: "" };
    const title = message?.name ?? word("title");
    const body = message?.text ?? word("alerts.new");
    notify({ title, body, tag: seat, address: chatAddress(seat) });
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #alertsOf({ tabs }) {
    const isWatched = () => document.visibilityState === "visible" && document.hasFocus();
    const notice = (/** @type {{name: string, text: string} | undefined} */ message) => this.#notify(message);
    return new Alerts({ taste, isWatched, ring, notify: notice, tabs, after, random: Math.random });
  }

  /** @param {Event} event @param {Alerts} alerts */
  #heard(event, alerts) {
    /** @type {ChatMessage} */
    const { seq, from, text } = /** @type {CustomEvent} */ (event).detail;
    alerts.heard(seq, this.#talk?.chat.participants.get(from)?.name ?? "", text ?? word("chat.unsupported"));
  }

  /** A dialog gives the focus back to what it came from, which may be gone. */
  #keepFocus() {
    const has = document.activeElement;
    if (!has || has === document.body || has.closest("dialog:not([open])")) this.#messages.takeFocus();
  }

  /** Who looks needs no notification any more. */
  #look() {
    if (document.visibilityState === "visible" && this.#talk) hush(this.#talk.seat);
  }

  /** Many changes make one picture. @param {import("../models/talk.js").Talk} talk */
  #show(talk) {
    if (this.#isDue) return;
    this.#isDue = true;
    const draw = () => {
      this.#isDue = false;
      if (!this.#gone.signal.aborted) this.#draw(talk);
    };
    // Pages that nobody sees have no frames.
    if (document.visibilityState === "visible") requestAnimationFrame(draw);
    else after(HIDDEN_MS, draw);
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #watchDay(talk) {
    this.#cancelDay = after(DAY_LOOK_MS, () => {
      if (dayKey(houseNow()) !== this.#today) this.#show(talk);
      this.#watchDay(talk);
    });
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #draw(talk) {
    this.#today = dayKey(houseNow());
    this.#watchLine(talk);
    this.#watchPace(talk);
    const isConnected = talk.isConnected || this.#cancelPatience !== undefined;
    this.#person.show(talk.chat, isConnected, talk.shelf.note("others"));
    this.#clock.show();
    this.#notices.show();
    this.#messages.show();
    this.#settings.show(talk.chat);
    // What is destroyed is said before, so it must be known.
    this.#endButton.disabled = !talk.chat.isKnown;
    showCount(talk.chat.unread);
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #others(talk) {
    return list(talk.chat.others.map((person) => person.name));
  }

  /** A short loss of the line is nobody's business. @param {import("../models/talk.js").Talk} talk */
  #watchLine(talk) {
    if (talk.isConnected) {
      this.#cancelPatience?.();
      this.#cancelPatience = undefined;
      this.#notices.showOffline(false);
    } else if (!this.#cancelPatience && !this.#notices.isOffline) {
      this.#cancelPatience = after(PATIENCE_MS, () => {
        this.#cancelPatience = undefined;
        this.#notices.showOffline(true);
        this.#person.show(talk.chat, false, talk.shelf.note("others"));
      });
    }
  }

  /** Nor is a short while over HTTP. @param {import("../models/talk.js").Talk} talk */
  #watchPace(talk) {
    if (talk.isSlow) this.#cancelPace ??= after(PATIENCE_MS, () => this.#notices.showSlow(true));
    if (talk.isSlow || !talk.isConnected) return;
    this.#cancelPace?.();
    this.#cancelPace = undefined;
    this.#notices.showSlow(false);
  }

  /**
   * iOS lays its keyboard over the page, and pushes the page up, instead of making it smaller.
   * @param {AbortSignal} signal
   */
  #followKeyboard(signal) {
    const view = window.visualViewport;
    const fit = () => {
      // Somebody looks closer: the page stays as it is.
      if (view && view.scale > 1) return;
      document.documentElement.style.setProperty("--view-height", `${view?.height ?? innerHeight}px`);
      scrollTo(0, 0);
    };
    view?.addEventListener("resize", fit, { signal });
    fit();
  }
}

customElements.define("parlour-chat", ParlourChat);
