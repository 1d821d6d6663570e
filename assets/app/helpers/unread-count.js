// How much is new, in the title of the tab and on the page's icon; never of whom: browsers write titles into
// their history. Stateless.
import { word } from "./words.js";

/** @param {number} unread */
export function showUnreadCount(unread) {
  document.title = unread > 0 ? `(${unread}) ${word("title")}` : word("title");
  if (!("setAppBadge" in navigator)) return;
  (unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});
}
