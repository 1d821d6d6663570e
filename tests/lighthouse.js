// Prints the scores of a report of Lighthouse, and fails where one is too low: `tests/long lighthouse`.
import { readFile } from "node:fs/promises";

const LEAST = { performance: 95, accessibility: 100, "best-practices": 100 };

const { categories, audits } = JSON.parse(await readFile(process.argv[2] ?? "", "utf8"));
for (const [name, least] of Object.entries(LEAST)) {
  const { score, auditRefs } = categories[name];
  const reached = Math.round(score * 100);
  console.log(`${name}: ${reached} of at least ${least}`);
  if (reached >= least) continue;
  process.exitCode = 1;
  for (const { id, weight } of auditRefs)
    if (weight > 0 && audits[id].score !== null && audits[id].score < 1)
      console.log(`  ${audits[id].title} ${audits[id].displayValue ?? ""}`);
}
