// The chats that were opened in this document, each with its connection, until they are gone.
//
// Used by the app, which shows one of them. Going back to a chat shows what is known at once.
import { socketAddress } from "./helpers/addresses.js";
import { setHouseTime } from "./helpers/house-time.js";
import { after } from "./helpers/timer.js";
import { Chat } from "./models/chat.js";
import { ChatSession } from "./models/chat-session.js";
import { Connection } from "./models/connection.js";
import { HttpTransport } from "./models/http-transport.js";
import { Outbox } from "./models/outbox.js";
import { api, localStoreOf, preferences, seats, tabsOf } from "./services.js";
import { SocketTransport } from "./wire.js";

const now = () => Date.now();
const isShown = () => document.visibilityState === "visible";

/** By seat. @type {Map<string, ChatSession>} */
const sessions = new Map();
let withheld = preferences.withholds.join();

/** @param {string} seat @param {Opening} [opening] the chat as the house told it just now */
export async function sessionOf(seat, opening) {
  const known = sessions.get(seat);
  if (known) return known;
  const store = await localStoreOf(seat);
  const connection = connectionOf(seat);
  const send = (/** @type {OutboxEntry} */ { id, text }) => connection.ask((house) => house.say(id, text));
  const outbox = new Outbox({ store, send, after, now, makeId });
  const chat = new Chat(after);
  chat.withhold(preferences.withholds);
  if (opening) chat.begin(opening);
  const tabs = tabsOf(seat);
  const house = { askHouse: () => api.standing(seat), setHouseTime };
  const made = new ChatSession({
    seat,
    connection,
    chat,
    outbox,
    store,
    tabs,
    seats,
    makeId,
    after,
    now,
    ...house,
  });
  made.addEventListener("gone", () => sessions.delete(seat));
  sessions.set(seat, made);
  return made;
}

/** @param {string} seat */
function connectionOf(seat) {
  const openSocket = () => new SocketTransport(new WebSocket(socketAddress(), "parlour.v1"), seat);
  const openHttp = () => new HttpTransport({ seat, api, after, isShown });
  return new Connection({ greeting, openSocket, openHttp, after, now, random: Math.random });
}

function greeting() {
  return { device: seats.device, incarnation: seats.incarnation, withholds: preferences.withholds };
}

/** What a chat that is gone left in memory goes too. @param {string} seat */
export function dropSession(seat) {
  const found = sessions.get(seat);
  sessions.delete(seat);
  found?.end({});
}

/**
 * Another tab says that seats are gone. Only the house knows: what nobody looks at is forgotten and asked for
 * again, and what is shown hears it from the house. Nothing that waits is thrown away on a tab's word.
 * @param {ChatSession | undefined} shown
 */
export function forgetSessions(shown) {
  const held = new Set(seats.all());
  for (const [seat, session] of sessions) {
    if (session === shown || held.has(seat)) continue;
    session.tabs.close();
    sessions.delete(seat);
  }
}

/** What this browser tells about the person may have changed, here or in another tab. */
export function renewSessions() {
  const { withholds } = preferences;
  if (withholds.join() === withheld) return;
  withheld = withholds.join();
  for (const session of sessions.values()) {
    session.chat.withhold(withholds);
    session.renew();
  }
}

/** 128 random bits as 32 hexadecimal digits; `crypto.randomUUID` is missing on plain HTTP. */
function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
