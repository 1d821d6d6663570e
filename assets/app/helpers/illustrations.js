// The two drawings of the page: two people who session, and a chair that nobody sits in. Stateless.
//
// They say nothing to a screen reader: the words beside them do.
import { SVG } from "./dom.js";

/** @typedef {[string, Record<string, string | number>]} Shape */

const CHAIR = "M0 34V20a6 6 0 0 1 12 0v6h20v-6a6 6 0 0 1 12 0v14zM6 34v6M38 34v6";

/** @type {Shape[]} */
const PEOPLE = [
  ["path", { class: "floor", d: "M8 96h224" }],
  ["path", { class: "chair", d: CHAIR, transform: "translate(24 56)" }],
  ["path", { class: "chair", d: CHAIR, transform: "translate(172 56)" }],
  ["path", { class: "one", d: "M36 74c0-14 4-20 10-20s10 6 10 20z" }],
  ["circle", { class: "one", cx: 46, cy: 42, r: 9 }],
  ["path", { class: "other", d: "M184 74c0-14 4-20 10-20s10 6 10 20z" }],
  ["circle", { class: "other", cx: 194, cy: 42, r: 9 }],
  [
    "path",
    {
      class: "said",
      d: "M66 14h46a8 8 0 0 1 8 8v12a8 8 0 0 1-8 8H76l-10 8v-8a8 8 0 0 1-6-8V22a8 8 0 0 1 6-8z",
    },
  ],
  [
    "path",
    {
      class: "heard",
      d: "M174 36h-34a8 8 0 0 0-8 8v8a8 8 0 0 0 8 8h28l8 7v-7a8 8 0 0 0 6-8v-8a8 8 0 0 0-8-8z",
    },
  ],
  ["path", { class: "line", d: "M72 24h36M72 32h24M142 46h28M142 52h18" }],
  ["path", { class: "table", d: "M104 80h32M120 80v16M112 96h16" }],
];

/** @type {Shape[]} */
const EMPTY = [
  ["path", { class: "floor", d: "M72 96h96" }],
  ["path", { class: "chair", d: CHAIR, transform: "translate(98 56)" }],
];

/** @param {Shape[]} shapes @param {string} box */
function drawn(shapes, box) {
  const svg = shape(["svg", { viewBox: box, class: "illustration", "aria-hidden": "true" }]);
  svg.append(...shapes.map(shape));
  return svg;
}

/** @param {Shape} one */
function shape([tag, attributes]) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export function peopleIllustration() {
  return drawn(PEOPLE, "0 6 240 94");
}

export function chairIllustration() {
  return drawn(EMPTY, "60 46 120 54");
}
