// The page's entry: the words and the theme first, then what the address names: `/` starts chats, `/j` is the
// page of a link, `/c` is a chat. At any other address somebody is looking for their link.
//
// Going from a link into the chat, or from "your chats" into one of them, stays in this document: what is
// known is shown at once, and a slow line is not asked for another page.
import "./helpers/error-notice.js";
import { newChatAddress, path } from "./helpers/addresses.js";
import { followBack } from "./helpers/dialog.js";
import { detailOf } from "./helpers/dom.js";
import { keepFilesOut } from "./helpers/file-drop.js";
import { closeNotification } from "./helpers/notifications.js";
import { installServiceWorker } from "./helpers/service-worker.js";
import { applyTheme } from "./helpers/theme.js";
import { showUnreadCount } from "./helpers/unread-count.js";
import { openWords } from "./helpers/words.js";
import { ParlourInviteCards } from "./components/invite-cards.js";
import { alertsOf, forgetAlerts } from "./components/chat-alerts.js";
import { ParlourChat } from "./components/chat.js";
import { ParlourColumns } from "./components/columns.js";
import { ParlourEnded } from "./components/ended.js";
import { ParlourJoin } from "./components/join.js";
import { ParlourStart } from "./components/start.js";
import { chatFlags, chatList, forget, linkTokens, preferences, seats } from "./services.js";
import { connection, dropSession, forgetSessions, renewSessions, sessionOf } from "./sessions.js";

/** @typedef {import("./models/chat-session.js").ChatSession} ChatSession */

const PAGES = "parlour-start, parlour-join, parlour-chat, parlour-ended";

/** The chat that is shown. @type {ChatSession | undefined} */
let session;
/** The address that is shown: browsers tell of one change twice. */
let shownAt = "";
/** What is unread in all chats, as the title has it. */
let counted = -1;
/** @type {ParlourColumns | undefined} */
let columns;

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
  showCount();
  // The page of a link takes its token out of the address.
  shownAt = location.href;
}

function showStart() {
  const isNew = location.href === newChatAddress;
  const shown = startPage();
  // What was typed into the form stays.
  if (shown && !shown.isStarted) shown.isNew = isNew;
  else mount(new ParlourStart(isNew));
  if (seats.device) connection.open();
}

function startPage() {
  const page = document.querySelector("parlour-start");
  return page instanceof ParlourStart ? page : undefined;
}

/** @param {Opening} [opening] */
async function showChat(opening) {
  const at = location.href;
  const seat = seatInAddress();
  if (!seat || !seats.device) return replacePage(new ParlourEnded({}));
  const found = await sessionOf(seat, opening);
  if (location.href !== at) return;
  session = found;
  replacePage(new ParlourChat(found), seat);
  for (const event of ["change", "gone"]) found.addEventListener(event, showCount);
  showCount();
}

/** The title counts what is new in the chat that is shown, as it is told there, and in all others. */
function showCount() {
  const here = session && !chatFlags.has(session.seat, "muted") ? session.chat.unread : 0;
  const unread = chatList.unreadBeside(session?.seat ?? "") + here;
  if (unread !== counted) showUnreadCount((counted = unread));
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
  const title = document.querySelector("h1");
  if (isFirst || !title || page.contains(document.activeElement)) return;
  title.tabIndex = -1;
  title.focus();
}

/** At the page of a link nothing else is beside it. @param {HTMLElement} page @param {string} [seat] */
function replacePage(page, seat) {
  if (page instanceof ParlourJoin) document.body.replaceChildren(page);
  else {
    if (!columns?.isConnected) columns = new ParlourColumns();
    columns.show(page, seat);
    if (!columns.isConnected) document.body.replaceChildren(columns);
  }
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
  showCount();
  shownAt = location.href;
}

/** A link to another address of this page. @param {MouseEvent} event */
function follow(event) {
  const target = event.target instanceof Element ? event.target.closest("a[data-route]") : null;
  if (!(target instanceof HTMLAnchorElement)) return;
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (mayLeave()) go(target.href);
}

/** @param {string} address of this page */
function go(address) {
  if (address !== location.href) history.pushState(null, "", address);
  // What is shown already stays as it is, but for links and codes.
  if (address !== shownAt || startPage()?.isStarted) show();
  if (address === newChatAddress) startPage()?.begin();
}

/** Back, forward, or another link in this tab. */
function onAddressChanged() {
  if (location.href === shownAt) return;
  if (!mayLeave()) return history.forward();
  show();
}

/** Links and codes are shown only once: unless the person agrees, the page stays. */
function mayLeave() {
  const cards = document.querySelector("parlour-invite-cards");
  return !(cards instanceof ParlourInviteCards) || cards.mayBeLeft();
}

function onPreferencesChanged() {
  applyTheme(preferences.theme);
  renewSessions();
}

/** This browser came into a chat in another tab, or one is gone. */
function onSeatsChanged() {
  forgetSessions(session);
  columns?.refresh();
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
  chatList.addEventListener("change", showCount);
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
    chatFlags.heed(key);
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
