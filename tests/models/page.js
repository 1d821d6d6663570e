// A page as it is put together for a browser, with a chat that it shows and a house that the test plays. Used
// by the model tests.
import { Chat } from "../../assets/app/models/chat.js";
import { ChatFlags } from "../../assets/app/models/chat-flags.js";
import { ChatList } from "../../assets/app/models/chat-list.js";
import { Connection } from "../../assets/app/models/connection.js";
import { Outbox } from "../../assets/app/models/outbox.js";
import { Owners } from "../../assets/app/models/owners.js";
import { Seats } from "../../assets/app/models/seats.js";
import { openLocalStore } from "../../assets/app/models/local-store.js";
import { Tabs } from "../../assets/app/models/tabs.js";
import { ChatSession } from "../../assets/app/models/chat-session.js";
import { SessionRegistry } from "../../assets/app/models/session-registry.js";
import { SocketTransport } from "../../assets/app/wire.js";
import { Air, Disk, FakeSocket, Storage, Time, settled } from "./fakes.js";

export const SEAT = "00f1e2d3c4b5a697-1";
export const CHAT = "00f1e2d3c4b5a697";
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

/** 64 bits that no other page has. */
function makeProducer() {
  return `p${(ids += 1)}`.padStart(16, "0");
}

/** The id of a message of this producer. @param {string} producer @param {number} sequence */
export function numbered(producer, sequence) {
  return producer + sequence.toString(16).padStart(16, "0");
}

/**
 * A page that was just opened at a chat. What it shares with other tabs comes in.
 * @typedef {object} Shared
 * @property {Disk} [disk]
 * @property {Seats} [seats]
 * @property {Air} [air]
 * @property {Opening} [opening]
 * @property {() => Promise<unknown>} [askHouse]
 * @property {() => Promise<{due: string}>} [keep] over HTTP
 * @property {() => Promise<ChatEnding>} [endChat] over HTTP
 * @property {(command: MessageCommand) => Promise<unknown>} [change] over HTTP
 * @property {() => Promise<{seats: SeatRow[]}>} [askSeats]
 */

/** @param {Shared} [shared] */
export async function page(shared = {}) {
  const { seats = new Seats(new Storage(), "/"), disk = new Disk(), askSeats } = shared;
  const time = new Time();
  const { after, now } = time;
  /** @type {FakeSocket[]} */
  const sockets = [];
  const openSocket = () => {
    sockets.push(new FakeSocket());
    return new SocketTransport(socket());
  };
  const socket = () => /** @type {FakeSocket} */ (sockets.at(-1));
  const sessions = new SessionRegistry({ seats, setHouseTime: () => {} });
  const flags = new ChatFlags(new Storage(), "/");
  const chatList = new ChatList({
    ask: askSeats ?? (async () => ({ seats: [] })),
    kept: () => seats.all(),
    flags,
  });
  const connection = new Connection({
    greeting: () => ({ device: "D", incarnation: undefined, withholds: [] }),
    openSocket,
    loadHttp: () => {},
    openHttp: openSocket,
    after,
    now,
    random: () => 1,
    sessions,
    chatList,
  });
  const self = `document-${(ids += 1)}`;
  const parts = { connection, sessions, seats, self, after, now };
  /** @param {string} [seat] */
  const opens = (seat = SEAT) => newSession(seat, { ...shared, ...parts, disk });
  const shown = await opens();
  shown.session.open();
  await settled();
  const all = { disk, seats, time, sockets, socket, connection, sessions, chatList, opens };
  return { ...shown, ...all, ...house(socket) };
}

/** Another chat of the page. @param {string} seat @param {any} parts */
async function newSession(seat, parts) {
  const { connection, sessions, disk, air = new Air(), self, after, now, opening } = parts;
  const store = await openLocalStore(() => disk.factory, seat, after);
  const tabs = new Tabs(air.channel());
  const makeId = () => `id-${(ids += 1)}`;
  const outbox = new Outbox({
    store,
    owners: new Owners({ self, locks: undefined, tabs, after }),
    send: ({ number, text, reply_to: to }) =>
      connection.ask((/** @type {Transport} */ way) => way.say(seat, number, text, to)),
    change: (command, isLeaving) => session.change(command, isLeaving),
    unansweredMax: () => connection.unansweredMax,
    after,
    now,
    makeId,
    makeProducer,
  });
  const chat = new Chat({ after, now });
  if (opening) chat.begin(opening);
  const askHouse = parts.askHouse ?? (async () => {});
  const session = new ChatSession({
    keep: async () => ({ due: AT }),
    endChat: async () => ({}),
    change: async () => {},
    ...parts,
    askHouse,
    seat,
    connection,
    chat,
    outbox,
    store,
    tabs,
    makeId,
  });
  session.addEventListener("gone", () => sessions.remove(seat));
  sessions.add(session);
  return { session, chat, outbox, store };
}

/** What the house says to the page. @param {() => FakeSocket} socket */
function house(socket) {
  /** @param {number} head @param {{incarnation?: string, seen?: number, seat?: string}} [how] */
  const welcomes = (head, { incarnation = "a", seen = head, seat = SEAT } = {}) => {
    greets(incarnation, seat);
    shows(head, { seen, seat });
  };
  /** How an opened chat is. @param {number} head @param {{seen?: number, seat?: string}} [how] */
  const shows = (head, { seen = head, seat = SEAT } = {}) => {
    const participants = people(seen);
    socket().tells({ type: "chat-state", seat, me: "1", head, idle: "1d", due: AT, participants });
  };
  /** @param {string} [incarnation] @param {...string} held */
  const greets = (incarnation = "a", ...held) => {
    socket().opens();
    const seats = (held.length > 0 ? held : [SEAT]).map((seat) => ({ seat, chat: seat.split("-")[0] }));
    socket().tells({ type: "welcome", incarnation, seats });
  };
  /** @param {number} seq @param {string} [from] @param {string} [chat] */
  const tells = (seq, from = "2", chat = CHAT) =>
    socket().tells({ type: "chat-message", chat, ...message(seq, from) });
  /** @param {string} type */
  const asked = (type) => socket().got(type);
  return { greets, welcomes, shows, tells, asked };
}
