// The states of the page about the ways into a chat: devices, and a device that is out.
import { lineOf, refuses, showing } from "./scenes.js";
import {
  isSignedOut,
  leavesHere,
  opensTheDevices,
  signsOutAnotherDevice,
  takesTheWay,
  wantsToSignOut,
} from "./ways.js";

/** @typedef {import("./states.js").Parts} Parts */

/** Two of Anny's devices are in. @param {Parts} parts */
async function twice({ pair, device, invites }) {
  const { anny } = await pair();
  const other = await (await device()).comesIn(invites.anny);
  return { anny, other };
}

/** @type {import("./states.js").State[]} */
const DEVICES = [
  {
    name: "devices",
    open: async (parts) => {
      const { anny, other } = await twice(parts);
      await other.closes();
      await opensTheDevices(anny);
      return showing(anny, "Another device");
    },
  },
  {
    name: "devices-only-this",
    open: async ({ pair }) => {
      const { anny } = await pair();
      await opensTheDevices(anny);
      return showing(anny, "This device");
    },
  },
  {
    name: "devices-unreachable",
    open: async ({ pair }) => {
      const { anny } = await pair();
      await anny.page.route(/\/devices$/, refuses(429, { code: "busy" }));
      await takesTheWay(anny, "Your devices");
      return showing(anny, "The house is busy");
    },
  },
  {
    name: "devices-question",
    open: async (parts) => {
      const { anny } = await twice(parts);
      await wantsToSignOut(anny, "Another device");
      return showing(anny, "Sign out the other device?");
    },
  },
  {
    name: "devices-leave",
    open: async ({ pair }) => {
      const { anny } = await pair();
      const line = await lineOf(anny);
      line.answers("chat-say", () => undefined);
      await anny.queues("This one is on its way");
      await wantsToSignOut(anny, "This device");
      return showing(anny, "1 message that waits here will not be sent");
    },
  },
];

/** @type {import("./states.js").State[]} */
const OUT = [
  {
    name: "signed-out",
    open: async (parts) => {
      const { anny, other } = await twice(parts);
      await signsOutAnotherDevice(other);
      await isSignedOut(anny);
      return showing(anny, "It was signed out under");
    },
  },
  {
    name: "signed-out-mid-sentence",
    open: async (parts) => {
      const { anny, other } = await twice(parts);
      const line = await lineOf(anny);
      line.answers("chat-say", () => undefined);
      await anny.queues("Did you lock the door? It is getting late, and I am not at home before ten.");
      await anny.writes("مرحبا, and something that is still being wri");
      await signsOutAnotherDevice(other);
      return showing(anny, "it may not have been sent");
    },
  },
  {
    name: "left-here",
    open: async ({ pair }) => {
      const { anny } = await pair();
      await leavesHere(anny);
      return anny.page;
    },
  },
];

export const WAYS = [...DEVICES, ...OUT];
