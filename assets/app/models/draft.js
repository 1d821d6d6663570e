// The half-written message of one chat: one a browser, whichever tab it is typed in.
//
// Used by a ChatSession. The last writer is shown in every tab, and sending takes it from all of them. Each
// version of it has the id that its message will have, so that two tabs that send the same version at the
// same moment say it once.
//
// Events: "change" when another tab wrote or sent it, or something was added.

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
    tabs.on("draft", ({ id, text }) => this.#learn(id, text));
    tabs.on("draft-asked", () => this.#answer());
    // What this tab read from the disk may be older than what another one has.
    tabs.post({ kind: "draft-asked" });
  }

  get text() {
    return this.#store.note("draft");
  }

  /** Somebody writes here. @param {string} text */
  write(text) {
    if (text === this.text) return;
    this.#isTouched = true;
    this.#id = text === "" ? "" : this.#makeId();
    this.#store.keep("draft", text);
    this.#tell();
  }

  /** What would be lost otherwise is written below it. @param {string} text */
  add(text) {
    this.write([this.text, text].filter((part) => part !== "").join("\n"));
    this.dispatchEvent(new Event("change"));
  }

  /** It is sent: the id of its message. No tab has it any more. */
  take() {
    const id = this.#id || this.#makeId();
    this.write("");
    return id;
  }

  #tell() {
    this.#tabs.post({ kind: "draft", id: this.#id, text: this.text });
  }

  /** A tab that was just opened has read the same text; its version gets the same id. */
  #answer() {
    if (this.text !== "") this.#id ||= this.#makeId();
    if (this.text !== "" || this.#isTouched) this.#tell();
  }

  /** @param {string} id @param {string} text */
  #learn(id, text) {
    this.#id = id;
    this.#isTouched = true;
    if (text === this.text) return;
    this.#store.learn("draft", text);
    this.dispatchEvent(new Event("change"));
  }
}
