/**
 * <transcript-buttons></transcript-buttons>: saves what was said as a file, as text or JSON. Set `seat`.
 */
import { Api } from "../models/api.js";
import { Device } from "../models/device.js";
import { fromTemplate, part, say } from "../helpers/dom.js";
import { fillWords, word } from "../helpers/words.js";

export class TranscriptButtons extends HTMLElement {
  seat = "";
  #api = new Api({ device: () => new Device(localStorage).secret });

  connectedCallback() {
    if (this.firstElementChild !== null) return;
    const made = fromTemplate("transcript-buttons");
    fillWords(made);
    this.append(made);
    part(this, "text").addEventListener("click", () => void this.#save("text/plain", "parlour.txt"));
    part(this, "json").addEventListener("click", () => void this.#save("application/json", "parlour.json"));
  }

  /**
   * @param {string} type
   * @param {string} name
   */
  async #save(type, name) {
    say(part(this, "error"), "");
    try {
      const url = URL.createObjectURL(await this.#api.transcript(this.seat, type));
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch {
      say(part(this, "error"), word("transcript.failed"));
    }
  }
}
