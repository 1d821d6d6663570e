// J4: same link, same code, any device: the whole chat again.
import { test } from "./journey.js";

test("a person who lost the page mid-sentence finds the same conversation on another device", async ({
  pair,
  device,
  invites,
}) => {
  const { anny, abhi } = await pair();
  await anny.says("Are you there?");
  await abhi.says("I am");
  await anny.hears("I am");
  await anny.writes("Did you lock the d");
  await anny.closes();
  await abhi.says("Hello?");

  const phone = await device();
  const again = await phone.opens(invites.anny);
  await again.enters(invites.anny.code.toLowerCase().replace("-", ""));
  await again.sees("Are you there?", "I am", "Hello?");
  await abhi.sees("Are you there?", "I am", "Hello?");

  await again.says("I am back");
  await abhi.hears("I am back");
});

test("the whole journey, from the start page to the end of both links", async ({ device }) => {
  const start = await (await device()).startPage();
  const [forAnny, forAbhi] = await start.makes("Anny", "Abhi");
  const first = await device();
  const anny = await first.walksIn(forAnny);
  const abhi = await (await device()).walksIn(forAbhi);
  await anny.says("one");
  await abhi.says("two");
  await anny.writes("thr");
  await anny.closes();

  const again = await (await device()).opens(forAnny);
  await again.enters(forAnny.code.toLowerCase().replace("-", "").replaceAll("0", "o"));
  await again.sees("one", "two");

  const other = await first.opens(forAbhi);
  await other.isGreeted("Abhi");
  await other.enters(forAbhi.code);
  const own = await first.opens(forAnny);
  await own.isIn("Abhi");
  await own.says("from Anny's tab");
  await other.says("from Abhi's tab");
  for (const person of [own, other, again, abhi]) {
    await person.sees("one", "two", "from Anny's tab", "from Abhi's tab");
  }

  await abhi.ends();
  for (const person of [own, other, again, abhi]) await person.seesTheEnd();
  for (const invite of [forAnny, forAbhi]) await (await (await device()).opens(invite)).seesTheEnd();
});

test("on the same device the link alone is enough", async ({ meets, invites }) => {
  const { anny, abhi } = await meets();
  await abhi.says("hi");
  await anny.closes();
  const again = await anny.device.opens(invites.anny);
  await again.sees("hi");
});

test("what was being written is still there after the tab was closed", async ({ meets, invites }) => {
  const { anny } = await meets();
  await anny.writes("Did you lock the d");
  await anny.closes();
  const again = await anny.device.opens(invites.anny);
  await again.isWriting("Did you lock the d");
});

test("one person on two devices hears and says everything on both", async ({ pair, device, invites }) => {
  const { anny, abhi } = await pair();
  const tablet = await (await device()).comesIn(invites.anny);
  await anny.says("from the phone");
  await tablet.says("from the tablet");
  await abhi.says("from Abhi");
  for (const person of [anny, tablet, abhi])
    await person.sees("from the phone", "from the tablet", "from Abhi");
});
