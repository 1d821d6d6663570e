// Every state of the page as a picture: `npm run screenshots`, then look into out/screenshots.
// `npm run screenshots -- -g chat-typing --project=phone-dark` takes one.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "./journey.js";
import { settled } from "./reach/fit.js";
import { SETTINGS, STATES } from "./states.js";

const FOLDER = fileURLToPath(new URL("out/screenshots/", import.meta.url));
/** What fills the screen and never more. */
const FIXED = "parlour-chat > .chat-body, dialog[open]";

test.use({ settings: SETTINGS });

for (const { name, open } of STATES) {
  test(name, async ({ device, house, pair, meets, invites, watch }, info) => {
    const page = await open({ device, house, pair, meets, invites, watch });
    const { size } = info.project.metadata;
    if (size) await page.setViewportSize(size);
    await settled(page);
    const fullPage = (await page.locator(FIXED).count()) === 0;
    const folder = `${FOLDER}${info.project.name}/`;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}${name}.png`, fullPage, animations: "disabled" });
  });
}
