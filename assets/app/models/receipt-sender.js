// Tells the house how far this person's messages have come: on this device, and before their eyes.
//
// Used by a ChatSession. Receipts of a burst of messages go out as one.

const DELAY_MS = 100;

export class ReceiptSender {
  #seat;
  #chat;
  #ask;
  #after;
  /** The last seq that the house knows to be on this device. */
  #delivered = 0;
  /** The last seq that was on the screen, and that of which the house knows it. */
  #seen = 0;
  #seenTold = 0;
  #isDue = false;

  /**
   * @param {object} parts
   * @param {string} parts.seat
   * @param {import("./chat.js").Chat} parts.chat
   * @param {(request: (house: Transport) => void) => boolean} parts.ask
   * @param {Timer} parts.after
   */
  constructor({ seat, chat, ask, after }) {
    this.#seat = seat;
    this.#chat = chat;
    this.#ask = ask;
    this.#after = after;
  }

  /** Another store answers: seqs of the last one mean nothing in it. */
  clear() {
    this.#delivered = this.#seen = this.#seenTold = 0;
  }

  /** What the house knows. @param {Participant | undefined} self */
  opened(self) {
    this.#seenTold = self?.seen ?? 0;
    this.#delivered = self?.delivered ?? 0;
    this.send();
  }

  /** The page showed everything up to this seq to a person. @param {number} seq */
  see(seq) {
    if (seq <= this.#seen) return;
    this.#seen = seq;
    this.#chat.see(seq);
    this.send();
  }

  send() {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#after(DELAY_MS, () => {
      this.#isDue = false;
      this.#sendNow();
    });
  }

  #sendNow() {
    const { ended, isKnown, last } = this.#chat;
    if (ended || !isKnown) return;
    const seen = this.#seen;
    if (seen > this.#seenTold && this.#ask((house) => house.seen(this.#seat, seen))) {
      this.#seenTold = seen;
      this.#delivered = Math.max(this.#delivered, seen);
    }
    if (last > this.#delivered && this.#ask((house) => house.delivered(this.#seat, last)))
      this.#delivered = last;
  }
}
