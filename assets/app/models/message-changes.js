// What a person changes of what they said: it is shown as they want it at once, whether or not the house has
// the message yet, and shown as it was again where the house refuses.
//
// Used by a ChatSession and by components. What was deleted can be brought back for a moment (Undo). A
// deletion that the house could not be asked for as the page was left is kept, and asked for at the next
// opening.
import { changeOf, isPassingOrAway } from "./outbox-entry.js";
import { Refusal } from "./refusal.js";

/** Another tab took the message over while this one slept, and sends it. */
const ELSEWHERE = new Refusal({ code: "in_other_tab" });

export class MessageChanges {
  #chat;
  #outbox;
  #undo;
  #draft;
  #store;
  #change;
  #fail;

  /**
   * @param {object} parts
   * @param {import("./chat.js").Chat} parts.chat
   * @param {import("./outbox.js").Outbox} parts.outbox
   * @param {import("./undo.js").Undo} parts.undo
   * @param {import("./draft.js").Draft} parts.draft
   * @param {import("./local-store.js").LocalStore} parts.store
   * @param {ChangeMessage} parts.change
   * @param {(refusal: unknown) => void} parts.failed later, what a person did could not be done
   */
  constructor({ chat, outbox, undo, draft, store, change, failed }) {
    this.#chat = chat;
    this.#outbox = outbox;
    this.#undo = undo;
    this.#draft = draft;
    this.#store = store;
    this.#change = change;
    this.#fail = failed;
    outbox.addEventListener("unchanged", (event) => this.#keepUnchanged(/** @type {CustomEvent} */ (event)));
  }

  /** The house is asked when it is not taken back. @param {MessageCommand} command */
  delete(command) {
    this.#chat.cover(command);
    this.#undo.offer({
      undo: () => this.#chat.uncover(command),
      finish: (isLeaving) => void this.#finish(command, isLeaving),
    });
  }

  /** @param {MessageCommand} command @param {boolean} isLeaving */
  async #finish(command, isLeaving) {
    if (isLeaving) this.#keep([...this.#kept, command]);
    try {
      await this.#change(command, isLeaving);
    } catch (error) {
      const refusal = /** @type {Refusal} */ (error);
      if (this.#isKept(command) && isPassingOrAway(refusal.code)) return;
      this.#chat.uncover(command);
      this.#fail(refusal);
    }
    if (this.#isKept(command)) this.#keep(this.#kept.filter(({ seq }) => seq !== command.seq));
  }

  /** The chat is open: what an earlier page could not ask for is asked for now. */
  resume() {
    for (const command of this.#kept) {
      this.#chat.cover(command);
      void this.#finish(command, false);
    }
  }

  /** Another store answers: the numbers of messages mean nothing in it. */
  restart() {
    if (this.#kept.length > 0) this.#keep([]);
  }

  /** Deletions that may not have reached the house. @returns {MessageCommand[]} */
  get #kept() {
    return JSON.parse(this.#store.note("deleting") || "[]");
  }

  /** @param {MessageCommand} command */
  #isKept(command) {
    return this.#kept.some(({ seq }) => seq === command.seq);
  }

  /** @param {MessageCommand[]} commands */
  #keep(commands) {
    this.#store.keep("deleting", commands.length > 0 ? JSON.stringify(commands) : "");
  }

  /** What waits to be said, and perhaps was said by now. @param {OutboxEntry} entry */
  async deleteWaiting(entry) {
    if (entry.seq) return this.delete({ of: "chat-delete", seq: entry.seq });
    if (this.#draft.about?.id === entry.id) this.#draft.release();
    const act = {
      undo: () => this.#restore(entry),
      finish: (/** @type {boolean} */ isLeaving) => this.#outbox.confirm(entry, isLeaving),
    };
    this.#undo.offer(act);
    if (await this.#outbox.delete(entry)) return;
    this.#undo.forget(act);
    this.#fail(ELSEWHERE);
  }

  /** @param {OutboxEntry} entry */
  #restore(entry) {
    const { seq } = entry;
    this.#outbox.restore(entry);
    if (!seq) return;
    const edit = changeOf(entry, seq);
    if (edit) this.#chat.cover(edit);
    this.#chat.uncover({ of: "chat-delete", seq });
  }

  /**
   * Resolves when what waits has the text, or the house has it. Throws why not.
   * @param {import("./message-actions.js").Subject} subject
   * @param {string} text
   * @param {number} [base] how often the message had been edited when its person began
   */
  async edit({ message, entry }, text, base = 0) {
    if (entry && !entry.seq) return this.#editWaiting(entry, text);
    const said = message ?? this.#chat.find(entry?.seq ?? 0);
    if (!said) throw ELSEWHERE;
    if (text !== said.text) await this.#change({ of: "chat-edit", seq: said.seq, base, text });
  }

  /** @param {OutboxEntry} entry @param {string} text */
  async #editWaiting(entry, text) {
    if (!(await this.#outbox.edit(entry, text))) throw ELSEWHERE;
  }

  /**
   * The house has this message of one's own. Answers with what waited for that, if anything did.
   * @param {string} number @param {number} seq
   */
  taken(number, seq) {
    const entry = this.#outbox.taken(number, seq);
    const change = entry && changeOf(entry, seq);
    if (entry) this.#draft.move(entry.id, seq);
    if (change) this.#chat.cover(change);
    return entry;
  }

  /**
   * It stays as it was said, and an edit of it is not lost, unless its person has deleted it since.
   * @param {CustomEvent} event
   */
  #keepUnchanged({ detail: { entry, refusal } }) {
    const { seq = 0, edit, isDeleted } = entry;
    const change = changeOf(entry, seq);
    if (change) this.#chat.uncover(change);
    if (this.#chat.find(seq)?.gone?.by === this.#chat.me) return;
    if (edit !== undefined && !isDeleted) this.#draft.add(edit);
    this.#fail(refusal);
  }
}
