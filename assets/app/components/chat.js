// The chat page: header, notices, messages and composer of one seat, or how it ended.
//
//   const page = new ParlourChat();
//   document.body.append(page);
//   page.open(talk, api, seats);
//
// It hands what happens in the Talk to its parts, and keeps the title in step with what is unread.
import { el } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { after } from "../helpers/home.js";
import { word } from "../helpers/words.js";
import { ParlourComposer } from "./composer.js";
import { ParlourEnd } from "./end.js";
import { ParlourEnding } from "./ending.js";
import { ParlourMessages } from "./messages.js";
import { ParlourNotices } from "./notices.js";
import { ParlourPerson } from "./person.js";
import { mark } from "./rows.js";

const PATIENCE_MS = 3_000;

export class ParlourChat extends HTMLElement {
  #gone = new AbortController();
  #person = new ParlourPerson();
  #notices = new ParlourNotices();
  #messages = new ParlourMessages();
  #composer = new ParlourComposer();
  #end = new ParlourEnd();
  #rests = el("span", { class: "rests" });
  #isDue = false;
  /** @type {(() => void) | undefined} */
  #cancelPatience;

  disconnectedCallback() {
    this.#gone.abort();
    this.#cancelPatience?.();
  }

  /**
   * @param {import("../models/talk.js").Talk} talk
   * @param {import("../models/api.js").Api} api
   * @param {import("../models/seats.js").Seats} seats
   */
  open(talk, api, seats) {
    const { signal } = this.#gone;
    const ask = el(
      "button",
      { class: "quiet", type: "button", onclick: () => this.#end.ask() },
      word("end.button"),
    );
    const back = el("a", { class: "back", href: ".", "aria-label": word("chat.back") }, "‹");
    const header = el("header", { class: "head" }, back, this.#person, ask);
    const room = el(
      "main",
      { class: "room" },
      this.#clock(talk, api),
      this.#notices,
      this.#messages,
      this.#composer,
    );
    this.replaceChildren(header, room, this.#end);
    this.#messages.open(talk);
    this.#notices.open(talk, seats);
    this.#composer.open(talk, seats);
    this.#end.open(talk, api);
    talk.addEventListener("change", () => this.#show(talk), { signal });
    talk.addEventListener("gone", () => this.showGone(talk.chat.ended ?? {}), { signal });
    talk.open();
    this.#followKeyboard(signal);
  }

  /** Everything of the chat leaves the page. @param {ChatEnding} how */
  showGone(how) {
    this.#gone.abort();
    this.#badge(0);
    document.title = word("title");
    const ending = new ParlourEnding();
    this.replaceChildren(ending);
    ending.show(how);
  }

  /**
   * @param {import("../models/talk.js").Talk} talk
   * @param {import("../models/api.js").Api} api
   */
  #clock(talk, api) {
    const keep = el("button", { class: "small", type: "button" }, word("chat.keep"));
    keep.addEventListener("click", async () => {
      const kept = await api.keep(talk.seat).catch(() => undefined);
      if (!kept) return;
      talk.chat.keep(kept.due);
      keep.textContent = word("chat.kept");
      after(PATIENCE_MS, () => (keep.textContent = word("chat.keep")));
    });
    return el("div", { class: "clock" }, this.#rests, keep, marks());
  }

  /** Many changes make one picture. @param {import("../models/talk.js").Talk} talk */
  #show(talk) {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.#gone.signal.aborted) this.#draw(talk);
    });
  }

  /** @param {import("../models/talk.js").Talk} talk */
  #draw(talk) {
    const { chat } = talk;
    this.#watchLine(talk);
    this.#person.show(chat, talk.isConnected || this.#cancelPatience !== undefined);
    this.#notices.show(chat);
    this.#messages.show();
    if (chat.due) setText(this.#rests, word("chat.rests", { time: moment(chat.due) }));
    const who = list(chat.others.map((person) => person.name));
    const count = chat.unread > 0 ? `(${chat.unread}) ` : "";
    if (who) document.title = `${count}${who} · ${word("title")}`;
    this.#badge(chat.unread);
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
        this.#person.show(talk.chat, false);
      });
    }
  }

  /** @param {number} count */
  #badge(count) {
    if (!("setAppBadge" in navigator)) return;
    (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
  }

  /** iOS lays its keyboard over the page instead of making the page smaller. @param {AbortSignal} signal */
  #followKeyboard(signal) {
    const view = window.visualViewport;
    const fit = () => this.style.setProperty("--view-height", `${view?.height ?? window.innerHeight}px`);
    view?.addEventListener("resize", fit, { signal });
    fit();
  }
}

/** What the marks beside one's own messages mean. */
function marks() {
  const kinds = ["WAITING", "SENT", "DELIVERED", "SEEN"];
  const lines = kinds.map((kind) => el("li", {}, mark(kind), word(`marks.${kind}`)));
  const title = el("h2", {}, word("marks.title"));
  const legend = el(
    "div",
    { class: "legend card", id: "marks", popover: "auto" },
    title,
    el("ul", {}, ...lines),
  );
  const button = el(
    "button",
    { class: "small", type: "button", popovertarget: "marks" },
    word("marks.button"),
  );
  return el("span", { class: "marks" }, button, legend);
}

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

customElements.define("parlour-chat", ParlourChat);
