// States of a group: who says what, its page, and what one may do there. Used by states.js.
import { dialogOf, opensTheGroup, opensThePerson, peopleIn } from "./group-page.js";
import { expect } from "./journey.js";
import { asksFor } from "./message-menu.js";
import { onPaper, refuses, showing } from "./scenes.js";

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

/**
 * Four people and a description; the first looks at the page of the group, and is admin.
 * @param {Parts} parts
 */
async function atTheGroup(parts) {
  const { anny, guests } = await gathered(parts, "Kitchen", "Anny", RTL_NAME, NAME_OF_40, "Bob");
  const { page } = anny;
  await opensTheGroup(anny);
  await anny.taps("Change name and description");
  await page.getByLabel("What it’s about").fill("Who cooks, and who washes up afterwards");
  await anny.taps("Save");
  await expect(dialogOf(page, "Kitchen")).toContainText("Who cooks");
  return { anny, page, guests };
}

/** One button further. @param {Parts} parts @param {string} way */
async function onTheWay(parts, way) {
  const { anny, page, guests } = await atTheGroup(parts);
  await anny.taps(way);
  return { anny, page, guests };
}

/** Somebody was let in. @param {Parts} parts */
async function withACard(parts) {
  const { anny, page } = await onTheWay(parts, "Add somebody");
  await page.getByLabel("Name", { exact: true }).fill("Dora");
  await anny.taps("Make link and code");
  await expect(dialogOf(page, "Link and code for Dora")).toBeVisible();
  return page;
}

/** @type {State[]} */
const PAGES = [
  {
    name: "group-menu",
    open: async (parts) => {
      const { anny } = await gathered(parts, "Kitchen", "Anny", "Bob", "Cleo");
      await anny.opensTheSettings();
      return showing(anny, "Links and devices");
    },
  },
  { name: "group-page", open: async (parts) => (await atTheGroup(parts)).page },
  {
    name: "group-page-of-a-member",
    open: async (parts) => {
      const { anny, guests } = await gathered(parts, "Kitchen", "Anny", "Bob", "Cleo");
      await opensTheGroup(anny);
      await opensThePerson(anny, "Bob");
      await anny.page.getByRole("radio", { name: "Admin" }).check();
      await anny.taps("Save");
      await expect(dialogOf(anny.page, "Bob")).toBeHidden();
      await guests[0]?.does("PUT", "people/1/role", { role: "member" });
      return showing(anny, "You’re a member now.");
    },
  },
  {
    name: "group-page-of-50",
    open: async (parts) => {
      const others = Array.from({ length: 49 }, (_, at) => `Somebody ${at + 2}`);
      const [mine] = /** @type {[Invite]} */ (await parts.house.group("Village", "Anny", ...others));
      const anny = await (await parts.device()).comesIn(mine);
      await opensTheGroup(anny, "Village");
      await expect(peopleIn(anny)).toHaveCount(50);
      return anny.page;
    },
  },
  {
    name: "group-hidden",
    open: async (parts) => {
      const { anny } = await atTheGroup(parts);
      await anny.page.getByRole("switch", { name: "Only admins write" }).check();
      await anny.page.getByRole("switch", { name: "People are hidden" }).check();
      await expect(anny.page.getByRole("switch", { name: "Only admins write" })).toBeDisabled();
      return anny.page;
    },
  },
  {
    name: "group-person",
    open: async (parts) => {
      const { anny, page } = await atTheGroup(parts);
      await opensThePerson(anny, NAME_OF_40);
      return page;
    },
  },
  {
    name: "group-person-myself",
    open: async (parts) => {
      const { anny, page } = await atTheGroup(parts);
      await opensThePerson(anny, "Anny");
      await page.route(/\/role$/, refuses(409, { code: "last_admin" }));
      await page.getByRole("radio", { name: "Guest" }).check();
      await anny.taps("Save");
      return showing(anny, "A group needs an admin");
    },
  },
  {
    name: "group-remove",
    open: async (parts) => {
      const { anny } = await atTheGroup(parts);
      await opensThePerson(anny, NAME_OF_40);
      await anny.taps("Remove from the group");
      return showing(anny, "wrote stays");
    },
  },
  {
    name: "group-add",
    open: async (parts) => {
      const { anny } = await onTheWay(parts, "Add somebody");
      return showing(anny, "You get a link and a code");
    },
  },
  {
    name: "group-add-same-name",
    open: async (parts) => {
      const { anny, page } = await onTheWay(parts, "Add somebody");
      await page.getByLabel("Name", { exact: true }).fill("bob");
      await anny.taps("Make link and code");
      return showing(anny, "bob looks the same as another name");
    },
  },
  { name: "group-card", open: withACard },
  {
    name: "group-describe",
    open: async (parts) => (await onTheWay(parts, "Change name and description")).page,
  },
  {
    name: "group-rename",
    open: async (parts) => {
      const { anny, page } = await atTheGroup(parts);
      await opensThePerson(anny, "Anny");
      await anny.taps("Correct my name");
      await expect(dialogOf(page, "Correct my name")).toBeVisible();
      return page;
    },
  },
  { name: "group-leave", open: async (parts) => (await onTheWay(parts, "Leave the group")).page },
  { name: "group-end", open: async (parts) => (await onTheWay(parts, "End for everybody")).page },
  {
    name: "group-left",
    open: async (parts) => {
      const { anny, page } = await onTheWay(parts, "Leave the group");
      await page.getByRole("button", { name: "Leave", exact: true }).click();
      return showing(anny, "You left the group");
    },
  },
];

/** Bob in a group where Anny is admin; he reads it on a page. @param {Parts} parts */
async function bobAt({ house, device }) {
  const [annys, bobs] = /** @type {[Invite, Invite]} */ (await house.group("Kitchen", "Anny", "Bob", "Cleo"));
  const anny = await house.guest(annys);
  const bob = await (await device()).comesIn(bobs);
  await anny.says("Soup is ready");
  await bob.isTold("Soup is ready");
  return { anny, bob };
}

/** @type {State[]} */
const MESSAGES = [
  {
    name: "group-reached",
    open: async (parts) => {
      const others = ["Bob", NAME_OF_40, RTL_NAME];
      const { anny, guests } = await gathered(parts, "Kitchen", "Anny", ...others);
      await anny.says("Soup is ready");
      await guests[0]?.does("POST", "receipts", { delivered: 1, seen: 1 });
      await guests[1]?.does("POST", "receipts", { delivered: 1, seen: 0 });
      await asksFor(anny, "Soup is ready");
      await expect(anny.page.locator("dialog[open] parlour-reached-lines p")).toHaveCount(3);
      return anny.page;
    },
  },
  {
    name: "group-readers",
    open: async (parts) => {
      const { anny, bob } = await bobAt(parts);
      await anny.does("PUT", "writers", { writers: "admins" });
      return showing(bob, "Only admins write in this group");
    },
  },
  {
    name: "group-out",
    open: async (parts) => {
      const { anny, bob } = await bobAt(parts);
      await bob.typesTheMessage("I am com");
      await anny.does("DELETE", "people/2");
      return showing(bob, "An admin took you out of the group");
    },
  },
];

/** @type {State} */
export const PRINTED_NEWCOMER = {
  name: "group-card-print",
  open: async (parts) => onPaper(await withACard(parts)),
};

/** @type {State[]} */
export const GROUPS = [
  ...PAGES,
  ...MESSAGES,
  PRINTED_NEWCOMER,
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
