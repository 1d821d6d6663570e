// How long something lasts, as the protocol writes it: `1h`, `1d`, `4w`, `6mo`. Stateless.

const HOUR_MS = 3_600_000;
/** @type {Record<string, number>} */
const HOURS = { h: 1, d: 24, w: 168, mo: 720 };
const SIX_MONTHS_HOURS = 182 * 24;

/** 0 if it is `never`, or nothing that this version knows. @param {string} written */
export function durationMs(written) {
  if (written === "6mo") return SIX_MONTHS_HOURS * HOUR_MS;
  const parts = /^(\d+)([a-z]+)$/.exec(written);
  return Number(parts?.[1] ?? 0) * (HOURS[parts?.[2] ?? ""] ?? 0) * HOUR_MS;
}
