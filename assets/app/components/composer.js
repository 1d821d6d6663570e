// Where one writes: grows with the text, keeps the chat's draft, takes what is typed or pasted elsewhere.
//
//   const composer = new ParlourComposer(session);
//   composer.take("reply", subject);   or "edit": from then on the text is for that
//   composer.tell("Copied");
//   composer.show();   whenever the chat changed: where only admins write, the others read so in its place
//
// With a keyboard Enter sends and Shift+Enter breaks the line; on touch Enter breaks the line and the
// button sends. The field lies over an invisible copy of its text, which gives it its height: it never has
// to be made small to be measured, so nothing above it jumps.
import { el, icon, setText } from "../helpers/dom.js";
import { isField, isFileAlone } from "../helpers/file-drop.js";
import { houseNow } from "../helpers/house-time.js";
import { refusalWords, word } from "../helpers/words.js";
import { isSaid } from "../models/message-kind.js";
import { lastEditable, textOfSubject } from "../models/message-actions.js";
import { saidOf } from "../models/text.js";
import { ParlourCharsLeft, charsLeft } from "./chars-left.js";
import { ParlourComposerContext } from "./composer-context.js";

/** The message that is edited is not loaded yet. */
const NOT_LOADED = { code: "unreachable" };
const OTHER_TAB = { code: "in_other_tab" };
const SEND = "M4 12 20 4l-5 16-3.5-6.5z";

