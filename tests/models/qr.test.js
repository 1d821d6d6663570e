// The QR code as the page draws it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { qrImage } from "../../assets/app/helpers/qr.js";

test("every dark module is drawn once, with four modules of white around", () => {
  const svg = decodeURIComponent(qrImage(["5", "2", "4"]));
  assert.match(svg, /viewBox="0 0 11 11"/);
  const drawn = [...svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`);
  assert.deepEqual(drawn, ["4,4", "6,4", "5,5", "4,6"]);
});
