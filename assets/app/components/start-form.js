/**
 * <start-form></start-form>: two names, how long the chat may rest, one button; then the two invitations in its place.
 */
import { Api, Refused } from "../models/api.js";
import { button, fromTemplate, input, part, say } from "../helpers/dom.js";
import { fillWords, word } from "../helpers/words.js";
import { InviteCards } from "./invite-cards.js";
import { sayReach, sentence } from "./sentences.js";

export class StartForm extends HTMLElement {
  #api = new Api();

  connectedCallback() {
    void this.#open();
  }

  async #open() {
    this.#show("start-form");
    const form = part(this, "form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#start();
    });
    try {
      this.#offer(await this.#api.house());
    } catch (error) {
      say(part(this, "error"), sentence(error));
    }
  }

  /** @param {any} house */
  #offer(house) {
    if (!house.may_start) {
      this.#show("not-here");
      return;
    }
    const idle = part(this, "idle");
    for (const choice of house.idles) {
      const option = new Option(word(`start.idle.${choice}`), choice);
      option.selected = choice === house.idle_default;
      idle.append(option);
    }
    sayReach(part(this, "reach"), house.reach);
  }

  async #start() {
    const submit = button(this, "submit");
    const names = [input(this, "first").value, input(this, "second").value];
    const idle = /** @type {HTMLSelectElement} */ (part(this, "idle")).value;
    submit.disabled = true;
    say(submit, word("start.working"));
    say(part(this, "error"), "");
    try {
      const started = await this.#api.start(names, idle);
      this.replaceChildren(new InviteCards(started, () => void this.#open()));
    } catch (error) {
      say(part(this, "error"), sentence(error));
      this.#blame(error);
    } finally {
      submit.disabled = false;
      say(submit, word("start.submit"));
    }
  }

  /**
   * Leads to the field that is wrong; what was typed stays.
   * @param {unknown} error
   */
  #blame(error) {
    if (!(error instanceof Refused) || !["bad_name", "same_name"].includes(error.code)) return;
    const [first, second] = [input(this, "first"), input(this, "second")];
    const isEmpty = first.value.trim() === "";
    (error.code === "bad_name" && (isEmpty || [...first.value.trim()].length > 40) ? first : second).focus();
  }

  /** @param {string} template */
  #show(template) {
    const made = fromTemplate(template);
    fillWords(made);
    this.replaceChildren(made);
  }
}