export class ParlourComposer extends HTMLElement {
  #session;
  #gone = new AbortController();
  // Without autocomplete="off" browsers write what is in a field into their session's files.
  #text = el("textarea", {
    id: "message",
    rows: "1",
    dir: "auto",
    autocomplete: "off",
    enterkeyhint: isTouch() ? "enter" : "send",
    placeholder: word("composer.message"),
    "aria-describedby": "composer-context left",
  });
  #mirror = el("div", { class: "autosize-mirror", "aria-hidden": "true" });
  #left = new ParlourCharsLeft();
  #refusal = el("p", { class: "chars-left", role: "status" });
  #context = new ParlourComposerContext(() => this.#drop());
  #form = el("form", { novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#submit(event) });
  /** In the place of the form. */
  #readers = el("p", { class: "readers", role: "status", tabindex: "-1" });

  /** @param {import("../models/chat-session.js").ChatSession} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  connectedCallback() {
    const label = el("label", { class: "visually-hidden", for: "message" }, word("composer.message"));
    const field = el("div", { class: "autosize" }, this.#mirror, this.#text);
    const send = el("button", { class: "main send", type: "submit" }, icon(SEND));
    send.append(el("span", {}, word("composer.send")));
    const line = el("div", { class: "line" }, label, field, send);
    const parts = [this.#context, line, this.#left, this.#refusal];
    this.#form.replaceChildren(...parts);
    this.#readers.hidden = true;
    this.replaceChildren(this.#form, this.#readers);
    this.#showDraft();
    this.#listen(this.#gone.signal);
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** On touch the keyboard would cover what was said. */
  begin() {
    if (!isTouch()) this.#text.focus();
  }

  /** @param {"reply" | "edit"} action @param {import("../models/message-actions.js").Subject} subject */
  take(action, subject) {
    const { message, entry } = subject;
    const isEdit = action === "edit";
    if (this.#isHalfEdited) {
      this.tell(word("composer.finish_first"));
      return this.#text.focus();
    }
    const seq = message?.seq ?? entry?.seq;
    const about = { action, ...(seq ? { seq } : { id: entry?.id }) };
    const base = isEdit ? { base: message?.edits ?? 0 } : {};
    this.#session.draft.begin({ ...about, ...base }, isEdit ? textOfSubject(subject) : undefined);
    this.#showDraft();
    this.tell("");
    this.#text.focus();
  }

  /** What is answered or edited is shown as it is now. If it is gone, what was written for it is not. */
  show() {
    this.#showForm();
    const { draft, subject } = this.#session;
    if (subject?.message && !isSaid(subject.message)) {
      draft.release();
      this.tell(refusalWords({ code: "gone" }));
    } else this.#showContext();
  }

  /** What was typed is kept: it is there again when this person may write. */
  #showForm() {
    const { chat, draft } = this.#session;
    const mayWrite = chat.may("write");
    if (this.#form.hidden === !mayWrite) return;
    const hadFocus = this.contains(document.activeElement);
    this.#form.hidden = !mayWrite;
    this.#readers.hidden = mayWrite;
    const isKept = draft.texts.some((text) => text.trim() !== "");
    setText(
      this.#readers,
      mayWrite ? "" : word(isKept ? "composer.readers_kept" : "refusal.only_admins_talk"),
    );
    if (hadFocus) (mayWrite ? this.#text : this.#readers).focus();
  }

  #showContext() {
    const { chat, draft, subject } = this.#session;
    const { about } = draft;
    if (!about) return this.#context.clear();
    const who = chat.participants.get(subject?.message?.from ?? chat.me)?.name ?? "";
    const text = subject && (textOfSubject(subject) ?? word("chat.unsupported"));
    this.#context.show(about.action, who, text);
    if (about.seq && !subject) this.#session.loadQuoted(about.seq);
  }

  /** @param {string} said */
  tell(said) {
    setText(this.#refusal, said);
  }

  /** Another edit would take the place of this one, and of what was typed for it. */
  get #isHalfEdited() {
    const { draft, subject } = this.#session;
    return draft.isEditing && draft.text !== (subject && textOfSubject(subject));
  }

  /** What is answered or edited is so no more. */
  #drop() {
    this.#session.draft.drop();
    this.#showDraft();
    this.#text.focus();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    this.#text.addEventListener("input", () => this.#typed(), { signal });
    this.#text.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#session.draft.addEventListener("change", () => this.#showDraft(), { signal });
    document.addEventListener("keydown", (event) => this.#catchKey(event), { signal });
    document.addEventListener("paste", (event) => this.#catchPaste(event), { signal });
    document.addEventListener("drop", (event) => this.#catchDrop(event), { signal });
  }

  #showDraft() {
    this.#write(this.#session.draft.text);
    this.#showContext();
  }

  /** @param {string} text */
  #write(text) {
    this.#text.value = text;
    this.#fit();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    this.#say();
  }

  #say() {
    const text = saidOf(this.#text.value);
    if (text === "" || charsLeft(text) < 0) return this.#text.focus();
    if (this.#session.draft.isEditing) return void this.#edit(text);
    void this.#session.say(text);
    this.#showDraft();
    this.#text.focus();
  }

  /** Until the house has it the text stays here. @param {string} text */
  async #edit(text) {
    const { draft, subject } = this.#session;
    const written = draft.text;
    try {
      if (!subject) throw draft.about?.seq ? NOT_LOADED : OTHER_TAB;
      await this.#session.changes.edit(subject, text, draft.about?.base);
      if (draft.isEditing && draft.text === written) this.#finishEdit();
    } catch (refusal) {
      this.#sayNo(refusal);
    }
  }

  /** The message is shown as it is by now: a person who sends once more means it. @param {any} refusal */
  #sayNo(refusal) {
    const { draft, subject } = this.#session;
    if (refusal.code === "changed_meanwhile") draft.rebase(subject?.message?.edits ?? 0);
    this.tell(refusalWords(refusal));
  }

  /** The person may do something else by now. */
  #finishEdit() {
    this.#session.draft.drop();
    this.#showDraft();
    const { activeElement } = document;
    if (activeElement === document.body || this.contains(activeElement)) this.#text.focus();
  }

  #typed() {
    this.tell("");
    const { draft } = this.#session;
    draft.write(this.#text.value);
    this.#fit();
    if (this.#text.value !== "" && !draft.isEditing) this.#session.type();
  }

  /** An input method's Enter chooses a word and sends nothing. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && this.#session.draft.about) return this.#drop();
    if (event.key === "ArrowUp" && this.#text.value === "") return this.#editLast(event);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (isTouch()) return;
    event.preventDefault();
    this.#say();
  }

  /** @param {KeyboardEvent} event */
  #editLast(event) {
    const { chat, draft, outbox } = this.#session;
    const last = lastEditable(chat, outbox.shown, houseNow().getTime());
    if (!last || draft.about) return;
    event.preventDefault();
    this.take("edit", last);
  }

  /** Somebody types where nothing takes it: it is meant for here. @param {KeyboardEvent} event */
  #catchKey(event) {
    if (!isFree(event)) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((isPlain || event.getModifierState("AltGraph")) && isSign(event)) this.#text.focus();
  }

  /** @param {ClipboardEvent} event */
  #catchPaste(event) {
    if (this.#form.hidden) return;
    if (this.#form.hidden) return;
    if (isFileAlone(event.clipboardData)) return this.#refuse(event);
    if (!isFree(event)) return;
    event.preventDefault();
    this.#text.focus();
    const { selectionStart, selectionEnd } = this.#text;
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    this.#text.setRangeText(pasted, selectionStart, selectionEnd, "end");
    this.#typed();
  }

  /** @param {DragEvent} event */
  #catchDrop(event) {
    if (isFileAlone(event.dataTransfer)) this.#refuse(event);
  }

  /** @param {Event} event */
  #refuse(event) {
    event.preventDefault();
    this.tell(word("composer.no_photos"));
  }

  #fit() {
    // A line break at the end needs something behind it to be as high as a line.
    this.#mirror.textContent = `${this.#text.value}\u200b`;
    const text = saidOf(this.#text.value);
    this.#left.show(text);
    this.#text.setAttribute("aria-invalid", String(charsLeft(text) < 0));
  }
}

/** A key that writes something; the space bar scrolls and presses. @param {KeyboardEvent} event */
function isSign({ key }) {
  return (key !== " " && [...key].length === 1) || key === "Process" || key === "Dead";
}

/** Nothing else takes what is typed or pasted. @param {Event} event */
function isFree({ target }) {
  return !isField(target) && document.querySelector("dialog[open]") === null;
}

function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

customElements.define("parlour-composer", ParlourComposer);
