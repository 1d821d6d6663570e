// Looks for a socket that comes through, while a Connection goes on over HTTP.

const SEARCH_PAUSE_MS = 2_000;
const PAUSE_MAX_MS = 60_000;
const SEARCH_DEADLINE_MS = 10_000;

export class SocketSearch {
  #openSocket;
  #after;
  #found;
  #cancel = () => {};

  /**
   * @param {object} parts
   * @param {() => import("../wire.js").SocketTransport} parts.openSocket
   * @param {Timer} parts.after
   * @param {(socket: Transport) => void} parts.found it came through
   */
  constructor({ openSocket, after, found }) {
    this.#openSocket = openSocket;
    this.#after = after;
    this.#found = found;
  }

  start(pauseMs = SEARCH_PAUSE_MS) {
    this.#cancel = this.#after(pauseMs, () => this.#try(pauseMs));
  }

  stop() {
    this.#cancel();
  }

  /** @param {number} pauseMs */
  #try(pauseMs) {
    const socket = this.#openSocket();
    const lost = () => {
      this.stop();
      this.start(Math.min(PAUSE_MAX_MS, pauseMs * 2));
    };
    const opened = () => {
      cancelDeadline();
      this.#cancel = () => {};
      this.#found(socket);
    };
    const cancelDeadline = this.#after(SEARCH_DEADLINE_MS, lost);
    this.#cancel = () => {
      cancelDeadline();
      socket.close();
    };
    socket.watch({ opened, lost });
  }
}
