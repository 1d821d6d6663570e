// Draws a QR code from its rows, as the house sends them: hexadecimal, a bit for each module.

/** Modules of white around the code (ISO/IEC 18004, section 6.3.8). */
const QUIET = 4;

/** The address of an image, sharp at any size. @param {string[]} rows */
export function qrImage(rows) {
  const side = rows.length + 2 * QUIET;
  const path = rows.map((row, y) => darkModules(row, y + QUIET, rows.length)).join("");
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** @param {string} row @param {number} y @param {number} width */
function darkModules(row, y, width) {
  const bits = [...BigInt(`0x${row}`).toString(2).padStart(width, "0")];
  return bits.map((bit, x) => (bit === "1" ? `M${x + QUIET} ${y}h1v1h-1z` : "")).join("");
}
