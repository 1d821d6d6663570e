/**
 * <end-dialog></end-dialog>: asks before a chat is destroyed, and offers to save it. `setUp(seat, end)`, then `ask(count)`.
 */
import { fromTemplate, part } from "../helpers/dom.js";
import { fillWords, word } from "../helpers/words.js";
import { TranscriptButtons } from "./transcript-buttons.js";

export class EndDialog extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild !== null) return;
    const made = fromTemplate("end-dialog");
    fillWords(made);
    this.append(made);
    part(this, "cancel").addEventListener("click", () => this.#dialog.close());
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (part(this, "dialog"));
  }

  /**
   * @param {string} seat
   * @param {() => void} end
   */
  setUp(seat, end) {
    /** @type {TranscriptButtons} */ (this.querySelector("transcript-buttons")).seat = seat;
    part(this, "confirm").addEventListener("click", () => {
      this.#dialog.close();
      end();
    });
  }

  /** @param {number} count how many messages there are */
  ask(count) {
    part(this, "what").textContent = word("end.what", { count });
    this.#dialog.showModal();
    part(this, "cancel").focus();
  }
}
