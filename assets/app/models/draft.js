// The half-written message of one chat: one a browser, whichever tab it is typed in. It may answer a message.
// While a message is edited, the text is that of the edit, and the half-written one waits beside it.
//
// Used by a ChatSession. The last writer is shown in every tab, and sending takes it from all of them. Each
// version of it has the id that its message will have, so that two tabs that send the same version at the
// same moment say it once.
//
// Events: "change" when it is otherwise without this tab's typing: another tab wrote or sent it, or what it
// was for is gone.

/**
 * What the text is for: an answer to the message with this seq, or an edit of that or of an entry of the
 * outbox. `base`: how often the message had been edited when its person began.
 * @typedef {{action: "reply" | "edit", seq?: number, id?: string, base?: number}} About
 */
/** @typedef {{draft: string, edit: string, about: string}} Kept */

export class Draft extends EventTarget {
  #store;
  #tabs;
  #makeId;
  #id = "";
  #isTouched = false;

  /**
   * @param {object} parts
   * @param {import("./local-store.js").LocalStore} parts.store
   * @param {import("./tabs.js").Tabs} parts.tabs
   * @param {() => string} parts.makeId
   */
  constructor({ store, tabs, makeId }) {
    super();
    this.#store = store;
    this.#tabs = tabs;
    this.#makeId = makeId;
    tabs.on("draft", (told) =>
      this.#learn(told.id, { draft: told.text, edit: told.edit, about: told.about }),
    );
    tabs.on("draft-asked", () => this.#answer());
    // What this tab read from the disk may be older than what another one has.
    tabs.post({ kind: "draft-asked" });
  }

  /** @returns {About | undefined} */
  get about() {
    const { about } = this.#kept;
    return about === "" ? undefined : JSON.parse(about);
  }

  get isEditing() {
    return this.about?.action === "edit";
  }

  get text() {
    const { draft, edit } = this.#kept;
    return this.isEditing ? edit : draft;
  }

  /** All that would be lost with it. */
  get texts() {
    const { draft, edit } = this.#kept;
    return [draft, edit];
  }

  /** @returns {Kept} */
  get #kept() {
    const note = (/** @type {keyof Kept} */ name) => this.#store.note(name);
    return { draft: note("draft"), edit: note("edit"), about: note("about") };
  }

  /** From now on the text is for that. @param {About} about @param {string} [edit] the text to begin with */
  begin(about, edit = "") {
    this.#keep({ about: JSON.stringify(about), edit });
  }

  /** Somebody writes here. @param {string} text */
  write(text) {
    if (text !== this.text) this.#keep(this.isEditing ? { edit: text } : { draft: text });
  }

  /** Its person has been told what the message is by now. @param {number} base */
  rebase(base) {
    if (this.about) this.#keep({ about: JSON.stringify({ ...this.about, base }) });
  }

  /** It is called off or done: an edit is forgotten, and an answer is none any more. */
  drop() {
    if (this.about) this.#keep({ about: "", edit: "" });
  }

  /** What it was for is gone: no text is lost. */
  release() {
    const { edit, about } = this.#kept;
    if (about === "") return;
    this.#keep({ about: "", edit: "" });
    this.add(edit);
  }

  /** What waited is a message now. @param {string} id of the entry @param {number} seq */
  move(id, seq) {
    const { about } = this;
    if (about?.id === id) this.#keep({ about: JSON.stringify({ action: about.action, seq }) });
  }

  /** What would be lost otherwise comes below what is half-written. @param {string} text */
  add(text) {
    const parts = [this.#kept.draft, text].filter((part) => part.trim() !== "");
    this.#keep({ draft: parts.join("\n") });
    this.dispatchEvent(new Event("change"));
  }

  /** It is sent: the id of its message. No tab has it any more. */
  take() {
    const id = this.#id || this.#makeId();
    this.#keep({ draft: "", about: "", edit: "" });
    return id;
  }

  /** @param {Partial<Kept>} what */
  #keep(what) {
    const { draft = this.#kept.draft } = what;
    this.#isTouched = true;
    this.#id = draft === "" ? "" : this.#makeId();
    this.#write({ ...this.#kept, ...what }, (name, text) => this.#store.keep(name, text));
    this.#tell();
  }

  /** @param {Kept} kept @param {(name: keyof Kept, text: string) => void} write */
  #write(kept, write) {
    write("draft", kept.draft);
    write("edit", kept.edit);
    write("about", kept.about);
  }

  #tell() {
    const { draft: text, edit, about } = this.#kept;
    this.#tabs.post({ kind: "draft", id: this.#id, text, edit, about });
  }

  /** A tab that was just opened has read the same text; its version gets the same id. */
  #answer() {
    const { draft, about } = this.#kept;
    if (draft !== "") this.#id ||= this.#makeId();
    if (draft !== "" || about !== "" || this.#isTouched) this.#tell();
  }

  /** @param {string} id @param {Kept} kept */
  #learn(id, kept) {
    this.#id = id;
    this.#isTouched = true;
    if (JSON.stringify(kept) === JSON.stringify(this.#kept)) return;
    this.#write(kept, (name, text) => this.#store.learn(name, text));
    this.dispatchEvent(new Event("change"));
  }
}
