// Opens the house's one page: the words and the look first, then what the address names: `/` starts chats,
// `/j` is a link's door, `/c` is a chat. At any other address somebody is looking for a door.
//
// Going from the door into the chat, or from "your chats" into one of them, stays in this document: what is
// known is shown at once, and a slow line is not asked for another page.
import "./helpers/fault.js";
import { followBack } from "./helpers/dialog.js";
import { forgetOldDoors } from "./helpers/door.js";
import { keepHere } from "./helpers/files.js";
import { learnHouseTime } from "./helpers/house-time.js";
import { after, api, makeId, openSocket, path, seats, shelfOf, tabsOf, taste } from "./helpers/home.js";
import { showLook } from "./helpers/look.js";
import { openWords } from "./helpers/words.js";
import { installWorker } from "./helpers/worker.js";
import { Chat } from "./models/chat.js";
import { Connection } from "./models/connection.js";
import { Courier } from "./models/courier.js";
import { Outbox } from "./models/outbox.js";
import { Talk } from "./models/talk.js";
import { ParlourCards } from "./components/cards.js";
import { ParlourChat } from "./components/chat.js";
import { ParlourJoin } from "./components/join.js";
import { ParlourStart } from "./components/start.js";

const now = () => Date.now();
const isShown = () => document.visibilityState === "visible";

/** Chats that were looked at in this document, by seat. @type {Map<string, Talk>} */
const talks = new Map();
/** The one that is looked at. @type {Talk | undefined} */
let talk;
let withheld = taste.withholds.join();
/** The address that is shown: browsers tell of one change twice. */
let shownAt = "";

/** @param {string} seat @param {Opening} [opening] */
async function talkOf(seat, opening) {
  const known = talks.get(seat);
  if (known) return known;
  const shelf = await shelfOf(seat);
  const openCourier = () => new Courier({ seat, api, after, isShown });
  const connection = new Connection({ hello, openSocket, openCourier, after, now, random: Math.random });
  const send = (/** @type {OutboxEntry} */ { id, text }) =>
    connection.send({ type: "chat-say", seat, id, text });
  const outbox = new Outbox({ shelf, send, after, now, makeId });
  connection.addEventListener("frame", (event) => {
    const frame = /** @type {CustomEvent} */ (event).detail;
    if (frame.type === "welcome") learnHouseTime(frame.now);
  });
  const chat = new Chat(after);
  chat.withhold(taste.withholds);
  if (opening) chat.begin(opening);
  const tabs = tabsOf(seat);
  const askHouse = () => api.standing(seat);
  const parts = { seat, connection, chat, outbox, shelf, tabs, seats, makeId, after, now, askHouse };
  const made = new Talk(parts);
  made.addEventListener("gone", () => talks.delete(seat));
  talks.set(seat, made);
  return made;
}

function hello() {
  const { withholds } = taste;
  const also = withholds.length > 0 ? { withholds } : {};
  return { type: "hello", device: seats.device, seen_incarnation: seats.incarnation, ...also };
}

/** @type {Record<string, (opening?: Opening) => void>} */
const rooms = {
  "": () => put(new ParlourStart()),
  j: () => put(new ParlourJoin()),
  c: (opening) => void showChat(opening),
};

/** @param {Opening} [opening] the chat as the house told it just now */
function show(opening) {
  talk = undefined;
  const room = rooms[location.pathname.slice(path.length)] ?? rooms.j;
  room?.(opening);
  // A door takes its token out of the address.
  shownAt = location.href;
}

/** @param {Opening} [opening] */
async function showChat(opening) {
  const at = location.href;
  const seat = seatInAddress();
  const page = new ParlourChat();
  if (!seat || !seats.device) {
    put(page);
    return page.showGone({});
  }
  const found = await talkOf(seat, opening);
  if (location.href !== at) return;
  talk = found;
  put(page);
  page.open(found, api);
}

/** An address may be anything. */
function seatInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** The first page is read from its top by itself; who comes from another room hears where they are. */
function put(/** @type {HTMLElement} */ page) {
  const isFirst = document.querySelector("parlour-start, parlour-join, parlour-chat") === null;
  document.body.replaceChildren(page);
  scrollTo(0, 0);
  const title = page.querySelector("h1");
  if (isFirst || !title || page.contains(document.activeElement)) return;
  title.tabIndex = -1;
  title.focus();
}

/** What a chat that is gone left in memory goes too. @param {string} seat */
function drop(seat) {
  const found = talks.get(seat);
  talks.delete(seat);
  found?.end({});
}

/**
 * Another tab says that seats are gone. Only the house knows: what rests here is forgotten and asked for
 * anew, and what is looked at hears it from the house; nothing that waits is thrown away on a tab's word.
 */
function forgetResting() {
  const held = new Set(seats.all());
  for (const [seat, one] of talks) {
    if (one === talk || held.has(seat)) continue;
    one.tabs.close();
    talks.delete(seat);
  }
}

/** Somebody came in: the door gives way to the chat. @param {Event} event */
function enter(event) {
  const { seat, chat, isNewPage } = /** @type {CustomEvent} */ (event).detail;
  const address = `${path}c#${encodeURIComponent(seat)}`;
  if (isNewPage) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  show(chat);
}

/** A link was pasted on the start page. Its token never stands in the address. @param {Event} event */
function knock(event) {
  talk = undefined;
  history.pushState(null, "", `${path}j`);
  put(new ParlourJoin(/** @type {CustomEvent} */ (event).detail));
  shownAt = location.href;
}

/** A link to another room of this page. @param {MouseEvent} event */
function follow(event) {
  const target = event.target instanceof Element ? event.target.closest("a[data-way]") : null;
  if (!(target instanceof HTMLAnchorElement)) return;
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", target.href);
  show();
}

/** Back, forward, or another link in this tab. */
function turn() {
  if (location.href === shownAt) return;
  const cards = document.querySelector("parlour-cards");
  if (cards instanceof ParlourCards && !cards.mayBeLeft()) return history.forward();
  show();
}

/** What this browser wants or tells has changed, here or in another tab. */
function retaste() {
  showLook();
  const told = taste.withholds.join();
  if (told === withheld) return;
  withheld = told;
  for (const one of talks.values()) {
    one.chat.withhold(taste.withholds);
    one.renew();
  }
}

function listen() {
  addEventListener("hashchange", turn);
  addEventListener("popstate", turn);
  addEventListener("parlour-enter", enter);
  addEventListener("parlour-link", knock);
  addEventListener("parlour-taste", retaste);
  addEventListener("parlour-forget", (event) => drop(/** @type {CustomEvent} */ (event).detail));
  addEventListener("storage", (event) => {
    if (taste.isMine(event.key)) retaste();
    if (seats.isMine(event.key)) forgetResting();
  });
  document.addEventListener("click", follow);
  addEventListener("dragover", keepHere);
  addEventListener("drop", keepHere);
  followBack();
  for (const sign of ["online", "offline", "focus"]) addEventListener(sign, () => talk?.wake());
  document.addEventListener("visibilitychange", () => isShown() && talk?.wake());
  // A page that the browser puts aside must not hold a socket, and one that comes back needs a new one.
  addEventListener("pagehide", () => talk?.rest());
  addEventListener("pageshow", (event) => event.persisted && talk?.open());
}

showLook();
try {
  await openWords(taste.language);
  listen();
  show();
  installWorker();
  forgetOldDoors();
} catch (error) {
  // Without words there is nothing to show but the one line that stands in the document.
  document.querySelector(".lost")?.removeAttribute("hidden");
  throw error;
}
