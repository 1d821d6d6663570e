// Times, days and durations in the words of the person's language. Stateless; `Intl` does the work.
import { houseNow } from "./house-time.js";
import { language, word } from "./words.js";

const DAY_MS = 86_400_000;

/** The person's region where it speaks the page's language: `en-GB` rather than `en`. */
function locale() {
  const spoken = language();
  return navigator.languages.find((tag) => tag.split("-")[0] === spoken) ?? spoken;
}

/** @param {Intl.DateTimeFormatOptions} options @param {string | Date} at */
function formatted(options, at) {
  return new Intl.DateTimeFormat(locale(), options).format(new Date(at));
}

/** As the language writes it: `14:03`, `2:03 PM`. @param {string} at */
export function time(at) {
  return formatted({ timeStyle: "short" }, at);
}

/** Days from now to then, by the calendar. @param {string} at */
function daysAway(at) {
  const [then, now] = [new Date(at), houseNow()];
  return Math.round((then.setHours(12, 0, 0, 0) - now.setHours(12, 0, 0, 0)) / DAY_MS);
}

/** A key for the day that a moment belongs to. @param {string | Date} at */
export function dayKey(at) {
  return new Date(at).toDateString();
}

/** `Today`, `Yesterday`, `Sunday 15 November` @param {string} at */
export function day(at) {
  const away = daysAway(at);
  const isNear = away === 0 || away === -1;
  if (isNear && "RelativeTimeFormat" in Intl) {
    const near = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
    return capital(near.format(away, "day"));
  }
  const isThisYear = new Date(at).getFullYear() === houseNow().getFullYear();
  return formatted(
    { weekday: "long", day: "numeric", month: "long", year: isThisYear ? undefined : "numeric" },
    at,
  );
}

/** `18:00` today, `Sunday 18:00` this week, `21 November 18:00` otherwise. @param {string} at */
export function moment(at) {
  const away = daysAway(at);
  if (away === 0) return time(at);
  if (Math.abs(away) < 7) return word("moment", { day: formatted({ weekday: "long" }, at), time: time(at) });
  return word("moment", { day: formatted({ day: "numeric", month: "long" }, at), time: time(at) });
}

/** As short as it can be: `18:00`, `Sun 18:00`, `21 Nov 18:00`. @param {string} at */
export function shortMoment(at) {
  const away = daysAway(at);
  if (away === 0) return time(at);
  const near = Math.abs(away) < 7 ? { weekday: "short" } : { day: "numeric", month: "short" };
  const options = /** @type {Intl.DateTimeFormatOptions} */ (near);
  return word("moment", { day: formatted(options, at), time: time(at) });
}

/** The same within a sentence: `at 18:00`, `on Sunday at 18:00`. @param {string} at */
export function when(at) {
  const { near, ...parts } = byDistance(at);
  return word(`when.${near}`, parts);
}

/** How long a chat is kept, to the minute only where that is within days. @param {string} at */
export function keptUntil(at) {
  const { near, ...parts } = byDistance(at);
  return word(`chat.rests.${near}`, parts);
}

/** @param {string} at */
function byDistance(at) {
  const away = Math.abs(daysAway(at));
  const near = away === 0 ? "today" : away < 7 ? "weekday" : "date";
  const options = near === "date" ? { day: "numeric", month: "long" } : { weekday: "long" };
  const then = formatted(/** @type {Intl.DateTimeFormatOptions} */ (options), at);
  return { near, day: then, time: time(at) };
}

/** `Vanishes on Sunday at 18:00` @param {string} at */
export function vanishing(at) {
  return word("message.vanishes", { time: when(at) });
}

/** @type {Record<string, string>} */
const UNITS = { h: "hour", d: "day", w: "week", mo: "month" };

/** `1d` becomes `1 day`. @param {string} written */
export function duration(written) {
  const parts = /^(\d+)([a-z]+)$/.exec(written);
  const unit = UNITS[parts?.[2] ?? ""];
  if (!parts || !unit) return written;
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(
    Number(parts[1]),
  );
}

/** In a line of names each keeps its own writing direction. @param {{name: string}} person */
export function isolated({ name }) {
  return `\u2068${name}\u2069`;
}

/** Names as a sentence lists them. @param {string[]} names */
export function list(names) {
  if (!("ListFormat" in Intl)) return names.join(", ");
  return new Intl.ListFormat(language(), { type: "conjunction" }).format(names);
}

/** A wait that is counted down: `25 s`, `4 min`. @param {number} seconds */
export function wait(seconds) {
  const isLong = seconds > 90;
  const format = { style: "unit", unit: isLong ? "minute" : "second", unitDisplay: "long" };
  return new Intl.NumberFormat(locale(), /** @type {Intl.NumberFormatOptions} */ (format)).format(
    isLong ? Math.ceil(seconds / 60) : seconds,
  );
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
}
