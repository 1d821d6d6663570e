// One seat's chat: header, idle clock, notices, messages and composer, or how it ended.
//
//   const page = new ParlourChat();
//   document.body.append(page);
//   page.open(session, api);
//
// It hands what happens in the ChatSession to its parts, keeps the title in step with what is unread, and rings
// when nobody looks. The title has no name in it: browsers write titles into their history.
import { closeNotification, showNotification } from "../helpers/notifications.js";
import { playSound } from "../helpers/sound.js";
import { showUnreadCount } from "../helpers/unread-count.js";
import { leaveDialogs } from "../helpers/dialog.js";
import { icon, el } from "../helpers/dom.js";
import { dayKey, list } from "../helpers/format.js";
import { chatAddress } from "../helpers/addresses.js";
import { after } from "../helpers/timer.js";
import { preferences } from "../services.js";
import { houseNow } from "../helpers/house-time.js";
import { word } from "../helpers/words.js";
import { Alerts } from "../models/alerts.js";
import { ParlourIdleClock } from "./idle-clock.js";
import { ParlourComposer } from "./composer.js";
import { ParlourDevicesDialog } from "./devices-dialog.js";
import { ParlourEndDialog } from "./end-dialog.js";
import { ParlourEnded } from "./ended.js";
import { ParlourMessages } from "./messages.js";
import { ParlourNotices } from "./notices.js";
import { ParlourSignedOut } from "./signed-out.js";
import { ParlourPresence } from "./presence.js";
import { ParlourReplaceDialog } from "./replace-dialog.js";
import { ParlourSettingsDialog } from "./settings-dialog.js";
import { ParlourReceiptDialog } from "./receipt-dialog.js";

const PATIENCE_MS = 3_000;
const HIDDEN_MS = 50;
/** So soon after midnight "Today" is "Yesterday". */
const DAY_LOOK_MS = 60_000;
const BACK = "M15 5l-7 7 7 7";
const MORE = "M5 12h.01M12 12h.01M19 12h.01";

export class ParlourChat extends HTMLElement {
  #gone = new AbortController();
  #presence = new ParlourPresence();
  #idleClock = new ParlourIdleClock();
  #notices = new ParlourNotices();
  #messages = new ParlourMessages();
  #composer = new ParlourComposer();
  #end = new ParlourEndDialog();
  #endButton = el(
    "button",
    { class: "quiet end", type: "button", onclick: () => this.#end.ask() },
    word("end.button"),
  );
  #settings = new ParlourSettingsDialog();
  #devices = new ParlourDevicesDialog();
  #replace = new ParlourReplaceDialog();
  #receiptDialog = new ParlourReceiptDialog();
  #isDue = false;
  #today = "";
  /** @type {import("../models/chat-session.js").ChatSession | undefined} */
  #session;
  /** @type {(() => void) | undefined} */
  #cancelPatience;
  #cancelDay = () => {};
  /** @type {(() => void) | undefined} */
  #cancelPace;

  disconnectedCallback() {
    this.#session?.rest();
    this.#close();
  }

