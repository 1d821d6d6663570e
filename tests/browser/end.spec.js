// J5: either of the two ends it, and then it is gone for both.
import { test, expect } from "./journey.js";
import { onALine } from "./scenes.js";

test("when one ends it the other sees it at once, and both links say so", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  await anny.says("one");
  await abhi.says("two");
  await anny.hears("two");
  await abhi.ends();
  await abhi.seesTheEnd("You ended this chat", "2 messages were deleted");
  await anny.seesTheEnd("Abhi ended this chat", "2 messages were deleted");
  for (const invite of [invites.anny, invites.abhi]) {
    const person = await (await device()).opens(invite);
    await person.seesTheEnd("ended this chat");
  }
});

test("ending asks first, and nothing is ended by saying no", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("stay");
  await anny.almostEnds();
  await abhi.hears("stay");
  await anny.says("still here");
  await abhi.hears("still here");
});

test("nothing of an ended chat stays in either browser", async ({ pair }) => {
  const { anny, abhi } = await pair();
  await anny.says("canary in the message");
  await abhi.hears("canary in the message");
  await abhi.writes("canary in the draft");
  await anny.ends();
  await abhi.seesTheEnd();
  for (const person of [anny, abhi]) {
    expect(await person.kept()).not.toContain("canary");
    expect(await person.page.content()).not.toContain("canary");
  }
});

test("a person who was away finds it ended on coming back", async ({ meets, invites }) => {
  const { anny, abhi } = await meets();
  await anny.closes();
  await abhi.ends();
  const again = await anny.device.opens(invites.anny);
  await again.seesTheEnd(/Abhi ended this chat at/);
});

test("drafts and waiting messages are gone as well when the chat ended while their writer was away", async ({
  meets,
  invites,
}) => {
  const { anny, abhi } = await meets();
  await anny.hasAGate();
  await anny.closesTheGate();
  await anny.queues("canary that waits");
  await anny.writes("canary in the draft");
  await anny.closes();
  await abhi.ends();
  const again = await anny.device.opens(invites.anny);
  await again.seesTheEnd();
  expect(await again.kept()).not.toContain("canary");
});

test("a browser that was never in a chat learns nothing from the chat's address", async ({
  meets,
  device,
}) => {
  const { anny } = await meets();
  await anny.says("a secret");
  const stranger = await (await device()).opensPath(`c${new URL(anny.page.url()).hash}`);
  await stranger.isTold("This browser isn’t in this chat");
});

test("what was said can be saved first, as text and as JSON", async ({ meets }) => {
  const { anny, abhi } = await meets();
  await anny.says("first words");
  await abhi.says("last words");
  await anny.hears("last words");
  const text = await anny.saves("Save as text");
  expect(text).toMatch(/Anny.*first words[\s\S]*Abhi.*last words/);
  /** @type {{participants: string[], messages: {from: string, text: string}[]}} */
  const json = JSON.parse(await anny.saves("Save as JSON"));
  expect(json.participants).toEqual(["Anny", "Abhi"]);
  expect(json.messages.map((message) => [message.from, message.text])).toEqual([
    ["Anny", "first words"],
    ["Abhi", "last words"],
  ]);
});

test("what is not known yet cannot be ended: nobody could say what would be destroyed", async ({
  device,
  invites,
}) => {
  const { anny, line } = await onALine(device, invites.anny);
  const end = anny.page.getByRole("button", { name: "End chat" });
  await expect(end).toBeEnabled();
  line.answers("chat-open", () => undefined);
  await anny.page.reload();
  await anny.isTold("Opening the chat");
  await expect(end).toBeDisabled();
});
