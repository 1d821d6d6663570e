// The colours, as they are written in the stylesheet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../assets/styles/tokens.css", import.meta.url), "utf8");

test("a browser that knows one colour at a time has every colour of the light page", () => {
  const [pairs = "", rest = ""] = css.split("@supports not");
  const light = [...pairs.matchAll(/(--[\w-]+): light-dark\((#\w+|rgb\([^)]+\)),/g)];
  assert.ok(light.length > 10);
  for (const [, name, colour] of light) assert.ok(rest.includes(`${name}: ${colour};`), name);
});
