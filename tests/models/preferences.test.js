// How this browser wants its page, and what it tells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Preferences } from "../../assets/app/models/preferences.js";
import { Storage } from "./fakes.js";

test("nothing is set at first: as the browser has it, everything told, nothing that rings", () => {
  const preferences = new Preferences(new Storage(), "/");
  assert.deepEqual(
    [preferences.language, preferences.theme, preferences.withholds],
    [undefined, undefined, []],
  );
  for (const alert of /** @type {const} */ (["sound", "screen", "content"]))
    assert.ok(!preferences.wants(alert), alert);
});

test("what was chosen holds at the next visit, and can be taken back", () => {
  const storage = new Storage();
  const preferences = new Preferences(storage, "/");
  preferences.language = "de";
  preferences.theme = "dark";
  preferences.share("here", false);
  preferences.want("sound", true);
  const later = new Preferences(storage, "/");
  assert.deepEqual([later.language, later.theme, later.withholds], ["de", "dark", ["here"]]);
  assert.deepEqual([later.shares("here"), later.shares("seen"), later.wants("sound")], [false, true, true]);
  later.language = later.theme = undefined;
  later.share("here", true);
  later.want("sound", false);
  assert.equal(storage.kept.size, 0);
});

test("two houses of one origin have each their own", () => {
  const storage = new Storage();
  const [one, other] = [new Preferences(storage, "/one/"), new Preferences(storage, "/other/")];
  one.theme = "dark";
  one.share("seen", false);
  assert.deepEqual([other.theme, other.withholds], [undefined, []]);
});

test("another tab's change is noticed if it is one of preferences in this house", () => {
  const storage = new Storage();
  const preferences = new Preferences(storage, "/");
  preferences.want("screen", true);
  const [own = ""] = [...storage.kept.keys()];
  /** @param {string | null} key @param {boolean} expected */
  const check = (key, expected) => assert.equal(preferences.isOwnKey(key), expected, `${key}`);
  check(own, true);
  check(null, true);
  check("parlour:/:device", false);
  check("parlour:/one/:preferences:theme", false);
  check("theme", false);
});
