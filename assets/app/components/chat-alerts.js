// What a chat rings and notifies with.
import { showNotification } from "../helpers/notifications.js";
import { playSound } from "../helpers/sound.js";
import { chatAddress } from "../helpers/addresses.js";
import { after } from "../helpers/timer.js";
import { word } from "../helpers/words.js";
import { Alerts } from "../models/alerts.js";
import { preferences } from "../services.js";

/** @typedef {import("../models/chat-session.js").ChatSession} ChatSession */

/** @param {ChatSession} session */
export function alertsOf({ seat, tabs }) {
  const isWatched = () => document.visibilityState === "visible" && document.hasFocus();
  const notify = (/** @type {{name: string, text: string} | undefined} */ message) => {
    const { name: title = word("title"), text: body = word("alerts.new") } = message ?? {};
    void showNotification({ title, body, tag: seat, address: chatAddress(seat) });
  };
  return new Alerts({ preferences, isWatched, playSound, notify, tabs, after, random: Math.random });
}
