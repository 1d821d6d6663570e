// Every state of the page, by name, and how a page is brought into it. Screenshots and the checks of
// tests/browser/reach go through this one list.
//
// A state stays as it is while it is looked at: what fades by itself is said again.
import { expect } from "./journey.js";
import { atTheLink, daysBack, isAway, lineOf, onALine, refuses, said, showing, speaks } from "./scenes.js";
import { PRINTED_CARD, WAYS } from "./access-states.js";
import { CHANGES } from "./change-states.js";
import { GROUPS, PRINTED_NEWCOMER } from "./group-states.js";
import { LIST } from "./list-states.js";
import { PRINTED, PRINTED_GROUP, START } from "./start-states.js";

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("@playwright/test").Route} Route
 * @typedef {import("./device.js").Device} Device
 * @typedef {import("./house.js").Invite} Invite
 * @typedef {import("./person.js").Person} Person
 * @typedef {Omit<import("./journey.js").Journey, "host" | "settings" | "front">} Parts
 * @typedef {{name: string, open: (parts: Parts) => Promise<Page>}} State
 */

/** What a house needs, so that long histories are said quickly. */
export const SETTINGS = ["--messages-per-second", "1000"];

const NAME_OF_40 = "Wilhelmine Großmutter-Katharinenhöfer-Li";
const RTL_NAME = "مريم بنت عبد الله";
const TYPED_EVERY_MS = 2_000;
const ENDED_AT = "2026-11-21T18:42:00.000Z";

const KINDS = {
  theirs: [
    "Good evening! Are you there?",
    "Late, full, and somebody's dog slept on my foot all the way from Nuremberg. ".repeat(3).trim(),
    "مرحبا، كيف حالك؟ نلتقي عند Parlour في الساعة 18:30",
    "https://a.very.long.example/that/does/not/break/anywhere/because/it/has/no/spaces/at/all/and/goes/on",
  ],
  mine: [
    "k",
    "👩‍👩‍👧 👋🏽",
    "It is called مرحبا here, see https://example.org/a and https://example.org/b for both.",
    "One\ntwo\nthree\n\nfive\nsix\nseven",
    "Did you get a seat?",
  ],
};

/** What is looked at on paper alone. */
export const ON_PAPER = [PRINTED, PRINTED_CARD, PRINTED_GROUP, PRINTED_NEWCOMER];

/** @type {State[]} */
const LINK = [
  { name: "link", open: async ({ device, invites }) => (await atTheLink(device, invites.anny)).page },
  {
    name: "link-wrong-code",
    open: async ({ device, invites }) => {
      const anny = await atTheLink(device, invites.anny);
      await anny.enters(invites.abhi.code);
      return showing(anny, "That code isn’t right");
    },
  },
  {
    name: "link-must-wait",
    open: async ({ device, invites }) => {
      const anny = await atTheLink(device, invites.anny);
      await anny.page.route(/invites\/enter$/, refuses(429, { code: "too_many_tries", retry_after: 85 }));
      await anny.enters(invites.abhi.code);
      return showing(anny, "You can try again in");
    },
  },
  {
    name: "link-closed",
    open: async ({ device, invites }) => {
      const anny = await atTheLink(device, invites.anny);
      await anny.page.route(/invites\/enter$/, refuses(423, { code: "invite_closed" }));
      await anny.enters(invites.abhi.code);
      return showing(anny, "this link is locked");
    },
  },
  {
    name: "link-nowhere",
    open: async ({ device }) =>
      showing(await (await device()).opensPath("j#0123456789ABCDEFGHJKMNPQRS"), "This link doesn’t work"),
  },
  {
    name: "link-incomplete",
    open: async ({ device }) =>
      showing(await (await device()).opensPath("j#0123456789ABC"), "Your link is incomplete"),
  },
  {
    name: "link-still-incomplete",
    open: async ({ device }) => {
      const person = await (await device()).opensPath("j#0123456789ABC");
      await person.pastes("this is no link");
      return showing(person, "This link is incomplete too");
    },
  },
  {
    name: "link-elsewhere",
    open: async ({ device }) => {
      const person = await (await device()).opensPath("nowhere");
      await person.pastes("");
      return showing(person, "Paste your link first");
    },
  },
  {
    name: "link-unreachable",
    open: async ({ device, watch, invites }) => {
      const browser = await device();
      await isAway(browser, watch, /invites\/greeting$/);
      return showing(await browser.opens(invites.anny), "Can’t reach the house right now");
    },
  },
  {
    name: "link-ended",
    open: async ({ meets, device, invites }) => {
      await (await meets()).anny.ends();
      return showing(await (await device()).opens(invites.abhi), "ended this chat at");
    },
  },
  ...["clock", "host"].map((by) => ({
    name: `link-ended-by-${by}`,
    open: async (/** @type {Parts} */ { device, invites }) => {
      const browser = await device();
      const ended = { code: "ended", at: ENDED_AT, by, messages: 214 };
      await browser.context.route(/invites\/greeting$/, refuses(410, ended));
      return showing(await browser.opens(invites.anny), "This chat has ended");
    },
  })),
];

