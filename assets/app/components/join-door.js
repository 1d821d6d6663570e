/**
 * <join-door></join-door>: what stands behind a link. Greets by name, asks for the code, and leads into the chat; a
 * device that is in already is led there at once.
 */
import { Api, Refused } from "../models/api.js";
import { Device } from "../models/device.js";
import { isCode, tokenOf } from "../models/code.js";
import { button, fromTemplate, input, part, say } from "../helpers/dom.js";
import { fillWords, word } from "../helpers/words.js";
import { howItEnded, sentence } from "./sentences.js";

export class JoinDoor extends HTMLElement {
  #device = new Device(localStorage);
  #api = new Api({ device: () => this.#device.secret });
  #token = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #waiting;
  #arrive = () => void this.#open();

  connectedCallback() {
    globalThis.addEventListener("hashchange", this.#arrive);
    void this.#open();
  }

  disconnectedCallback() {
    globalThis.removeEventListener("hashchange", this.#arrive);
    clearInterval(this.#waiting);
  }

  async #open() {
    const token = tokenOf(location.hash);
    if (token === null) {
      this.#askForLink();
      return;
    }
    this.#token = token;
    const seat = this.#device.seatOf(token);
    if (seat !== null && this.#device.secret !== null) {
      location.replace(`./c#${seat}`);
      return;
    }
    await this.#greet();
  }

  async #greet() {
    try {
      const { name } = await this.#api.greeting(this.#token);
      this.#askForCode(name);
    } catch (error) {
      this.#explain(error);
    }
  }

  #askForLink() {
    this.#show("join-paste");
    part(this, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      const token = tokenOf(input(this, "link").value);
      if (token === null) say(part(this, "error"), word("join.incomplete_help"));
      else location.hash = token;
    });
  }

  /** @param {string} name */
  #askForCode(name) {
    this.#show("join-form");
    const hello = word("join.hello", { name });
    part(this, "hello").textContent = hello;
    document.title = `${hello} · ${word("app.name")}`;
    part(this, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#enter();
    });
    input(this, "code").focus();
  }

  async #enter() {
    const [code, submit] = [input(this, "code"), button(this, "submit")];
    if (submit.disabled) return;
    if (!isCode(code.value)) {
      this.#refuse(new Refused("bad_code", word("join.hint")));
      return;
    }
    submit.disabled = true;
    say(submit, word("join.working"));
    say(part(this, "error"), "");
    try {
      const entered = await this.#api.enter(this.#token, code.value);
      if (entered.device !== undefined) this.#device.keepSecret(entered.device);
      this.#device.keepLink(this.#token, entered.seat);
      location.replace(`./c#${entered.seat}`);
    } catch (error) {
      submit.disabled = false;
      say(submit, word("join.submit"));
      this.#refuse(error);
    }
  }

  /** @param {unknown} error */
  #refuse(error) {
    if (error instanceof Refused && ["ended", "no_such_link", "invite_closed"].includes(error.code)) {
      this.#explain(error);
      return;
    }
    say(part(this, "error"), sentence(error));
    if (error instanceof Refused && error.retryAfter > 0) this.#wait(error.retryAfter);
    input(this, "code").focus();
    input(this, "code").select();
  }

  /** @param {number} seconds */
  #wait(seconds) {
    const until = Date.now() + seconds * 1_000;
    const [line, submit] = [part(this, "wait"), button(this, "submit")];
    const show = () => {
      const left = Math.ceil((until - Date.now()) / 1_000);
      submit.disabled = left > 0;
      if (left > 0) {
        say(line, left > 90 ? word("join.wait_minutes", { count: Math.ceil(left / 60) })
          : word("join.wait", { count: left }));
        return;
      }
      clearInterval(this.#waiting);
      say(line, word("join.again"));
    };
    clearInterval(this.#waiting);
    this.#waiting = setInterval(show, 1_000);
    show();
  }

  /** @param {unknown} error */
  #explain(error) {
    this.#show("join-note");
    const [title, help] = [part(this, "hello"), part(this, "help")];
    const code = error instanceof Refused ? error.code : "unknown";
    if (error instanceof Refused && code === "ended") {
      title.textContent = word("ended.title");
      help.textContent = howItEnded(error.problem, "");
    } else if (code === "no_such_link") {
      title.textContent = word("join.nowhere");
      help.textContent = word("join.nowhere_help");
    } else {
      title.textContent = word("join.title");
      help.textContent = sentence(error);
      const retry = button(this, "retry");
      retry.hidden = code === "invite_closed";
      retry.addEventListener("click", () => void this.#greet());
    }
    title.focus();
  }

  /** @param {string} template */
  #show(template) {
    const made = fromTemplate(template);
    fillWords(made);
    this.replaceChildren(made);
  }
}
