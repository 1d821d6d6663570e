/**
 * new InviteCards(started, again): the two invitations, shown once. Asks before the page is left while nobody was
 * taken in, and looks every few seconds who has come in.
 */
import { Api } from "../models/api.js";
import { Device } from "../models/device.js";
import { tokenOf } from "../models/code.js";
import { copy } from "../helpers/clipboard.js";
import { button, fromTemplate, part, say } from "../helpers/dom.js";
import { fillWords, word } from "../helpers/words.js";
import { sayReach, sentence } from "./sentences.js";

const LOOK_EVERY = 3_000;
const COPIED_FOR = 2_500;

export class InviteCards extends HTMLElement {
  #started;
  #again;
  #device = new Device(localStorage);
  #api = new Api({ device: () => this.#device.secret });
  /** Tokens by which somebody has come in. */
  #in = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;
  #asks = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();

  /**
   * @param {any} started the answer to starting a chat
   * @param {() => void} again shows the form again
   */
  constructor(started, again) {
    super();
    this.#started = started;
    this.#again = again;
  }

  connectedCallback() {
    const made = fromTemplate("invites");
    fillWords(made);
    part(made, "cards").append(...this.#started.invites.map((/** @type {any} */ invite) => this.#card(invite)));
    sayReach(part(made, "reach"), this.#started.reach);
    part(made, "print").addEventListener("click", () => globalThis.print());
    part(made, "another").addEventListener("click", () => {
      if (confirm(word("invites.leave"))) this.#again();
    });
    this.replaceChildren(made);
    part(this, "title").focus();
    globalThis.addEventListener("beforeunload", this.#asks);
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.#looking);
    globalThis.removeEventListener("beforeunload", this.#asks);
  }

  /** @param {any} invite */
  #card(invite) {
    const { name, link, code, qr } = invite;
    const made = fromTemplate("invite-card");
    fillWords(made);
    part(made, "name").textContent = word("invites.for", { name });
    const image = /** @type {HTMLImageElement} */ (part(made, "qr"));
    image.src = `data:image/svg+xml,${encodeURIComponent(qr)}`;
    image.alt = word("invites.qr", { name });
    part(made, "link").textContent = link;
    part(made, "code").textContent = code;
    part(made, "state").textContent = word("invites.waiting");
    this.#handOut(made, name, link);
    const enter = part(made, "enter");
    enter.textContent = word("invites.take_in", { name });
    const error = part(made, "error");
    enter.addEventListener("click", () => void this.#takeIn(invite, error));
    return made;
  }

  /**
   * @param {DocumentFragment} card
   * @param {string} name
   * @param {string} link
   */
  #handOut(card, name, link) {
    const copying = button(card, "copy");
    copying.addEventListener("click", async () => {
      say(copying, word((await copy(link)) ? "invites.copied" : "invites.copy_failed"));
      setTimeout(() => say(copying, word("invites.copy")), COPIED_FOR);
    });
    const share = button(card, "share");
    share.hidden = navigator.share === undefined;
    share.addEventListener("click", () => {
      // Closing the share sheet is no error.
      navigator.share({ text: word("invites.share_text", { name }), url: link }).catch(() => {});
    });
  }

  /**
   * @param {any} invite
   * @param {HTMLElement} error
   */
  async #takeIn({ link, code }, error) {
    const token = tokenOf(link);
    if (token === null || (this.#isOtherWaiting(token) && !confirm(word("invites.leave")))) return;
    try {
      const entered = await this.#api.enter(token, code);
      if (entered.device !== undefined) this.#device.keepSecret(entered.device);
      this.#device.keepLink(token, entered.seat);
      globalThis.removeEventListener("beforeunload", this.#asks);
      location.assign(`./c#${entered.seat}`);
    } catch (refused) {
      say(error, sentence(refused));
    }
  }

  /**
   * Whether somebody else has not come in yet, and so still needs link and code.
   * @param {string} mine
   */
  #isOtherWaiting(mine) {
    return this.#started.invites.some((/** @type {any} */ { link }) => {
      const token = tokenOf(link) ?? "";
      return token !== mine && !this.#in.has(token);
    });
  }

  async #look() {
    if (document.visibilityState !== "visible") return;
    const invites = this.#started.invites;
    const tokens = invites.map((/** @type {any} */ invite) => tokenOf(invite.link) ?? "");
    try {
      const answer = await this.#api.status(tokens);
      const states = this.querySelectorAll('[data-part="state"]');
      answer.invites.forEach((/** @type {any} */ { state }, /** @type {number} */ index) => {
        const line = states[index];
        if (state === "in") this.#in.add(tokens[index]);
        if (line instanceof HTMLElement) tell(line, state, invites[index].name);
      });
    } catch {
      // The next look asks again.
    }
  }
}

/**
 * @param {HTMLElement} line
 * @param {string} state
 * @param {string} name
 */
function tell(line, state, name) {
  line.classList.toggle("good", state === "in");
  if (state === "in") say(line, word("invites.in", { name }));
  if (state === "ended") say(line, word("invites.ended"));
}

customElements.define("invite-cards", InviteCards);
