// Notifications of the system. A person has to ask for them first. Keeps only those that it has shown.
import { serviceWorker } from "./service-worker.js";

/** Whether this browser shows notifications here at all: never on plain HTTP. */
export function canNotify() {
  return "Notification" in globalThis && isSecureContext;
}

/** Whether the person allowed it, after asking where nothing was said yet. */
export async function askToNotify() {
  if (!canNotify()) return false;
  if (Notification.permission !== "default") return Notification.permission === "granted";
  return (await Notification.requestPermission()) === "granted";
}

/**
 * The notifications that this page has shown, by their tags.
 * @type {Map<string, {notification: Notification, seq: number}>}
 */
const shown = new Map();

/**
 * One notification for each `tag`, about the message with this `seq`: a newer one takes its place.
 * @param {{title: string, body: string, tag: string, address: string, seq: number}} note
 */
export async function showNotification({ title, body, tag, address, seq }) {
  if (!canNotify() || Notification.permission !== "granted") return;
  const options = { body, tag, renotify: true, icon: iconAddress(), data: { address, seq } };
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      notification.close();
      // It may be of another chat than the one that is shown.
      if (location.href !== address) location.href = address;
    };
    shown.set(tag, { notification, seq });
  } catch {
    // Browsers of phones let only a service worker do it.
    await (await serviceWorker())?.showNotification(title, options);
  }
}

/**
 * Takes back what is shown for `tag`, or only what is about one message.
 * @param {string} tag @param {number} [seq]
 */
export async function closeNotification(tag, seq) {
  const own = shown.get(tag);
  if (own && (seq ?? own.seq) === own.seq) {
    own.notification.close();
    shown.delete(tag);
  }
  const found = (await (await serviceWorker())?.getNotifications({ tag }).catch(() => [])) ?? [];
  for (const notification of found)
    if ((seq ?? notification.data.seq) === notification.data.seq) notification.close();
}

function iconAddress() {
  const link = document.querySelector('link[rel="apple-touch-icon"]');
  return link instanceof HTMLLinkElement ? link.href : undefined;
}
