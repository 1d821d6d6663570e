/**
 * <your-chats></your-chats>: the chats of this device, above the form; nothing where there is none.
 */
import { Api } from "../models/api.js";
import { Device } from "../models/device.js";
import { fromTemplate, part } from "../helpers/dom.js";
import { list, moment } from "../helpers/format.js";
import { fillWords, word } from "../helpers/words.js";

/** Counts of 100 stand for "100 or more". */
const MANY = 100;

export class YourChats extends HTMLElement {
  #device = new Device(localStorage);
  #refresh = () => {
    if (document.visibilityState === "visible") void this.#load();
  };

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#refresh);
    globalThis.addEventListener("pageshow", this.#refresh);
    void this.#load();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#refresh);
    globalThis.removeEventListener("pageshow", this.#refresh);
  }

  async #load() {
    if (this.#device.secret === null) return;
    const api = new Api({ device: () => this.#device.secret });
    try {
      const { seats } = await api.seats();
      this.#show(seats);
    } catch {
      // The form below says what is wrong when it is used; the list comes back with the next look at the page.
    }
  }

  /** @param {any[]} seats */
  #show(seats) {
    if (seats.length === 0) {
      this.replaceChildren();
      return;
    }
    const section = fromTemplate("your-chats");
    part(section, "rows").append(...seats.map(row));
    fillWords(section);
    this.replaceChildren(section);
  }
}

/** @param {any} seat */
function row(seat) {
  const made = fromTemplate("chat-row");
  const link = part(made, "link");
  const [others, name] = [list(seat.others), seat.name];
  link.setAttribute("href", `./c#${seat.seat}`);
  const unread = word("chats.unread", { count: seat.unread });
  const opens = word("chats.open", { others, name });
  link.setAttribute("aria-label", seat.unread > 0 ? `${opens}. ${unread}` : opens);
  part(made, "others").textContent = others;
  part(made, "me").textContent = word("chats.as", { name });
  const last = seat.last_at === undefined ? word("chats.empty")
    : word("chats.last", { when: moment(new Date(seat.last_at)) });
  part(made, "last").textContent = last;
  const badge = part(made, "unread");
  badge.hidden = seat.unread === 0;
  badge.textContent = seat.unread >= MANY ? `${MANY - 1}+` : String(seat.unread);
  return made;
}
