// A slow line: what was said last comes with the answer to the code, and costs no further round trip.
import { test } from "./journey.js";

const NEWEST = "the newest words";

test("on a slow line the newest message comes with the answer to the code", async ({
  device,
  house,
  invites,
  watch,
}) => {
  test.slow();
  const abhi = await house.guest(invites.abhi);
  for (let number = 1; number < 25; number += 1) await abhi.says(`message ${number}`);
  await abhi.says(NEWEST);

  const phone = await device({ viewport: { width: 390, height: 844 } });
  phone.hasASlowLine();
  // The socket says nothing, and nothing of the chat can be asked for.
  watch.houseMayBeAway = true;
  await phone.context.routeWebSocket(/\/socket$/, () => {});
  await phone.context.route(/\/api\/v1\/seats/, (route) => route.abort());
  const anny = await phone.opens(invites.anny);
  await anny.isGreeted("Anny");
  await anny.typesTheCode(invites.anny.code);
  await anny.taps("Open chat");
  await anny.isShown(NEWEST);
});
