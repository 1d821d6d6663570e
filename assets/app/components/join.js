// The door: a link becomes "Hello Anny", one field, and a seat.
//
//   <parlour-join></parlour-join>
//   new ParlourJoin({ token, code })
//
// A link that was pasted elsewhere is handed in, with the code that was pasted with it.
// The token comes in the fragment, which browsers do not send, or where something on the way moved it to, and
// is taken out of the address. A link that this browser used before leads straight into its chat; any other
// link asks for its own code, in the field that stands in the document before this script comes: what was
// typed there stays. An address without a token, and one that the house does not know, asks for the link.
// Sends `parlour-enter` (bubbling, detail: the seat, and the chat as it stands) when the person is in.
import { el, name } from "../helpers/dom.js";
import { forgetToken, keptToken, takeToken } from "../helpers/link-token.js";
import { wait } from "../helpers/format.js";
import { path } from "../helpers/addresses.js";
import { after } from "../helpers/timer.js";
import { api, forget, linkTokens, localStoreOf, preferences, seats } from "../services.js";
import { chairIllustration } from "../helpers/illustrations.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { parseCode, parseToken } from "../models/code.js";
import { enter, heldSeat } from "../models/enter.js";
import { ParlourEnded } from "./ended.js";
import { ParlourLinkForm } from "./link-form.js";
import { ParlourPreferences } from "./preferences.js";

/** @typedef {{token: string, code?: string}} Pasted */

export class ParlourJoin extends HTMLElement {
  #token = "";
  #refusal = el("p", { class: "refusal", role: "alert", id: "refusal" });
  #waiting = el("p", { class: "waiting", id: "waiting" });
  #code = codeField();
  #go = el("button", { class: "main", type: "submit" }, word("join.go"));
  #title = el("h1", {}, word("title"));
  #cancelWait = () => {};
  #pasted;

  /** @param {Pasted} [pasted] */
  constructor(pasted) {
    super();
    this.#pasted = pasted;
  }

  connectedCallback() {
    document.title = word("title");
    if (this.#pasted) return this.#open(this.#pasted);
    const token = parseToken(location.hash) ?? parseToken(location.pathname + location.search);
    if (token) this.#open({ token });
    else this.#remember();
  }

  /** The page was loaded again: its address has no token any more. */
  async #remember() {
    const token = await keptToken(linkTokens);
    if (!this.isConnected) return;
    this.#token = token ?? "";
    if (token) this.#greet();
    else this.#askForLink();
  }

  disconnectedCallback() {
    this.#cancelWait();
  }

