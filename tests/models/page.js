// One chat of a page as it is put together for a browser, with a house that the test plays. Used by the model
// tests.
import { Chat } from "../../assets/app/models/chat.js";
import { Connection } from "../../assets/app/models/connection.js";
import { Outbox } from "../../assets/app/models/outbox.js";
import { Seats } from "../../assets/app/models/seats.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Tabs } from "../../assets/app/models/tabs.js";
import { ChatSession } from "../../assets/app/models/chat-session.js";
import { SocketTransport } from "../../assets/app/wire.js";
import { Air, Disk, FakeSocket, Storage, Time, settled } from "./fakes.js";

export const SEAT = "00f1e2d3c4b5a697-1";
/** No two tabs of a test make the same one. */
let ids = 0;

export const AT = "2026-11-21T18:42:00.000Z";

/** Anny, who is at this page, and Abhi. @param {number} seen by both */
export function people(seen) {
  const one = { came_in: true, here: true, delivered: seen, seen, tries: 0 };
  return [
    { ...one, participant: "1", name: "Anny" },
    { ...one, participant: "2", name: "Abhi" },
  ];
}

/** @param {number} seq @param {string} [from] */
export function message(seq, from = "2") {
  return { seq, from, at: AT, id: `${from}-${seq}`, text: `text ${seq}` };
}

/**
 * A page that was just opened. What it shares with other tabs comes in.
 * @typedef {() => Promise<unknown>} Ask
 * @param {{disk?: Disk, seats?: Seats, opening?: Opening, air?: Air, askHouse?: Ask}} [shared]
 */
export async function page({
  disk = new Disk(),
  seats = new Seats(new Storage(), "/"),
  air = new Air(),
  opening,
  askHouse = async () => {},
} = {}) {
  const time = new Time();
  const { after, now } = time;
  /** @type {FakeSocket[]} */
  const sockets = [];
  const openSocket = () => {
    sockets.push(new FakeSocket());
    return new SocketTransport(socket(), SEAT);
  };
  const socket = () => /** @type {FakeSocket} */ (sockets.at(-1));
  const greeting = () => ({ device: "D", incarnation: undefined, withholds: [] });
  const connection = new Connection({
    greeting,
    openSocket,
    openHttp: openSocket,
    after,
    now,
    random: () => 1,
  });
  const store = await openLocalStore(() => disk.factory, SEAT, after);
  const send = (/** @type {OutboxEntry} */ { id, text }) => connection.ask((way) => way.say(id, text));
  const makeId = () => `id-${(ids += 1)}`;
  const outbox = new Outbox({ store, send, after, now, makeId });
  const chat = new Chat(after);
  if (opening) chat.begin(opening);
  const session = new ChatSession({
    seat: SEAT,
    connection,
    chat,
    outbox,
    store,
    tabs: new Tabs(air.channel()),
    seats,
    makeId,
    after,
    now,
    askHouse,
    setHouseTime: () => {},
  });
  session.open();
  await settled();
  return { session, chat, outbox, store, disk, seats, time, sockets, socket, ...house(socket) };
}

/** What the house says to the page. @param {() => FakeSocket} socket */
function house(socket) {
  /** @param {number} head @param {{incarnation?: string, seen?: number}} [how] */
  const welcomes = (head, { incarnation = "a", seen = head } = {}) => {
    greets(head, incarnation, seen);
    const participants = people(seen);
    socket().tells({ type: "chat-state", seat: SEAT, me: "1", head, idle: "1d", due: AT, participants });
  };
  /** @param {number} head @param {string} [incarnation] @param {number} [seen] */
  const greets = (head, incarnation = "a", seen = head) => {
    socket().opens();
    const seats = [{ seat: SEAT, head, unread: head - seen }];
    socket().tells({ type: "welcome", incarnation, seats });
  };
  /** @param {number} seq @param {string} [from] @param {string} [seat] */
  const tells = (seq, from = "2", seat = SEAT) =>
    socket().tells({ type: "chat-message", seat, ...message(seq, from) });
  /** @param {string} type */
  const asked = (type) => socket().got(type);
  return { greets, welcomes, tells, asked };
}
