// The ways into a chat: the devices that are in already.
//
//   const ways = new ParlourWays();
//
// Sends `ways-devices` (bubbling) when they are wanted.
import { el } from "../helpers/dom.js";
import { word } from "../helpers/words.js";

export class ParlourWays extends HTMLElement {
  connectedCallback() {
    const send = () => this.dispatchEvent(new CustomEvent("ways-devices", { bubbles: true }));
    const devices = el("button", { type: "button", onclick: send }, word("devices.title"));
    const title = el("h3", { id: "ways-title" }, word("ways.title"));
    const list = el("ul", {}, el("li", {}, devices));
    this.replaceChildren(el("section", { "aria-labelledby": "ways-title" }, title, list));
  }
}

customElements.define("parlour-ways", ParlourWays);