  /** @param {Pasted} pasted */
  #open({ token, code = "" }) {
    this.#token = token;
    if (code) this.#code.value = code;
    takeToken(linkTokens, `${path}j`, token);
    this.#greet();
  }

  async #greet() {
    if (seats.behind(this.#token)) this.#look();
    else this.#askForCode();
    try {
      const seat = await heldSeat(api, seats, this.#token);
      if (seat) return this.#goIn({ seat });
      const { name: who } = await api.greeting(this.#token);
      if (!this.#code.isConnected) this.#askForCode();
      this.#title.replaceChildren(...phrase("join.hello", { name: name(who) }));
    } catch (refusal) {
      this.#sayNo(/** @type {import("../models/api.js").Refusal} */ (refusal));
    }
  }

  /** @param {{seat: string, chat?: Opening}} detail */
  #goIn(detail) {
    forgetToken(linkTokens);
    this.dispatchEvent(new CustomEvent("parlour-enter", { bubbles: true, detail }));
  }

  #look() {
    this.#show(el("h1", {}, word("title")), el("p", { role: "status" }, word("join.loading")));
  }

  /** At once: the house is asked for the name meanwhile. */
  #askForCode() {
    this.#title.replaceChildren(word("title"));
    const hint = el("p", { class: "hint", id: "hint" }, word("join.hint"));
    const label = el("label", { for: "code" }, word("join.code"));
    const parts = [label, this.#code, hint, this.#refusal, this.#waiting, this.#go];
    const form = el("form", { novalidate: true, autocomplete: "off", onsubmit: this.#submit }, ...parts);
    const lost = el("p", { class: "hint" }, word("join.lost"));
    const greeting = el("div", { "aria-live": "polite" }, this.#title);
    const { selectionStart, selectionEnd } = this.#code;
    this.#show(greeting, el("p", {}, word("join.lead")), form, lost);
    this.#code.focus();
    this.#code.setSelectionRange(selectionStart, selectionEnd);
  }

  #submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const code = parseCode(this.#code.value);
    if (code) this.#enter(code);
    else this.#refuse(word("join.bad_code"));
  };

  /** @param {string} code */
  async #enter(code) {
    this.#work(true);
    this.#refusal.textContent = "";
    try {
      this.#goIn(await enter(api, seats, this.#token, code, preferences.withholds));
    } catch (error) {
      const refusal = /** @type {import("../models/api.js").Refusal} */ (error);
      this.#work(false);
      if (refusal.code === "ended" || refusal.code === "no_such_link") return this.#sayNo(refusal);
      this.#refuse(refusalWords(refusal));
      if (refusal.retryAfter) this.#countDown(refusal.retryAfter);
    }
  }

  /** Shows whether the code is on its way. @param {boolean} isWorking */
  #work(isWorking) {
    this.#go.disabled = isWorking;
    this.#go.textContent = word(isWorking ? "join.going" : "join.go");
  }

  /** @param {string} why */
  #refuse(why) {
    this.#refusal.textContent = why;
    this.#code.setAttribute("aria-invalid", "true");
    this.#code.focus();
    this.#code.select();
  }

  /** By the clock, not by ticks: a page in the background ticks seldom. @param {number} seconds */
  #countDown(seconds) {
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      this.#go.disabled = left > 0;
      this.#waiting.textContent = left > 0 ? word("join.wait", { time: wait(left) }) : "";
      if (left > 0) this.#cancelWait = after(1000, tick);
    };
    this.#cancelWait();
    tick();
  }

  /** @param {import("../models/api.js").Refusal} refusal */
  #sayNo(refusal) {
    if (refusal.code === "ended") return this.#showEnding(refusal.ending);
    if (refusal.code === "no_such_link") {
      const home = el("a", { class: "button", href: path, "data-route": true }, word("ended.home"));
      const why = el("p", {}, word("join.nowhere_why"));
      return this.#show(chairIllustration(), el("h1", {}, word("join.nowhere")), why, home);
    }
    const retry = el(
      "button",
      { class: "main", type: "button", onclick: () => this.#greet() },
      word("join.retry"),
    );
    const said = el("p", { class: "refusal", role: "alert" }, refusalWords(refusal));
    this.#show(el("h1", {}, word("title")), said, retry);
  }

  /** @param {ChatEnding} how */
  async #showEnding(how) {
    const seat = seats.behind(this.#token);
    const others = seat && (await localStoreOf(seat)).note("others");
    if (seat) forget(seat);
    this.replaceChildren(new ParlourEnded({ ...how, at: how.at ?? "", name: others }));
  }

  #askForLink() {
    const isCut = location.pathname === `${path}j`;
    const what = isCut ? "incomplete" : "elsewhere";
    const link = new ParlourLinkForm(isCut ? "join.still_incomplete" : "join.link_incomplete");
    link.addEventListener("parlour-open-link", (event) => {
      event.stopPropagation();
      this.#open(/** @type {CustomEvent} */ (event).detail);
    });
    const home = el("a", { class: "button", href: path, "data-route": true }, word("ended.home"));
    this.#show(el("h1", {}, word(`join.${what}`)), el("p", {}, word(`join.${what}_why`)), link, home);
  }

  /** @param {...Element} parts */
  #show(...parts) {
    const main = el("main", { class: "page card narrow" }, ...parts);
    this.replaceChildren(main, el("footer", { class: "page" }, new ParlourPreferences()));
  }
}

/** The one that stands in the document, with what was typed there; in a later room a new one. */
function codeField() {
  const found = document.querySelector("body > main #code");
  if (found instanceof HTMLInputElement) return found;
  return el("input", {
    id: "code",
    class: "code",
    type: "text",
    inputmode: "text",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    spellcheck: "false",
    maxlength: "200",
    enterkeyhint: "go",
    dir: "ltr",
    "aria-describedby": "hint refusal waiting",
  });
}

customElements.define("parlour-join", ParlourJoin);
