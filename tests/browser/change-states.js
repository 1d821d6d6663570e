// The states of the page about messages that change: what can be done with one, how it looks afterwards, and
// the times after which messages vanish and the chat is deleted.
import { expect } from "./journey.js";
import { asksFor, picks } from "./message-menu.js";
import { losesTheEmoji, refuses, showing } from "./scenes.js";

/**
 * @typedef {import("./person.js").Person} Person
 * @typedef {import("./states.js").Parts} Parts
 */

const LONG = "Tea, and somebody's dog slept on my foot all the way from Nuremberg.";
const ID = "8f14e45fceea167a0000000000000001";

/** Whatever can become of a message, and one that vanishes. @param {Parts} parts */
async function changed({ device, house, invites }) {
  const abhi = await house.guest(invites.abhi);
  const anny = await (await device()).comesIn(invites.anny);
  await abhi.says("Tea or coffee?");
  await abhi.says("This one goes");
  await anny.says(LONG);
  await anny.says("And so does this");
  await abhi.does("PUT", "timer", { after: "1d" });
  await abhi.does("POST", "messages", { id: ID, text: "As you like", reply_to: 3 });
  await anny.isShown("As you like");
  await anny.says("k");
  await abhi.does("POST", "receipts", { seen: 4 });
  await abhi.does("DELETE", "messages/2?for=everybody");
  await abhi.does("PATCH", "messages/1", { base: 0, text: "Tea or coffee, or both of them?" });
  await abhi.does("PUT", "messages/3/reaction", { emoji: "❤️" });
  await abhi.does("PUT", "messages/6/reaction", { emoji: "👍" });
  await picks(anny, "As you like", "❤️");
  await picks(anny, "And so does this", "Delete for everybody");
  await expect(anny.page.locator(".gone")).toHaveCount(2);
  await expect(anny.page.locator(".reactions > span")).toHaveCount(3);
  return anny;
}

/** @param {Person} person @param {RegExp} which */
async function opensTheTime(person, which) {
  await person.opensTheSettings();
  await person.page.getByRole("button", { name: which }).click();
}

/** @type {import("./states.js").State[]} */
export const CHANGES = [
  {
    name: "chat-changed",
    open: async (parts) => showing(await changed(parts), "New messages vanish after a day"),
  },
  {
    name: "chat-replying",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      await abhi.says(LONG);
      await anny.hears(LONG);
      await picks(anny, LONG, "Reply");
      return showing(anny, "Reply to Abhi");
    },
  },
  {
    name: "chat-editing",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.says(LONG);
      await picks(anny, LONG, "Edit");
      return showing(anny, "Edit message");
    },
  },
  {
    name: "message-menu",
    open: async (parts) => {
      const anny = await changed(parts);
      await picks(anny, "k", "❤️");
      await asksFor(anny, "k");
      return showing(anny, "Vanishes");
    },
  },
  {
    name: "timer-refused",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.page.route(/\/timer$/, refuses(429, { code: "slow_down" }));
      await opensTheTime(anny, /Messages vanish after/);
      await anny.page.getByLabel("4 weeks").check();
      await anny.taps("Save");
      return showing(anny, "That was too fast");
    },
  },
  {
    name: "idle-choice",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await opensTheTime(anny, /Delete this chat when unused for/);
      return showing(anny, "6 months");
    },
  },
  {
    name: "chat-undo",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      for (const text of ["Did you get a seat?", "I did not", "The train is full"]) await abhi.says(text);
      await anny.says("Oh no");
      await anny.isMarked("Oh no", "Seen");
      const row = anny.page.locator(".message").filter({ hasText: "I did not" });
      await row.getByRole("button", { name: "Message actions" }).focus();
      await anny.page.keyboard.press("Enter");
      await anny.page.getByRole("button", { name: "Delete for me" }).focus();
      // While the keyboard is at it, it stays.
      await anny.page.keyboard.press("Enter");
      await expect(anny.page.getByRole("button", { name: "Undo" })).toBeFocused();
      return showing(anny, "Deleted");
    },
  },
  {
    name: "picker",
    open: async ({ meets }) => {
      const anny = await picking(await meets());
      await expect(anny.page.getByRole("button", { name: "grinning face" })).toBeVisible();
      return anny.page;
    },
  },
  {
    name: "picker-unreachable",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      await losesTheEmoji(anny.page);
      return showing(await picking({ anny, abhi }), "Can’t reach the house right now");
    },
  },
];

/**
 * The list of emoji is open.
 * @param {{anny: import("./journey.js").Person, abhi: {says: (text: string) => Promise<unknown>}}} people
 */
async function picking({ anny, abhi }) {
  await abhi.says("It is a girl");
  await anny.hears("It is a girl");
  await anny.page.locator(".message").click({ button: "right" });
  await anny.page.getByRole("button", { name: "More emoji" }).click();
  return anny;
}
