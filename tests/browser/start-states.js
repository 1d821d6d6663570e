// States of the start page: the form, and the invites of two people and of a group. Used by states.js.
import { expect } from "./journey.js";
import { invited, isAway, onPaper, showing, speaks } from "./scenes.js";

/**
 * @typedef {import("./states.js").State} State
 * @typedef {import("./states.js").Parts} Parts
 */

const NAME_OF_40 = "Wilhelmine Großmutter-Katharinenhöfer-Li";
const RTL_NAME = "مريم بنت عبد الله";

/** The two invites on a sheet of A4. @type {State} */
export const PRINTED = {
  name: "invites-print",
  open: async ({ device }) => {
    const { page } = await invited(device);
    return onPaper(page);
  },
};

/** @param {Parts["device"]} device */
async function madeGroup(device) {
  const start = await (await device()).startPage();
  await start.makesGroup("Kitchen", "Anny", NAME_OF_40, RTL_NAME);
  return start;
}

/** @type {State} */
export const PRINTED_GROUP = {
  name: "invites-group-print",
  open: async ({ device }) => onPaper((await madeGroup(device)).page),
};

/** @type {State[]} */
export const START = [
  {
    name: "start",
    open: async ({ device }) => {
      const { page } = await (await device()).startPage();
      await expect(page.getByRole("button", { name: "Create invites" })).toBeVisible();
      return page;
    },
  },
  {
    name: "start-reaches-home-only",
    open: async ({ device }) => {
      const browser = await device();
      const json = { version: "0", may_start: true, idles: ["1h"], idle_default: "1h", reach: "network" };
      await browser.context.route(/\/api\/v1\/house$/, (route) => route.fulfill({ json }));
      return showing(await browser.startPage(), "New links only work on your home network");
    },
  },
  {
    name: "start-warns-the-host",
    open: async ({ device }) => {
      const browser = await device();
      const warnings = [
        {
          code: "public-url-mismatch",
          says: "Links begin with https://home.example/, but visitors come by parlour.local:8080.",
          mend: 'Open https://home.example/ on a phone, or write: public_url = "http://parlour.local:8080/"',
        },
        { code: "disk-nearly-full", says: "The disk is nearly full.", mend: "Free some space." },
      ];
      const house = { version: "0", may_start: true, idles: ["1h"], idle_default: "1h", reach: "anywhere" };
      const json = { ...house, warnings };
      await browser.context.route(/\/api\/v1\/house$/, (route) => route.fulfill({ json }));
      return showing(await browser.startPage(), "The disk is nearly full");
    },
  },
  {
    name: "start-refused",
    open: async ({ device }) => {
      const start = await (await device()).startPage();
      await start.tries("Anny", "anny");
      return showing(start, "These two names look the same");
    },
  },
  {
    name: "start-not-here",
    open: async ({ device }) => {
      const browser = await device();
      const json = { version: "0", may_start: false, idles: ["1h"], idle_default: "1h", reach: "anywhere" };
      await browser.context.route(/\/api\/v1\/house$/, (route) => route.fulfill({ json }));
      return showing(await browser.startPage(), "New chats are started on the home network");
    },
  },
  {
    name: "start-unreachable",
    open: async ({ device, watch }) => {
      const browser = await device();
      await isAway(browser, watch, /\/api\/v1\/house$/);
      return showing(await browser.startPage(), "Can’t reach the house right now");
    },
  },
  {
    name: "start-chats",
    open: async ({ device, house }) => {
      const browser = await device();
      for (const other of ["Abhi", NAME_OF_40, "K", RTL_NAME]) {
        const [mine, theirs] = await house.chat("Anny", other);
        await browser.hasEntered(mine);
        if (other !== "Abhi") await speaks(await house.guest(theirs), other === "K" ? 12 : 1);
      }
      return showing(await browser.startPage(), "12 new messages");
    },
  },
  { name: "invites", open: async ({ device }) => (await invited(device)).page },
  {
    name: "invites-one-in",
    open: async ({ device, house }) => {
      const { start, invites } = await invited(device, NAME_OF_40, "Abhi");
      await house.guest(invites[0]);
      return showing(start, `${NAME_OF_40} has joined`);
    },
  },
  {
    name: "invite-large",
    open: async ({ device }) => {
      const { start, page } = await invited(device);
      await start
        .card("Anny")
        .getByRole("button", { name: /QR code/ })
        .click();
      return showing({ page }, "Point the other phone’s camera here");
    },
  },
  PRINTED,
  {
    name: "start-group",
    open: async ({ device }) => {
      const start = await (await device()).startPage();
      await start.fillsGroup("Kitchen", "Anny", NAME_OF_40, RTL_NAME, "anny");
      await start.page.getByRole("button", { name: "Create invites" }).click();
      return showing(start, "anny looks the same as another name here");
    },
  },
  {
    name: "invites-group",
    open: async ({ device }) => showing(await madeGroup(device), "Print all"),
  },
  PRINTED_GROUP,
];
