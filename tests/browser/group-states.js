// States of a group: who says what, its page, and what one may do there. Used by states.js.
import { expect } from "./journey.js";

/**
 * @typedef {import("./states.js").State} State
 * @typedef {import("./states.js").Parts} Parts
 * @typedef {import("./house.js").Invite} Invite
 * @typedef {Awaited<ReturnType<import("./house.js").House["guest"]>>} Guest
 */

const NAME_OF_40 = "Wilhelmine Großmutter-Katharinenhöfer-Li";
const RTL_NAME = "مريم بنت عبد الله";

/**
 * A group of these people, where the first is at a page and the others speak by themselves.
 * @param {Parts} parts
 * @param {string} title
 * @param {...string} names
 */
export async function gathered({ house, device }, title, ...names) {
  const [mine, ...theirs] = /** @type {[Invite, ...Invite[]]} */ (await house.group(title, ...names));
  /** @type {Guest[]} */
  const guests = [];
  for (const invite of theirs) guests.push(await house.guest(invite));
  const anny = await (await device()).comesIn(mine);
  await anny.isTold(names.at(1) ?? "");
  return { anny, guests };
}

/** @type {State[]} */
export const GROUPS = [
  {
    name: "group-messages",
    open: async (parts) => {
      const { anny, guests } = await gathered(parts, "Kitchen", "Anny", "Bob", RTL_NAME, NAME_OF_40, "Dora");
      const [bob, maryam, wilhelmine, dora] = /** @type {[Guest, Guest, Guest, Guest]} */ (guests);
      await bob.says("Who cooks tonight?");
      await bob.says("I can wash up, if nobody minds that I sing");
      await maryam.says("أنا أطبخ اليوم");
      await wilhelmine.says("Then I bring the bread and the dog");
      await anny.says("And I bring Abhi");
      await dora.says("Me too. ".repeat(12).trim());
      await dora.does("PUT", "messages/1/reaction", { emoji: "❤️" });
      await bob.does("PUT", "name", { name: "Bobby" });
      await anny.isTold("Bobby corrected their name");
      await dora.does("POST", "leave", {});
      await anny.isTold("Dora left the group");
      await expect(anny.page.locator(".sender")).toHaveCount(4);
      return anny.page;
    },
  },
];
