// A cable between the browsers and the house, on which everything breaks that can break on a way: a TCP proxy
// that dies, goes deaf, resets, half-closes, or lets nobody through.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * One direction of one connection.
 * @typedef {object} Way
 * @property {import("node:net").Socket} from
 * @property {import("node:net").Socket} to
 * @property {boolean} isDeaf takes what comes and carries nothing
 */
/** @typedef {{fromPage: Way, fromHouse: Way}} Wire */

export class Cable {
  port = 0;
  #house = 0;
  #isCut = false;
  #server = createServer({ allowHalfOpen: true }, (outer) => this.#join(outer));
  /** @type {Set<Wire>} */
  #wires = new Set();

  static async laid() {
    const cable = new Cable();
    cable.#server.listen(0, "127.0.0.1");
    await once(cable.#server, "listening");
    const address = cable.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    cable.port = address.port;
    return cable;
  }

  /** @param {number} port where the house itself listens */
  lead(port) {
    this.#house = port;
  }

  /** Both ends of each connection of now say that they are open, and nothing ever moves: a laptop sleeps. */
  dies() {
    for (const { fromPage, fromHouse } of this.#wires) {
      fromPage.from.pause();
      fromHouse.from.pause();
    }
  }

  /** What is said on the connections of now is lost on its way: both what pages say, and the answers. */
  loses() {
    for (const { fromPage, fromHouse } of this.#wires) fromPage.isDeaf = fromHouse.isDeaf = true;
  }

  /** What pages say on the connections of now arrives, and the house's answers are lost. */
  losesAnswers() {
    for (const { fromHouse } of this.#wires) fromHouse.isDeaf = true;
  }

  /** Every connection of now ends by RST at both ends. */
  resets() {
    for (const { fromPage, fromHouse } of this.#wires) {
      fromPage.from.resetAndDestroy();
      fromHouse.from.resetAndDestroy();
    }
  }

  /**
   * Every connection of now is closed at one end alone: FIN, and the other way stays open.
   * @param {"page" | "house"} end
   */
  halfCloses(end) {
    for (const { fromPage, fromHouse } of this.#wires) {
      const closed = end === "page" ? fromHouse : fromPage;
      closed.isDeaf = true;
      closed.to.end();
    }
  }

  /** From now on nobody gets through. */
  cuts() {
    this.#isCut = true;
    this.resets();
  }

  heals() {
    this.#isCut = false;
  }

  async close() {
    this.cuts();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** @param {import("node:net").Socket} outer */
  #join(outer) {
    if (this.#isCut) return void outer.resetAndDestroy();
    const inner = connect({ port: this.#house, host: "127.0.0.1", allowHalfOpen: true });
    const wire = { fromPage: way(outer, inner), fromHouse: way(inner, outer) };
    this.#wires.add(wire);
    for (const end of [outer, inner]) {
      end.on("error", () => {});
      end.on("close", () => {
        this.#wires.delete(wire);
        outer.destroy();
        inner.destroy();
      });
    }
  }
}

/**
 * @param {import("node:net").Socket} from
 * @param {import("node:net").Socket} to
 * @returns {Way}
 */
function way(from, to) {
  const made = { from, to, isDeaf: false };
  from.on("data", (bytes) => made.isDeaf || to.write(bytes));
  from.on("end", () => made.isDeaf || to.end());
  return made;
}
