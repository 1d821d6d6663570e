// What each chat of this browser rings and notifies with, whether or not it is the one that is shown.
import { showNotification } from "../helpers/notifications.js";
import { playSound } from "../helpers/sound.js";
import { chatAddress } from "../helpers/addresses.js";
import { after } from "../helpers/timer.js";
import { word } from "../helpers/words.js";
import { Alerts } from "../models/alerts.js";
import { chatFlags, preferences, tabsOf } from "../services.js";

/** By seat. @type {Map<string, Alerts>} */
const known = new Map();

/** @param {string} seat */
export function alertsOf(seat) {
  const alerts = known.get(seat) ?? newAlerts(seat);
  known.set(seat, alerts);
  return alerts;
}

/** The chat is gone. @param {string} seat */
export function forgetAlerts(seat) {
  known.get(seat)?.close();
  known.delete(seat);
}

/** @param {string} seat */
function newAlerts(seat) {
  const isWatched = () => document.visibilityState === "visible" && document.hasFocus();
  /** @param {number} seq @param {import("../models/alerts.js").AlertMessage} [message] */
  const notify = (seq, message) => {
    const { name: title = word("title"), text: body = word("alerts.new") } = message ?? {};
    void showNotification({ title, body, tag: seat, address: chatAddress(seat), seq });
  };
  const tabs = tabsOf(seat);
  const isMuted = () => chatFlags.has(seat, "muted");
  return new Alerts({ preferences, isMuted, isWatched, playSound, notify, tabs, after, random: Math.random });
}
