// What the tabs of this browser that show the same chat tell each other, without the house.
//
// Used by the draft and by the alerts. The channel comes in: browsers may have none, and then a tab is alone.
// Nothing of it is kept anywhere.

/** @typedef {{kind: string, [field: string]: any}} Tale */

export class Tabs {
  /** @type {Map<string, (tale: Tale) => void>} */
  #hears = new Map();
  #channel;

  /** @param {ChannelLike | undefined} channel */
  constructor(channel) {
    this.#channel = channel;
    if (channel) channel.onmessage = ({ data }) => this.#hears.get(data?.kind)?.(data);
  }

  /** Whether other tabs can be heard at all. */
  get canHear() {
    return this.#channel !== undefined;
  }

  /** @param {Tale} tale */
  tell(tale) {
    this.#channel?.postMessage(tale);
  }

  /** @param {string} kind @param {(tale: Tale) => void} hear */
  on(kind, hear) {
    this.#hears.set(kind, hear);
  }

  close() {
    this.#channel?.close();
    this.#channel = undefined;
  }
}
