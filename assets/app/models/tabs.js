// What the tabs of this browser that show the same chat tell each other, without the house.
//
// Used by the draft and by the alerts. The channel comes in: browsers may have none, and then a tab is alone.
// Nothing of it is kept anywhere.

/** @typedef {{kind: string, [field: string]: any}} TabMessage */

export class Tabs {
  /** @type {Map<string, (message: TabMessage) => void>} */
  #handlers = new Map();
  #channel;

  /** @param {ChannelLike | undefined} channel */
  constructor(channel) {
    this.#channel = channel;
    if (channel) channel.onmessage = ({ data }) => this.#handlers.get(data?.kind)?.(data);
  }

  /** Whether other tabs can be heard at all. */
  get isShared() {
    return this.#channel !== undefined;
  }

  /** @param {TabMessage} message */
  post(message) {
    this.#channel?.postMessage(message);
  }

  /** @param {string} kind @param {(message: TabMessage) => void} handle */
  on(kind, handle) {
    this.#handlers.set(kind, handle);
  }

  close() {
    this.#channel?.close();
    this.#channel = undefined;
  }
}
