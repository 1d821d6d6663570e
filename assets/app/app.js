// The page's entry: the words and the theme first, then what the address names: `/` starts chats, `/j` is the
// page of a link, `/c` is a chat. At any other address somebody is looking for their link.
//
// Going from a link into the chat, or from "your chats" into one of them, stays in this document: what is
// known is shown at once, and a slow line is not asked for another page.
import "./helpers/error-notice.js";
import { path } from "./helpers/addresses.js";
import { followBack } from "./helpers/dialog.js";
import { detailOf } from "./helpers/dom.js";
import { keepFilesOut } from "./helpers/file-drop.js";
import { closeNotification } from "./helpers/notifications.js";
import { installServiceWorker } from "./helpers/service-worker.js";
import { applyTheme } from "./helpers/theme.js";
import { openWords } from "./helpers/words.js";
import { ParlourInviteCards } from "./components/invite-cards.js";
import { alertsOf, forgetAlerts } from "./components/chat-alerts.js";
import { ParlourChat } from "./components/chat.js";
import { ParlourEnded } from "./components/ended.js";
import { ParlourJoin } from "./components/join.js";
import { ParlourStart } from "./components/start.js";
import { chatList, forget, linkTokens, preferences, seats } from "./services.js";
import { connection, dropSession, forgetSessions, renewSessions, sessionOf } from "./sessions.js";

/** @typedef {import("./models/chat-session.js").ChatSession} ChatSession */

const PAGES = "parlour-start, parlour-join, parlour-chat, parlour-ended";

/** The chat that is shown. @type {ChatSession | undefined} */
let session;
/** The address that is shown: browsers tell of one change twice. */
let shownAt = "";

/** @type {Record<string, (opening?: Opening) => void>} */
const routes = {
  "": () => showStart(),
  j: () => mount(new ParlourJoin()),
  c: (opening) => void showChat(opening),
};

/** @param {Opening} [opening] the chat as the house told it just now */
function show(opening) {
  session = undefined;
  const route = routes[location.pathname.slice(path.length)] ?? routes.j;
  route?.(opening);
  // The page of a link takes its token out of the address.
  shownAt = location.href;
}

function showStart() {
  mount(new ParlourStart());
  if (seats.device) connection.open();
}

/** @param {Opening} [opening] */
async function showChat(opening) {
  const at = location.href;
  const seat = seatInAddress();
  if (!seat || !seats.device) return replacePage(new ParlourEnded({}));
  const found = await sessionOf(seat, opening);
  if (location.href !== at) return;
  session = found;
  replacePage(new ParlourChat(found));
}

/** An address may be anything. */
function seatInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/**
 * The first page is read from its top by itself; a person who comes from another page hears where they are.
 */
function mount(/** @type {HTMLElement} */ page) {
  const isFirst = document.querySelector(PAGES) === null;
  replacePage(page);
  const title = page.querySelector("h1");
  if (isFirst || !title || page.contains(document.activeElement)) return;
  title.tabIndex = -1;
  title.focus();
}

/** @param {HTMLElement} page */
function replacePage(page) {
  document.body.replaceChildren(page);
  scrollTo(0, 0);
}

/** The person came in: the page of the link gives way to the chat. @param {Event} event */
function enterChat(event) {
  const { seat, chat, isNewPage } = detailOf(event);
  const address = `${path}c#${encodeURIComponent(seat)}`;
  if (isNewPage) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  show(chat);
}

/** A link was pasted on the start page. Its token is never in the address. @param {Event} event */
function openLink(event) {
  session = undefined;
  history.pushState(null, "", `${path}j`);
  mount(new ParlourJoin(detailOf(event)));
  shownAt = location.href;
}

/** A link to another address of this page. @param {MouseEvent} event */
function follow(event) {
  const target = event.target instanceof Element ? event.target.closest("a[data-route]") : null;
  if (!(target instanceof HTMLAnchorElement)) return;
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", target.href);
  show();
}

/** Back, forward, or another link in this tab. */
function onAddressChanged() {
  if (location.href === shownAt) return;
  const cards = document.querySelector("parlour-invite-cards");
  // The links and codes are shown only once: unless the person agrees, the address goes back to theirs.
  if (cards instanceof ParlourInviteCards && !cards.mayBeLeft()) return history.forward();
  show();
}

function onPreferencesChanged() {
  applyTheme(preferences.theme);
  renewSessions();
}

/** This browser came into a chat in another tab, or one is gone. */
function onSeatsChanged() {
  forgetSessions(session);
  if (chatList.isShown && seats.device) connection.open();
}

function listen() {
  addEventListener("hashchange", onAddressChanged);
  addEventListener("popstate", onAddressChanged);
  addEventListener("parlour-enter", enterChat);
  addEventListener("parlour-open-link", openLink);
  addEventListener("parlour-preferences", onPreferencesChanged);
  addEventListener("parlour-forget", (event) => {
    forgetAlerts(detailOf(event));
    dropSession(detailOf(event));
  });
  // The chat that is shown hears from the house how it was lost, and rings by itself.
  const isShown = (/** @type {string} */ seat) => seat === session?.seat;
  chatList.addEventListener("gone", (event) => isShown(detailOf(event)) || forget(detailOf(event)));
  chatList.addEventListener("heard", (event) => {
    const { seat, head } = detailOf(event);
    if (!isShown(seat)) alertsOf(seat).heard(head);
  });
  // What is in sight here counts as read at once, also where somebody works in another window.
  const isInSight = (/** @type {string} */ seat) => isShown(seat) && document.visibilityState === "visible";
  chatList.addEventListener("read", (event) => {
    if (!isInSight(detailOf(event))) closeNotification(detailOf(event));
  });
  // Another tab changed them.
  addEventListener("storage", ({ key }) => {
    if (preferences.isOwnKey(key)) onPreferencesChanged();
    if (seats.isOwnKey(key)) onSeatsChanged();
  });
  document.addEventListener("click", follow);
  addEventListener("dragover", keepFilesOut);
  addEventListener("drop", keepFilesOut);
  followBack();
  for (const sign of ["online", "offline", "focus"]) addEventListener(sign, () => connection.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") connection.wake();
  });
  // A page that the browser puts aside must not hold a socket, and one that comes back needs a new one.
  addEventListener("pagehide", () => {
    session?.rest();
    connection.close();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !seats.device) return;
    connection.open();
    session?.open();
  });
}

applyTheme(preferences.theme);
try {
  await openWords(preferences.language);
  listen();
  show();
  installServiceWorker();
  linkTokens.forgetOld();
} catch (error) {
  // Without words there is nothing to show but the one line in the document.
  document.querySelector(".lost")?.removeAttribute("hidden");
  throw error;
}
