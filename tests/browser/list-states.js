// States of the list of chats, and of what is open beside it. Used by states.js.
import { expect } from "./journey.js";
import { showing, speaks } from "./scenes.js";

/**
 * @typedef {import("./states.js").State} State
 * @typedef {import("./states.js").Parts} Parts
 */

const NAME_OF_40 = "Wilhelmine Großmutter-Katharinenhöfer-Li";
const RTL_NAME = "مريم بنت عبد الله";

/** A browser with several chats, of which this is the one with Abhi. @param {Parts} parts */
async function withChats({ device, house }) {
  const browser = await device();
  const [kitchen] = await house.group("Kitchen", "Anny", "Bob", "Cleo");
  if (kitchen) await browser.hasEntered(kitchen);
  for (const other of [NAME_OF_40, "K", RTL_NAME]) {
    const [mine, theirs] = await house.chat("Anny", other);
    await browser.hasEntered(mine);
    await speaks(await house.guest(theirs), other === "K" ? 12 : 1);
  }
  const [mine, theirs] = await house.chat("Anny", "Abhi");
  await speaks(await house.guest(theirs), 3);
  await browser.hasEntered(mine);
  return { browser, mine };
}

/** @type {State[]} */
export const LIST = [
  {
    name: "list-with-none-open",
    open: async (parts) => {
      const { browser } = await withChats(parts);
      return showing(await browser.startPage(), "12 new messages");
    },
  },
  {
    name: "list-menu",
    open: async (parts) => {
      const { browser, mine } = await withChats(parts);
      const anny = await browser.opens(mine);
      await anny.isIn("Abhi");
      const { page } = anny;
      const menu = page.getByRole("dialog");
      for (const [other, button] of [
        ["K", "Pin to the top"],
        ["K", "Mute"],
      ]) {
        await page.getByRole("link", { name: new RegExp(`\\b${other} `) }).click({ button: "right" });
        await menu.getByRole("button", { name: button, exact: true }).click();
      }
      await page.getByRole("link", { name: /^Kitchen/ }).click({ button: "right" });
      return showing(anny, "Muted: no sound and no notification");
    },
  },
  {
    name: "list-with-a-chat",
    open: async (parts) => {
      const { browser, mine } = await withChats(parts);
      const anny = await browser.opens(mine);
      await anny.isIn("Abhi");
      await expect(anny.page.locator("[aria-current=page]")).toHaveText(/Abhi/);
      return showing(anny, "12 new messages");
    },
  },
];
