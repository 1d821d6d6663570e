// One seat's chat: header, idle clock, notices, messages and composer, or how it ended.
//
//   mount(new ParlourChat(session));
//
// It hands what happens in the ChatSession to its parts, and rings when nobody looks.
import { leaveDialogs } from "../helpers/dialog.js";
import { detailOf, el, icon } from "../helpers/dom.js";
import { dayKey } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { closeNotification } from "../helpers/notifications.js";
import { fitToScreen } from "../helpers/screen-fit.js";
import { after } from "../helpers/timer.js";
import { button } from "../helpers/parts.js";
import { openDialogWords, refusalWords, word } from "../helpers/words.js";
import { LineStatus } from "../models/line-status.js";
import { alertsOf } from "./chat-alerts.js";
import { ParlourBackLink } from "./back-link.js";
import { ParlourComposer } from "./composer.js";
import { ParlourEnded } from "./ended.js";
import { ParlourIdleClock } from "./idle-clock.js";
import { ParlourMessages } from "./messages.js";
import { ParlourNotices } from "./notices.js";
import { ParlourPresence } from "./presence.js";
import { ParlourSignedOut } from "./signed-out.js";
import { ParlourTimerLine } from "./timer-line.js";
import { ParlourUndoBar } from "./undo-bar.js";

const HIDDEN_MS = 50;
/** So soon after midnight "Today" is "Yesterday". */
const DAY_CHECK_MS = 60_000;
/** A first message is said by then, or has been begun. */
const DIALOGS_MS = 10_000;
const MORE = "M5 12h.01M12 12h.01M19 12h.01";

/** @typedef {import("./chat-dialogs.js").DialogName} DialogName */

