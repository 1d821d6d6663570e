// What axe-core finds on a page. It is brought in through the browser's debugging line, which the page's
// content security policy does not hold back: the page itself loads nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The same program as `axe.js` in half of the bytes, which every page reads once. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** All that another colour scheme can break. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * @param {import("@playwright/test").Page} page
 * @param {"every rule" | "of colours"} which
 * @returns {Promise<string[]>} the rules that are broken, and where
 */
export async function breaches(page, which) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  /** @type {import("axe-core").RunOnly} */
  const runOnly =
    which === "every rule" ? { type: "tag", values: TAGS } : { type: "rule", values: OF_COLOURS };
  return page.evaluate(async (chosen) => {
    const { axe: runner } = /** @type {{axe: import("axe-core").AxeResults & any}} */ (
      /** @type {unknown} */ (window)
    );
    /** @type {import("axe-core").AxeResults} */
    const { violations } = await runner.run(document, {
      runOnly: chosen,
      rules: chosen.type === "tag" ? { "target-size": { enabled: true } } : {},
      resultTypes: ["violations"],
      // Without a copy of every style sheet, which only rules take that are not asked for.
      preload: { assets: ["media"] },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .filter((node) => id !== "target-size" || !isUnderTheFoot(node))
        .map((node) => `${id}: ${told(node)}`),
    );

    /**
     * What the foot of a sheet lies over is scrolled out from under it.
     * @param {import("axe-core").NodeResult} node
     */
    function isUnderTheFoot({ target }) {
      const top = [...document.querySelectorAll("dialog[open]")].at(-1);
      const foot = top?.querySelector(".foot")?.getBoundingClientRect();
      const place = document.querySelector(String(target[0]))?.getBoundingClientRect();
      return foot !== undefined && place !== undefined && place.bottom > foot.top && place.top < foot.bottom;
    }

    /** @param {import("axe-core").NodeResult} node */
    function told({ target, failureSummary }) {
      const why = failureSummary?.split("\n").slice(1).join(" ").replace(/\s+/g, " ").trim();
      return `${target.join(" ")} – ${why}`;
    }
  }, runOnly);
}
