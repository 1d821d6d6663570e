// The states of the page about the ways into a chat: devices, new links, and a device that is out.
import { Speaker } from "./speaker.js";
import { isAway, lineOf, onPaper, refuses, showing } from "./scenes.js";
import {
  isSignedOut,
  leavesHere,
  makesANewLink,
  opensTheDevices,
  takesTheWay,
  wantsToSignOut,
} from "./access.js";

/** @typedef {import("./states.js").Parts} Parts */

/** Two of Anny's devices are in, and the other one was closed. @param {Parts} parts */
async function twice({ meets, house, invites }) {
  const { anny } = await meets();
  await (await Speaker.comesIn(house, invites.anny)).closes();
  return anny;
}

/** @type {import("./states.js").State[]} */
const DEVICES = [
  {
    name: "devices",
    open: async (parts) => {
      const anny = await twice(parts);
      await opensTheDevices(anny);
      return showing(anny, "Another device");
    },
  },
  {
    name: "devices-only-this",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await opensTheDevices(anny);
      return showing(anny, "This device");
    },
  },
  {
    name: "devices-unreachable",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.page.route(/\/devices$/, refuses(429, { code: "busy" }));
      await takesTheWay(anny, "Your devices");
      return showing(anny, "The house is busy");
    },
  },
  {
    name: "devices-question",
    open: async (parts) => {
      const anny = await twice(parts);
      await wantsToSignOut(anny, "Another device");
      return showing(anny, "Sign out the other device?");
    },
  },
  {
    name: "devices-leave",
    open: async ({ meets }) => {
      const { anny } = await meets();
      const line = await lineOf(anny);
      line.answers("chat-say", () => undefined);
      await anny.queues("This one is on its way");
      await wantsToSignOut(anny, "This device");
      return showing(anny, "1 message that is waiting here won’t be sent");
    },
  },
];

/** @type {import("./states.js").State[]} */
const LINKS = [
  {
    name: "replace-question",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await takesTheWay(anny, "New link for Abhi");
      return showing(anny, "New link for Abhi?");
    },
  },
  {
    name: "replace-own-refused",
    open: async ({ meets, watch }) => {
      const { anny } = await meets();
      await isAway(anny.device, watch, /\/seats\/.*\/invites$/);
      await takesTheWay(anny, "New link for yourself");
      await anny.taps("Make a new link");
      return showing(anny, "The old link may have stopped working already");
    },
  },
  {
    name: "replace-card",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await makesANewLink(anny, "Abhi");
      return showing(anny, "new link not used yet");
    },
  },
  {
    name: "chat-renewed",
    open: async ({ pair, house, invites }) => {
      const { anny, abhi } = await pair();
      await makesANewLink(abhi, "Anny");
      await house.guesses(invites.abhi);
      await anny.isTold("Someone entered a wrong code");
      return showing(anny, "Abhi made a new link for you");
    },
  },
];

/** The new invite on a sheet of A4. @type {import("./states.js").State} */
export const PRINTED_CARD = {
  name: "replace-print",
  open: async ({ pair }) => {
    const { anny } = await pair();
    await anny.says("What was said is on no paper");
    await makesANewLink(anny, "Abhi");
    return onPaper(anny.page);
  },
};

/** @type {import("./states.js").State[]} */
const OUT = [
  {
    name: "signed-out",
    open: async ({ pair }) => {
      const { anny, abhi } = await pair();
      await makesANewLink(abhi, "Anny", { signsOut: true });
      await isSignedOut(anny);
      return showing(anny, "when a new link was made for you");
    },
  },
  {
    name: "signed-out-mid-sentence",
    open: async ({ pair }) => {
      const { anny, abhi } = await pair();
      const line = await lineOf(anny);
      line.answers("chat-say", () => undefined);
      await anny.queues("Did you lock the door? It is getting late, and I am not at home before ten.");
      await anny.writes("مرحبا, and something that is still being wri");
      await makesANewLink(abhi, "Anny", { signsOut: true });
      return showing(anny, "it may not have been sent");
    },
  },
  {
    name: "left-here",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await leavesHere(anny);
      return anny.page;
    },
  },
];

export const WAYS = [...DEVICES, ...LINKS, PRINTED_CARD, ...OUT];