/** @type {State[]} */
const CHAT = [
  {
    name: "chat-waits-for-the-other",
    open: async ({ device, invites }) =>
      showing(await (await device()).comesIn(invites.anny), "hasn’t joined yet"),
  },
  { name: "chat-empty", open: async ({ meets }) => showing((await meets()).anny, "No messages yet") },
  {
    name: "chat-loading",
    open: async ({ device, invites }) => {
      const { anny, line } = await onALine(device, invites.anny);
      line.answers("chat-open", () => undefined);
      await anny.page.reload();
      return showing(anny, "Opening the chat");
    },
  },
  {
    name: "chat-loading-offline",
    open: async ({ device, invites }) => {
      const { anny, line } = await onALine(device, invites.anny);
      await line.cuts();
      await anny.page.reload();
      await anny.knowsItIsOffline();
      return showing(anny, "Opening the chat");
    },
  },
  {
    name: "chat-messages",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      for (const text of KINDS.theirs) await abhi.says(text);
      for (const text of KINDS.mine.slice(0, 3)) await anny.says(text);
      await anny.isMarked(KINDS.mine[2] ?? "", "Seen");
      await abhi.closes();
      await anny.isTold(/last seen/);
      for (const text of KINDS.mine.slice(3)) await anny.says(text);
      return anny.page;
    },
  },
  {
    name: "chat-unbroken-message",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      await abhi.says("x".repeat(4_000));
      await anny.says("y".repeat(4_000));
      return anny.page;
    },
  },
  ...[
    { name: "chat-of-a-long-name", other: NAME_OF_40 },
    { name: "chat-of-a-letter", other: "K" },
    { name: "chat-of-an-rtl-name", other: RTL_NAME },
  ].map(({ name, other }) => ({
    name,
    open: async (/** @type {Parts} */ { device, house }) => {
      const [mine, theirs] = await house.chat("Anny", other);
      const anny = await (await device()).comesIn(mine);
      await speaks(await house.guest(theirs), 2);
      return showing(anny, "Message number 2");
    },
  })),
  {
    name: "chat-typing",
    open: async ({ meets }) => {
      const { anny } = await meets();
      const line = await lineOf(anny);
      const types = () => line.says({ type: "chat-typing", participant: line.other });
      types();
      const again = setInterval(types, TYPED_EVERY_MS);
      anny.page.on("close", () => clearInterval(again));
      return showing(anny, "typing");
    },
  },
  {
    name: "chat-draft",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.says("Are you there?");
      await anny.isMarked("Are you there?", "Seen");
      await anny.writes(`A draft of several lines\n${"that grows with what is typed ".repeat(20)}\nand ends`);
      return anny.page;
    },
  },
  {
    name: "chat-draft-too-long",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.writes("too long ".repeat(500));
      return showing(anny, "too many");
    },
  },
  {
    name: "chat-offline",
    open: async ({ meets }) => {
      const { anny } = await meets();
      const line = await lineOf(anny);
      await anny.says("Before the line was lost");
      await anny.isMarked("Before the line was lost", "Seen");
      await line.cuts();
      for (const text of ["This one waits", "and so does this"]) await anny.queues(text);
      await anny.knowsItIsOffline();
      return anny.page;
    },
  },
  {
    name: "chat-reconnecting",
    open: async ({ meets }) => {
      const { anny } = await meets();
      const line = await lineOf(anny);
      await line.cuts();
      await anny.knowsItIsOffline();
      return anny.page;
    },
  },
  {
    name: "chat-busy",
    open: async ({ device, invites }) => {
      const { anny, line } = await onALine(device, invites.anny);
      line.refuses("chat-open", { code: "busy", retry_after: 600 });
      await anny.page.reload();
      return showing(anny, "The house is busy");
    },
  },
  {
    name: "chat-refused",
    open: async ({ meets }) => {
      const { anny } = await meets();
      const line = await lineOf(anny);
      await anny.says("This one was taken");
      await anny.isMarked("This one was taken", "Seen");
      line.refuses("chat-say", { code: "message_too_long" });
      await anny.queues("This one was not");
      return showing(anny, "Please send it in parts");
    },
  },
  {
    name: "chat-guessed",
    open: async ({ device, house }) => {
      const [mine, theirs] = await house.chat("Anny", RTL_NAME);
      const anny = await (await device()).comesIn(mine);
      for (const invite of [mine, theirs, theirs]) await house.guesses(invite);
      await anny.isTold("on your link");
      return showing(anny, "2 times");
    },
  },
  {
    name: "chat-final-call",
    open: async ({ meets }) => {
      const { anny } = await meets();
      const line = await lineOf(anny);
      line.says({ type: "chat-due", at: new Date(Date.now() + 600_000).toISOString() });
      return showing(anny, "It will be deleted at");
    },
  },
  {
    name: "chat-new-below",
    open: async ({ device, house, invites }) => {
      const abhi = await house.guest(invites.abhi);
      await speaks(abhi, 40);
      const anny = await (await device()).walksIn(invites.anny);
      await anny.scrollsUpTo(said(10));
      await anny.isTold("Jump to latest");
      await speaks(abhi, 3);
      return showing(anny, "3 new");
    },
  },
  {
    name: "chat-first-unread",
    open: async ({ device, house, invites }) => {
      const abhi = await house.guest(invites.abhi);
      const browser = await device();
      const before = await browser.comesIn(invites.anny);
      await speaks(abhi, 20);
      await before.isShown(said(20));
      await before.says("I have to go");
      await before.closes();
      await speaks(abhi, 25);
      const anny = await browser.opens(invites.anny);
      await expect(anny.page.locator(".new-divider")).toBeInViewport();
      return anny.page;
    },
  },
  {
    name: "chat-older-days",
    open: async ({ device, house, invites }) => {
      const { anny, line } = await onALine(device, invites.anny);
      await speaks(await house.guest(invites.abhi), 60);
      await anny.isShown(said(60));
      line.changes(daysBack(60));
      await anny.page.reload();
      await anny.isShown(said(60));
      const scroll = anny.page.getByRole("region", { name: "Messages" });
      await scroll.evaluate((scroller) => (scroller.scrollTop = scroller.scrollHeight / 2));
      await expect(anny.page.locator(".floating-day")).toBeVisible();
      return anny.page;
    },
  },
  {
    name: "settings",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.page.getByRole("button", { name: "Menu" }).click();
      return showing(anny, "What others can see");
    },
  },
  {
    name: "receipt-help",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      await abhi.closes();
      await anny.isTold(/last seen/);
      await anny.says("Are you there?");
      await anny.page.getByRole("button", { name: "Why hasn’t it arrived?" }).click();
      return showing(anny, "Abhi was last here");
    },
  },
  {
    name: "end-question",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.says("Goodbye");
      await anny.wantsToEnd();
      return showing(anny, "End this chat?");
    },
  },
];

/** @type {State[]} */
const AFTER = [
  {
    name: "ended-by-me",
    open: async ({ meets }) => {
      const { anny } = await meets();
      await anny.says("Goodbye");
      await anny.ends();
      return showing(anny, "You ended this chat");
    },
  },
  {
    name: "ended-by-the-other",
    open: async ({ meets }) => {
      const { anny, abhi } = await meets();
      await abhi.ends();
      return showing(anny, "Abhi ended this chat");
    },
  },
  {
    name: "not-in-this-chat",
    open: async ({ device }) =>
      showing(await (await device()).opensPath("c#0011223344556677-1"), "This browser isn’t in this chat"),
  },
];

export const STATES = [...START, ...LIST, ...LINK, ...CHAT, ...CHANGES, ...GROUPS, ...WAYS, ...AFTER];
