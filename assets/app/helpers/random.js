// Random digits; `crypto.randomUUID` is missing on plain HTTP. Stateless.

/** @param {number} count of hexadecimal digits */
export function randomDigits(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count / 2));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
