// What a person may do with one message: reactions, and the actions on it. Of what waits to be said there is
// less to do.
//
//   const menu = new ParlourMessageMenu(session);
//   menu.ask(row);   of the timeline
//   menu.show();   whenever the chat changed: what may not be done any more goes, and the rest stays
//
// Sends (bubbling) `message-action` (detail: the action and its subject, which is a message or an entry of
// the outbox) for what concerns the composer, `message-command` (detail: a MessageCommand) for what the house
// does, `discard` (detail: an entry), and `more-emoji` (detail: the seq, and how one reacted).
import { closeButton, showModal } from "../helpers/dialog.js";
import { copyText, el, icon, send } from "../helpers/dom.js";
import { vanishing, when } from "../helpers/format.js";
import { houseNow } from "../helpers/house-time.js";
import { button } from "../helpers/parts.js";
import { word } from "../helpers/words.js";
import { deviceOf } from "../models/devices.js";
import { actionsOn, actionsOnWaiting, quickEmoji, textOfSubject } from "../models/message-actions.js";
import { api, preferences } from "../services.js";
import { ParlourReachedLines } from "./reached-lines.js";

const PLUS = "M12 5v14M5 12h14";

/** Said of a device that came in on this day, the line is as long as it gets. */
const ROOM = "2026-09-20T20:20:20.000Z";

/** @typedef {import("../models/message-actions.js").Subject} Subject */

export class ParlourMessageMenu extends HTMLElement {
  #session;
  /** What it is about. @type {Pick<import("../models/timeline.js").Row, "seq" | "entry">} */
  #row = { seq: 0 };
  /** @type {Map<import("../models/message-actions.js").MessageAction, HTMLButtonElement>} */
  #buttons = new Map();
  #reached;
  #dialog = el("dialog", { class: "sheet menu", "aria-label": word("menu.title"), closedby: "any" });

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#reached = new ParlourReachedLines(session);
  }

  connectedCallback() {
    this.replaceChildren(this.#dialog);
  }

  /** @param {import("../models/timeline.js").Row} row */
  ask(row) {
    const { seq, entry } = row;
    const { chat } = this.#session;
    const message = entry ? undefined : chat.find(seq);
    const actions = this.#actionsOn(row);
    if (actions.length === 0 || this.#dialog.open) return;
    this.#row = row;
    const reactions = message ? [this.#reactions(message)] : [];
    const buttons = actions.map((action) => this.#actionButton(action, { message, entry }));
    this.#buttons = new Map(actions.map((action, at) => [action, /** @type {any} */ (buttons[at])]));
    const close = closeButton(this.#dialog, word("menu.cancel"));
    close.className = "quiet";
    const { vanishes } = message ?? {};
    const end = vanishes ? el("p", { class: "hint" }, vanishing(vanishes)) : "";
    const isMine = message?.from === chat.me;
    const device = isMine ? [this.#device(seq)] : [];
    this.#reached.tell(isMine ? seq : 0);
    this.#dialog.replaceChildren(end, ...reactions, ...buttons, this.#reached, ...device, close);
    showModal(this.#dialog);
  }

  /** @param {Pick<import("../models/timeline.js").Row, "seq" | "entry">} row */
  #actionsOn({ seq, entry }) {
    const { chat } = this.#session;
    return entry ? actionsOnWaiting(chat) : actionsOn(chat.find(seq), chat, houseNow().getTime());
  }

  show() {
    if (!this.#dialog.open) return;
    const actions = this.#actionsOn(this.#row);
    if (actions.length === 0) return this.#dialog.close();
    const had = document.activeElement;
    for (const [action, made] of this.#buttons) made.hidden = !actions.includes(action);
    if (had instanceof HTMLElement && had.hidden) this.#dialog.querySelector("button")?.focus();
    this.#reached.show();
  }

  /** By which device it was said. There is room for that before it is known. @param {number} seq */
  #device(seq) {
    const known = el("span");
    const room = el("span", { "aria-hidden": "true" }, sentFrom({ since: ROOM, this: false }));
    void this.#tellDevice(known, seq);
    return el("p", { class: "hint sent-from" }, room, known);
  }

  /** Nothing is said where the house cannot be asked. @param {HTMLElement} line @param {number} seq */
  async #tellDevice(line, seq) {
    if (!this.#session.isConnected) return;
    const device = await deviceOf(api, this.#session.seat, seq).catch(() => undefined);
    if (device) line.textContent = sentFrom(device);
  }

  /** @param {ChatMessage} message */
  #reactions(message) {
    const { me } = this.#session.chat;
    const own = message.reactions?.find(({ from }) => from === me)?.emoji;
    const quick = quickEmoji(own, preferences.emoji).map((emoji) =>
      this.#emojiButton(message.seq, emoji, own),
    );
    const more = button("plain", () => this.#leave("more-emoji", { seq: message.seq, own }), icon(PLUS));
    more.setAttribute("aria-label", word("menu.more_emoji"));
    return el("div", { class: "emojis quick" }, ...quick, more);
  }

  /**
   * The same emoji once more takes it away.
   * @param {number} seq
   * @param {string} emoji
   * @param {string} [own]
   */
  #emojiButton(seq, emoji, own) {
    const isOn = emoji === own;
    const also = isOn ? {} : { emoji };
    const react = () => this.#leave("message-command", { of: "chat-react", seq, ...also });
    const found = button("plain", react, emoji);
    found.setAttribute("aria-pressed", String(isOn));
    return found;
  }

  /** @param {import("../models/message-actions.js").MessageAction} action @param {Subject} subject */
  #actionButton(action, subject) {
    const { message, entry } = subject;
    const act = () => {
      if (action === "discard") return this.#leave("discard", entry);
      if (action === "hide" || action === "delete")
        return this.#leave("message-command", { of: `chat-${action}`, seq: message?.seq });
      // From within the dialog, as long as it is open.
      const isCopied = action === "copy" ? copyText(textOfSubject(subject) ?? "") : undefined;
      this.#leave("message-action", { action, subject, isCopied });
    };
    const isGrave = action === "delete" || action === "discard";
    return button(isGrave ? "danger" : "", act, word(`menu.${action}`));
  }

  /** @param {string} type @param {unknown} detail */
  #leave(type, detail) {
    this.#dialog.close();
    send(this, type, detail);
  }
}

/** @param {Pick<DeviceRow, "since" | "this"> | "gone"} device */
function sentFrom(device) {
  if (device === "gone") return word("menu.from_gone");
  return device.this ? word("menu.from_this") : word("menu.from_other", { time: when(device.since) });
}

customElements.define("parlour-message-menu", ParlourMessageMenu);
