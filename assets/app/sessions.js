// The page's connection, and the chats that were opened in this document, until they are gone.
//
// Used by the app, which shows one of them. Going back to a chat shows what is known at once.
import { socketAddress } from "./helpers/addresses.js";
import { houseNow, setHouseTime } from "./helpers/house-time.js";
import { randomDigits } from "./helpers/random.js";
import { after } from "./helpers/timer.js";
import { Chat } from "./models/chat.js";
import { ChatSession } from "./models/chat-session.js";
import { Connection } from "./models/connection.js";
import { Outbox } from "./models/outbox.js";
import { SessionRegistry } from "./models/session-registry.js";
import { api, chatFlags, chatList, localStoreOf, ownersOf, preferences, seats, tabsOf } from "./services.js";
import { SocketTransport } from "./wire.js";

/** Of a message's id the first half is its producer. */
const PRODUCER_DIGITS = 16;
const ID_DIGITS = 32;

const now = () => Date.now();
const isShown = () => document.visibilityState === "visible";
const makeId = () => randomDigits(ID_DIGITS);

const sessions = new SessionRegistry({ seats, setHouseTime });
/** @type {typeof import("./models/http-transport.js").HttpTransport | undefined} */
let HttpLine;
let withheld = preferences.withholds.join();

/** The one line to the house of all chats of this document. */
export const connection = new Connection({
  greeting: () => ({
    device: seats.device,
    incarnation: seats.incarnation,
    withholds: preferences.withholds,
  }),
  openSocket: () => new SocketTransport(new WebSocket(socketAddress(), "parlour.v1")),
  loadHttp: () => void loadHttp().catch(askWhy),
  openHttp: () => HttpLine && new HttpLine({ api, after, isShown }),
  after,
  now,
  random: Math.random,
  sessions,
  chatList,
});

async function loadHttp() {
  ({ HttpTransport: HttpLine } = await import("./models/http-transport.js"));
}

/** A login before the house is before its scripts as well: only the API says what it is. */
async function askWhy() {
  await api.house().catch(({ code }) => connection.barred(code));
}

/** @param {string} seat @param {Opening} [opening] the chat as the house told it just now */
export async function sessionOf(seat, opening) {
  const store = sessions.get(seat)?.store ?? (await localStoreOf(seat));
  // Another call may have been quicker.
  return sessions.get(seat) ?? newSession(seat, store, opening);
}

/**
 * @param {string} seat
 * @param {import("./models/local-store.js").LocalStore} store
 * @param {Opening} [opening]
 */
function newSession(seat, store, opening) {
  const tabs = tabsOf(seat);
  const outbox = new Outbox({
    store,
    owners: ownersOf(tabs),
    send: ({ number, text, reply_to: to }) => connection.ask((house) => house.say(seat, number, text, to)),
    change: (command, isLeaving) => session.change(command, isLeaving),
    unansweredMax: () => connection.unansweredMax,
    after,
    now,
    makeId,
    makeProducer: () => randomDigits(PRODUCER_DIGITS),
  });
  const chat = new Chat({ after, now: () => houseNow().getTime() });
  chat.withhold(preferences.withholds);
  if (opening) chat.begin(opening);
  const house = {
    askHouse: () => api.standing(seat),
    keep: () => api.keep(seat),
    endChat: () => api.end(seat),
    change: (/** @type {MessageCommand} */ command) => api.change(seat, command),
  };
  const parts = { seat, connection, chat, outbox, store, tabs, seats, makeId, after, now };
  const session = new ChatSession({ ...parts, ...house });
  session.addEventListener("gone", () => {
    sessions.remove(seat);
    chatFlags.forget(seat);
  });
  sessions.add(session);
  return session;
}

/** What a chat that is gone left in memory goes too. @param {string} seat */
export function dropSession(seat) {
  const found = sessions.get(seat);
  sessions.remove(seat);
  found?.end({});
}

/**
 * Another tab says that seats are gone. Only the house knows: what nobody looks at is forgotten and asked for
 * again, and what is shown hears it from the house. Nothing that waits is thrown away on a tab's word.
 * @param {ChatSession | undefined} shown
 */
export function forgetSessions(shown) {
  const held = new Set(seats.all());
  for (const session of sessions.all()) {
    if (session === shown || held.has(session.seat)) continue;
    session.tabs.close();
    sessions.remove(session.seat);
  }
}

/** What this browser tells about the person may have changed, here or in another tab. */
export function renewSessions() {
  const { withholds } = preferences;
  if (withholds.join() === withheld) return;
  withheld = withholds.join();
  for (const { chat } of sessions.all()) {
    chat.withhold(withholds);
    chat.doubt();
  }
  connection.renew();
}
