// The page of a link, which becomes "Hello Anny", one field, and a seat.
//
//   <parlour-join></parlour-join>
//   new ParlourJoin({ token, code })
//
// A link that was pasted elsewhere is handed in, with the code that was pasted with it.
// The token comes in the fragment, which browsers do not send, or where something on the way moved it to, and
// is taken out of the address. A link that this browser used before leads straight into its chat; any other
// link asks for its own code. An address without a token, and one that the house does not know, asks for the
// link. Sends `parlour-enter` (bubbling, detail: the seat, and the state of the chat) when the person is in.
import { path } from "../helpers/addresses.js";
import { detailOf, el, name, send } from "../helpers/dom.js";
import { chairIllustration } from "../helpers/illustrations.js";
import { forgetToken, keptToken, takeToken } from "../helpers/link-token.js";
import { button, homeLink, refusalLine } from "../helpers/parts.js";
import { phrase, refusalWords, word } from "../helpers/words.js";
import { parseToken } from "../models/code.js";
import { endedBy } from "../models/ending.js";
import { enter, heldSeat } from "../models/enter.js";
import { api, forget, linkTokens, localStoreOf, preferences, seats } from "../services.js";
import { ParlourCodeForm } from "./code-form.js";
import { ParlourEnded } from "./ended.js";
import { ParlourLinkForm } from "./link-form.js";
import { ParlourPreferences } from "./preferences.js";

/** @typedef {import("../models/refusal.js").Refusal} Refusal */
/** @typedef {{token: string, code?: string}} Pasted */

export class ParlourJoin extends HTMLElement {
  #token = "";
  #form = new ParlourCodeForm((code) => this.#enter(code));
  #title = el("h1", {}, word("title"));
  #pasted;

  /** @param {Pasted} [pasted] */
  constructor(pasted) {
    super();
    this.#pasted = pasted;
  }

  connectedCallback() {
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

  /** @param {Pasted} pasted */
  #open({ token, code = "" }) {
    this.#token = token;
    if (code) this.#form.fill(code);
    takeToken(linkTokens, `${path}j`, token);
    this.#greet();
  }

  async #greet() {
    if (seats.behind(this.#token)) this.#showLoading();
    else this.#askForCode();
    try {
      const seat = await heldSeat(api, seats, this.#token);
      if (seat) return this.#goIn({ seat });
      const { name: who } = await api.greeting(this.#token);
      if (!this.#form.isConnected) this.#askForCode();
      this.#title.replaceChildren(...phrase("join.hello", { name: name(who) }));
    } catch (refusal) {
      this.#sayNo(/** @type {Refusal} */ (refusal));
    }
  }

  /** @param {{seat: string, chat?: Opening}} detail */
  #goIn(detail) {
    forgetToken(linkTokens);
    send(this, "parlour-enter", detail);
  }

  #showLoading() {
    this.#show(el("h1", {}, word("title")), el("p", { role: "status" }, word("join.loading")));
  }

  /** At once: the house is asked for the name meanwhile. */
  #askForCode() {
    this.#title.replaceChildren(word("title"));
    const greeting = el("div", { "aria-live": "polite" }, this.#title);
    const lost = el("p", { class: "hint" }, word("join.lost"));
    this.#show(greeting, el("p", {}, word("join.lead")), this.#form, lost);
  }

  /** @param {string} code */
  async #enter(code) {
    try {
      this.#goIn(await enter(api, seats, this.#token, code, preferences.withholds));
    } catch (error) {
      const refusal = /** @type {Refusal} */ (error);
      if (refusal.code !== "ended" && refusal.code !== "no_such_link") throw refusal;
      this.#sayNo(refusal);
    }
  }

  /** @param {Refusal} refusal */
  #sayNo(refusal) {
    if (refusal.code === "ended") return this.#showEnding(refusal.ending);
    if (refusal.code === "no_such_link") {
      const why = el("p", {}, word("join.nowhere_why"));
      return this.#show(chairIllustration(), el("h1", {}, word("join.nowhere")), why, homeLink(path));
    }
    const said = refusalLine();
    said.textContent = refusalWords(refusal);
    const retry = button("main", () => this.#greet(), word("join.retry"));
    this.#show(el("h1", {}, word("title")), said, retry);
  }

  /** @param {ChatEnding} how */
  async #showEnding(how) {
    const seat = seats.behind(this.#token);
    const others = seat && (await localStoreOf(seat)).note("others");
    if (seat) forget(seat);
    this.replaceChildren(new ParlourEnded({ ...how, by: endedBy(how), at: how.at ?? "", name: others }));
  }

  #askForLink() {
    const isCut = location.pathname === `${path}j`;
    const what = isCut ? "incomplete" : "elsewhere";
    const link = new ParlourLinkForm(isCut ? "join.still_incomplete" : "join.link_incomplete");
    link.addEventListener("parlour-open-link", (event) => {
      event.stopPropagation();
      this.#open(detailOf(event));
    });
    const why = el("p", {}, word(`join.${what}_why`));
    this.#show(el("h1", {}, word(`join.${what}`)), why, link, homeLink(path));
  }

  /** @param {...Element} parts */
  #show(...parts) {
    const main = el("main", { class: "page card narrow" }, ...parts);
    this.replaceChildren(main, el("footer", { class: "page" }, new ParlourPreferences()));
  }
}

customElements.define("parlour-join", ParlourJoin);