export class ParlourChat extends HTMLElement {
  #session;
  #gone = new AbortController();
  #line = new LineStatus(after, () => this.#show());
  #alerts;
  #back;
  #presence;
  #idleClock;
  #timerLine;
  #notices;
  #messages;
  #composer;
  #undoBar;
  /** @type {import("./chat-dialogs.js").ParlourChatDialogs | undefined} */
  #dialogs;
  #endButton = button("quiet end", () => this.#ask("end"), word("end.button"));
  #isDue = false;
  /** How often the person has pressed something. */
  #presses = 0;
  #today = "";
  #cancelDay = () => {};
  #cancelLoading = () => {};

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#alerts = alertsOf(session.seat);
    this.#back = new ParlourBackLink(session.seat);
    this.#presence = new ParlourPresence(session);
    this.#idleClock = new ParlourIdleClock(session);
    this.#timerLine = new ParlourTimerLine(session);
    this.#notices = new ParlourNotices(session, this.#line);
    this.#messages = new ParlourMessages(session);
    this.#composer = new ParlourComposer(session);
    this.#undoBar = new ParlourUndoBar(session.undo);
  }

  connectedCallback() {
    const { signal } = this.#gone;
    const bars = el("div", { class: "bars" }, this.#timerLine, this.#idleClock, this.#notices);
    const talk = [this.#messages, this.#undoBar, this.#composer];
    const body = el("main", { class: "chat-body" }, bars, ...talk);
    this.replaceChildren(this.#header(), body);
    this.#listen(signal);
    this.#openDialogs(signal);
    fitToScreen(signal);
    this.#draw();
    this.#watchDay();
    this.#composer.begin();
    this.#session.open();
    this.#loadSoon();
  }

  disconnectedCallback() {
    this.#session.rest();
    this.#close();
  }

  #header() {
    const more = button("quiet more", () => this.#ask("settings"), icon(MORE));
    more.setAttribute("aria-label", word("settings.title"));
    return el("header", { class: "head" }, this.#back, this.#presence, more, this.#endButton);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const session = this.#session;
    session.addEventListener("change", () => this.#show(), { signal });
    session.addEventListener("failed", (event) => this.#composer.tell(refusalWords(detailOf(event))), {
      signal,
    });
    session.addEventListener("gone", () => this.#leave(), { signal });
    session.chat.addEventListener("heard", (event) => this.#heard(event), { signal });
    const forget = (/** @type {Event} */ event) => {
      this.#alerts.forget(detailOf(event));
      closeNotification(session.seat, detailOf(event));
    };
    session.chat.addEventListener("unsaid", forget, { signal });
    this.addEventListener("notice-gone", () => this.#messages.takeFocus(), { signal });
    this.addEventListener("close", () => this.#keepFocus(), { capture: true, signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("focus", () => this.#look(), { signal });
    const press = () => void (this.#presses += 1);
    for (const event of ["pointerdown", "keydown"])
      document.addEventListener(event, press, { capture: true, signal });
    const stay = (/** @type {Event} */ event) => session.store.isUnsaved && event.preventDefault();
    addEventListener("beforeunload", stay, { signal });
  }

  /** What parts of the chat ask for. @param {AbortSignal} signal */
  #openDialogs(signal) {
    const open = (/** @type {string} */ event, /** @type {DialogName} */ dialog) =>
      this.addEventListener(event, (asked) => this.#ask(dialog, detailOf(asked)), { signal });
    open("receipt-help", "receipt");
    open("message-menu", "menu");
    open("more-emoji", "picker");
    open("open-devices", "devices");
    open("open-timer", "timer");
    open("open-idle", "idle");
    open("open-end", "end");
    open("open-new-link", "replace");
    this.addEventListener("message-action", (event) => this.#act(detailOf(event)), { signal });
    this.addEventListener("discard", (event) => this.#discard(detailOf(event)), { signal });
    this.addEventListener("message-command", (event) => this.#command(detailOf(event)), { signal });
  }

  /**
   * What was slow to load does not come over what the person does by then.
   * @param {DialogName} dialog @param {unknown} [about]
   */
  async #ask(dialog, about) {
    const presses = this.#presses;
    const dialogs = await this.#loaded().catch(() => undefined);
    if (this.#gone.signal.aborted || presses !== this.#presses) return;
    if (dialogs) dialogs.ask(dialog, about);
    else this.#composer.tell(word("chat.not_loaded"));
  }

  /** So that they open at once, and without a connection. */
  #loadSoon() {
    this.#cancelLoading = after(DIALOGS_MS, () => {
      if (this.#session.isConnected) void this.#loaded().catch(() => {});
      else this.#loadSoon();
    });
  }

  /** A slow line brings the chat first, and its dialogs when one is asked for or after a while. */
  async #loaded() {
    const loading = Promise.all([import("./chat-dialogs.js"), openDialogWords()]);
    const [{ ParlourChatDialogs }] = await loading;
    if (!this.#dialogs && !this.#gone.signal.aborted) {
      this.#dialogs = new ParlourChatDialogs(this.#session, this.#alerts);
      this.append(this.#dialogs);
      this.#dialogs.show();
    }
    return this.#dialogs;
  }

  /**
   * @param {{action: string, subject: import("../models/message-actions.js").Subject,
   *   isCopied?: Promise<boolean>}} asked
   */
  async #act({ action, subject, isCopied }) {
    if (action === "reply" || action === "edit") return this.#composer.take(action, subject);
    this.#composer.tell(word((await isCopied) ? "invite.copied" : "invite.not_copied"));
  }

  /** @param {MessageCommand} command */
  async #command(command) {
    if (command.of === "chat-hide" || command.of === "chat-delete")
      return this.#delete(() => this.#session.changes.delete(command));
    try {
      await this.#session.change(command);
    } catch (refusal) {
      this.#sayNo(refusal);
    }
  }

  /** @param {unknown} refusal */
  #sayNo(refusal) {
    this.#composer.tell(refusalWords(refusal));
  }

  /** @param {OutboxEntry} entry */
  #discard(entry) {
    this.#delete(() => this.#session.changes.deleteWaiting(entry));
  }

  /** Where the keyboard was at the message, it is at what brings that back. @param {() => void} act */
  #delete(act) {
    const hadFocus = this.#messages.contains(document.activeElement);
    act();
    if (hadFocus) this.#undoBar.takeFocus();
  }

  /** Everything of the chat leaves the page. */
  #leave() {
    const session = this.#session;
    this.#close();
    closeNotification(session.seat);
    const isOut = session.departure !== undefined;
    this.replaceChildren(isOut ? new ParlourSignedOut(session) : new ParlourEnded(session.chat.ended ?? {}));
    leaveDialogs();
  }

  #close() {
    this.#gone.abort();
    this.#line.close();
    this.#cancelDay();
    this.#cancelLoading();
  }

  /** @param {Event} event */
  #heard(event) {
    const { seq, from, text = word("chat.unsupported") } = detailOf(event);
    const { group, participants } = this.#session.chat;
    const name = participants.get(from)?.name ?? "";
    // Of a group one wants to know which.
    const heard = group
      ? { name: group.title, text: word("chat.they_said", { name }) + text }
      : { name, text };
    this.#alerts.heard(seq, heard);
  }

  /** A dialog gives the focus back to what it came from, which may be gone. */
  #keepFocus() {
    const has = document.activeElement;
    if (!has || has === document.body || has.closest("dialog:not([open])")) this.#messages.takeFocus();
  }

  /** A person who looks needs no notification any more; one who goes takes nothing back. */
  #look() {
    if (document.visibilityState === "visible") closeNotification(this.#session.seat);
    else this.#session.undo.finish(true);
  }

  /** Many changes make one redraw. */
  #show() {
    if (this.#isDue) return;
    this.#isDue = true;
    const draw = () => {
      this.#isDue = false;
      if (!this.#gone.signal.aborted) this.#draw();
    };
    // Pages that nobody sees have no frames.
    if (document.visibilityState === "visible") requestAnimationFrame(draw);
    else after(HIDDEN_MS, draw);
  }

  #watchDay() {
    this.#cancelDay = after(DAY_CHECK_MS, () => {
      if (dayKey(houseNow()) !== this.#today) this.#show();
      this.#watchDay();
    });
  }

  #draw() {
    const session = this.#session;
    this.#today = dayKey(houseNow());
    this.#line.update(session);
    this.#presence.show(session.isConnected || this.#line.isWaiting);
    this.#timerLine.show();
    this.#idleClock.show();
    this.#notices.show();
    this.#messages.show();
    this.#composer.show();
    this.#dialogs?.show();
    // What is destroyed is said before, so it must be known.
    this.#endButton.disabled = !session.chat.isKnown;
    // A group is ended where its people are.
    this.#endButton.hidden = session.store.note("title") !== "";
  }
}

customElements.define("parlour-chat", ParlourChat);