  /** @param {import("../models/chat-session.js").ChatSession} session @param {import("../models/api.js").Api} api */
  open(session, api) {
    const { signal } = this.#gone;
    this.#session = session;
    const bars = el("div", { class: "bars" }, this.#idleClock, this.#notices);
    const room = el("main", { class: "chat-body" }, bars, this.#messages, this.#composer);
    const dialogs = [this.#end, this.#settings, this.#devices, this.#replace, this.#receiptDialog];
    this.replaceChildren(this.#head(), room, ...dialogs);
    this.#messages.open(session);
    this.#notices.open(session);
    this.#idleClock.open(session, api);
    this.#end.open(session, api);
    this.#receiptDialog.open(session);
    this.#devices.open(session, api);
    this.#replace.open(session, api);
    const alerts = this.#alertsOf(session);
    this.#settings.open(session, api, () => alerts.rehearse(this.#others(session), word("alerts.example")));
    session.addEventListener("change", () => this.#show(session), { signal });
    session.addEventListener("gone", () => this.#leave(session), { signal });
    session.chat.addEventListener("heard", (event) => this.#heard(event, alerts), { signal });
    this.addEventListener("receipt-help", (event) =>
      this.#receiptDialog.ask(/** @type {CustomEvent} */ (event).detail),
    );
    this.addEventListener("open-devices", () => this.#devices.ask());
    this.addEventListener("open-end", () => this.#end.ask());
    this.addEventListener("open-new-link", (event) => {
      this.#replace.ask(/** @type {CustomEvent} */ (event).detail);
    });
    this.addEventListener("notice-gone", () => this.#messages.takeFocus(), { signal });
    this.addEventListener("close", () => this.#keepFocus(), { capture: true, signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("focus", () => this.#look(), { signal });
    const stay = (/** @type {Event} */ event) => session.store.isUnsaved && event.preventDefault();
    addEventListener("beforeunload", stay, { signal });
    document.addEventListener("keydown", (event) => this.#composer.catchKey(event), { signal });
    document.addEventListener("paste", (event) => this.#composer.catchPaste(event), { signal });
    document.addEventListener("drop", (event) => this.#composer.catchDrop(event), { signal });
    this.#followKeyboard(signal);
    this.#draw(session);
    this.#watchDay(session);
    this.#composer.open(session);
    session.open();
  }

  /** Everything of the chat leaves the page. @param {ChatEnding} how */
  showGone(how) {
    const ending = new ParlourEnded();
    this.#give(ending);
    ending.show(how);
  }

  /** @param {import("../models/chat-session.js").ChatSession} session */
  #leave(session) {
    if (!session.parting) return this.showGone(session.chat.ended ?? {});
    const out = new ParlourSignedOut();
    this.#give(out);
    out.show(session);
  }

  /** @param {HTMLElement} last what stands in the chat's place */
  #give(last) {
    this.#close();
    if (this.#session) closeNotification(this.#session.seat);
    this.replaceChildren(last);
    leaveDialogs();
  }

  #close() {
    this.#gone.abort();
    this.#cancelPatience?.();
    this.#cancelPace?.();
    this.#cancelDay();
    showUnreadCount(0);
  }

  #head() {
    const back = el("a", { class: "back", href: ".", "data-route": true, "aria-label": word("chat.back") });
    back.append(icon(BACK));
    const more = el("button", { class: "quiet more", type: "button", "aria-label": word("settings.title") });
    more.append(icon(MORE));
    more.addEventListener("click", () => this.#settings.ask());
    return el("header", { class: "head" }, back, this.#presence, more, this.#endButton);
  }

  /** @param {{name: string, text: string} | undefined} message */
  #notify(message) {
    const { seat } = this.#session ?? { seat: "" };
    const title = message?.name ?? word("title");
    const body = message?.text ?? word("alerts.new");
    showNotification({ title, body, tag: seat, address: chatAddress(seat) });
  }

  /** @param {import("../models/chat-session.js").ChatSession} session */
  #alertsOf({ tabs }) {
    const isWatched = () => document.visibilityState === "visible" && document.hasFocus();
    const notice = (/** @type {{name: string, text: string} | undefined} */ message) => this.#notify(message);
    return new Alerts({
      preferences,
      isWatched,
      playSound,
      notify: notice,
      tabs,
      after,
      random: Math.random,
    });
  }

  /** @param {Event} event @param {Alerts} alerts */
  #heard(event, alerts) {
    /** @type {ChatMessage} */
    const { seq, from, text } = /** @type {CustomEvent} */ (event).detail;
    alerts.heard(seq, this.#session?.chat.participants.get(from)?.name ?? "", text);
  }

  /** A dialog gives the focus back to what it came from, which may be gone. */
  #keepFocus() {
    const has = document.activeElement;
    if (!has || has === document.body || has.closest("dialog:not([open])")) this.#messages.takeFocus();
  }

  /** Who looks needs no notification any more. */
  #look() {
    if (document.visibilityState === "visible" && this.#session) closeNotification(this.#session.seat);
  }

  /** Many changes make one picture. @param {import("../models/chat-session.js").ChatSession} session */
  #show(session) {
    if (this.#isDue) return;
    this.#isDue = true;
    const draw = () => {
      this.#isDue = false;
      if (!this.#gone.signal.aborted) this.#draw(session);
    };
    // Pages that nobody sees have no frames.
    if (document.visibilityState === "visible") requestAnimationFrame(draw);
    else after(HIDDEN_MS, draw);
  }

  /** @param {import("../models/chat-session.js").ChatSession} session */
  #watchDay(session) {
    this.#cancelDay = after(DAY_LOOK_MS, () => {
      if (dayKey(houseNow()) !== this.#today) this.#show(session);
      this.#watchDay(session);
    });
  }

  /** @param {import("../models/chat-session.js").ChatSession} session */
  #draw(session) {
    this.#today = dayKey(houseNow());
    this.#watchLine(session);
    this.#watchPace(session);
    const isConnected = session.isConnected || this.#cancelPatience !== undefined;
    this.#presence.show(session.chat, isConnected, session.store.note("others"));
    this.#idleClock.show();
    this.#notices.show();
    this.#messages.show();
    this.#settings.show(session.chat);
    // What is destroyed is said before, so it must be known.
    this.#endButton.disabled = !session.chat.isKnown;
    showUnreadCount(session.chat.unread);
  }

  /** @param {import("../models/chat-session.js").ChatSession} session */
  #others(session) {
    return list(session.chat.others.map((person) => person.name));
  }

  /** A short loss of the line is nobody's business. @param {import("../models/chat-session.js").ChatSession} session */
  #watchLine(session) {
    if (session.isConnected) {
      this.#cancelPatience?.();
      this.#cancelPatience = undefined;
      this.#notices.showOffline(false);
    } else if (!this.#cancelPatience && !this.#notices.isOffline) {
      this.#cancelPatience = after(PATIENCE_MS, () => {
        this.#cancelPatience = undefined;
        this.#notices.showOffline(true);
        this.#presence.show(session.chat, false, session.store.note("others"));
      });
    }
  }

  /** Nor is a short while over HTTP. @param {import("../models/chat-session.js").ChatSession} session */
  #watchPace(session) {
    if (session.isSlow) this.#cancelPace ??= after(PATIENCE_MS, () => this.#notices.showSlow(true));
    if (session.isSlow || !session.isConnected) return;
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
