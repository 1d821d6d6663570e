// How a page makes itself noticed: a short sound, a notification of the system.
//
// Both have to be asked for by a person first. Keeps only the sound's context.
import { worker } from "./worker.js";

const NOTES = [
  { pitch: 660, at: 0 },
  { pitch: 880, at: 0.14 },
];
const LONG_S = 0.35;
const LOUD = 0.14;

/** @type {AudioContext | undefined} */
let audio;

/** Two soft notes. A browser plays them only where somebody has touched the page before. */
export function ring() {
  audio ??= new AudioContext();
  audio.resume().catch(() => {});
  for (const { pitch, at } of NOTES) play(audio, pitch, audio.currentTime + at);
}

/** @param {AudioContext} context @param {number} pitch @param {number} at */
function play(context, pitch, at) {
  const volume = context.createGain();
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + LONG_S);
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + LONG_S);
}

/** Whether this browser shows notifications here at all: never on plain HTTP. */
export function canNotify() {
  return "Notification" in globalThis && isSecureContext;
}

/** Whether the person allowed it, after asking where nothing was said yet. */
export async function mayNotify() {
  if (!canNotify()) return false;
  if (Notification.permission !== "default") return Notification.permission === "granted";
  return (await Notification.requestPermission()) === "granted";
}

/** The notifications that this page has shown. @type {Map<string, Notification>} */
const shown = new Map();

/**
 * One notification for each `tag`: a newer one takes its place.
 * @param {{title: string, body: string, tag: string, address: string}} note
 */
export async function notify({ title, body, tag, address }) {
  if (!canNotify() || Notification.permission !== "granted") return;
  const options = { body, tag, renotify: true, icon: iconAddress(), data: { address } };
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => (window.focus(), notification.close());
    shown.set(tag, notification);
  } catch {
    // Browsers of phones let only a service worker do it.
    await (await worker())?.showNotification(title, options);
  }
}

/** Takes back what is shown for `tag`. @param {string} tag */
export async function hush(tag) {
  shown.get(tag)?.close();
  shown.delete(tag);
  const found = await (await worker())?.getNotifications({ tag }).catch(() => []);
  for (const notification of found ?? []) notification.close();
}

function iconAddress() {
  const link = document.querySelector('link[rel="apple-touch-icon"]');
  return link instanceof HTMLLinkElement ? link.href : undefined;
}
