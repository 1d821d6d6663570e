// One tab's socket in the test's hands: what the house says can be changed, held back or made up.

/**
 * @typedef {Record<string, any>} Frame
 * @typedef {import("@playwright/test").Page} Page
 */

export class Line {
  /** @type {import("@playwright/test").WebSocketRoute | undefined} */
  #socket;
  /** What is answered in the house's place, by the type of what was said. */
  #answers = /** @type {Map<string, (frame: Frame) => Frame | undefined>} */ (new Map());
  /** @type {(frame: Frame) => Frame} */
  #change = (frame) => frame;
  #isCut = false;
  /** Sockets that say that they are open and carry nothing in either direction any more. */
  #dead = new WeakSet();
  #page;
  /** The last `chat-state` that came by. @type {Frame} */
  state = {};

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * From the next reload on, the tab's socket goes through here.
   * @param {Page} page
   */
  static async of(page) {
    const line = new Line(page);
    await stopsNews(page, () => line.#isCut);
    await page.routeWebSocket(/\/socket$/, (socket) => line.#open(socket));
    return line;
  }

  /** The seat of the chat that the tab shows. */
  get seat() {
    return new URL(this.#page.url()).hash.slice(1);
  }

  /** The participant on the other side. @returns {string} */
  get other() {
    const people = /** @type {Frame[]} */ (this.state.participants ?? []);
    return people.find((person) => person.participant !== this.state.me)?.participant;
  }

  /**
   * As if the house had said it.
   * @param {Frame} frame
   */
  says(frame) {
    this.#socket?.send(JSON.stringify({ seat: this.seat, ...frame }));
  }

  /**
   * The house never hears frames of this type; what the answer gives back is said in its place.
   * @param {string} type
   * @param {(frame: Frame) => Frame | undefined} answer
   */
  answers(type, answer) {
    this.#answers.set(type, answer);
  }

  /**
   * Frames of this type are refused.
   * @param {string} type
   * @param {Frame} refusal
   */
  refuses(type, refusal) {
    this.answers(type, ({ id }) => ({ type: "refused", of: type, ...(id ? { id } : {}), ...refusal }));
  }

  /** @param {(frame: Frame) => Frame} change of everything that the house says */
  changes(change) {
    this.#change = change;
  }

  /** From now on no socket opens, and nothing comes over HTTP in its place. */
  async cuts() {
    this.#isCut = true;
    await this.#socket?.close();
  }

  /** The socket of now is dead and does not know it; the next one is alive. */
  dies() {
    if (this.#socket) this.#dead.add(this.#socket);
  }

  /** @param {import("@playwright/test").WebSocketRoute} socket */
  #open(socket) {
    if (this.#isCut) return void socket.close();
    this.#socket = socket;
    const house = socket.connectToServer();
    socket.onMessage((message) => {
      if (this.#dead.has(socket)) return;
      const frame = JSON.parse(String(message));
      const answer = this.#answers.get(frame.type);
      if (!answer) return house.send(message);
      const said = answer(frame);
      if (said) this.says(said);
    });
    house.onMessage((message) => {
      if (this.#dead.has(socket)) return;
      const frame = this.#change(JSON.parse(String(message)));
      if (frame.type === "chat-state") this.state = frame;
      socket.send(JSON.stringify(frame));
    });
  }
}

/**
 * While the way is cut a page learns nothing over HTTP either: a refusal that browsers do not write about.
 * @param {Page} page
 * @param {() => boolean} isCut
 */
export async function stopsNews(page, isCut) {
  await page.route(/\/(news\?|seats$)/, (route) => {
    const json = { type: "about:blank", title: "Too Many Requests", status: 429, code: "busy", detail: "" };
    return isCut() ? route.fulfill({ status: 429, json }) : route.fallback();
  });
}
