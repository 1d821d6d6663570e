// How this browser wants its page, and what it tells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Taste } from "../../assets/app/models/taste.js";
import { Storage } from "./fakes.js";

test("nothing is set at first: as the browser has it, everything told, nothing that rings", () => {
  const taste = new Taste(new Storage(), "/");
  assert.deepEqual([taste.language, taste.look, taste.withholds], [undefined, undefined, []]);
  for (const alert of /** @type {const} */ (["sound", "screen", "content"]))
    assert.ok(!taste.wants(alert), alert);
});

test("what was chosen holds at the next visit, and can be taken back", () => {
  const storage = new Storage();
  const taste = new Taste(storage, "/");
  taste.language = "de";
  taste.look = "dark";
  taste.tell("here", false);
  taste.want("sound", true);
  const later = new Taste(storage, "/");
  assert.deepEqual([later.language, later.look, later.withholds], ["de", "dark", ["here"]]);
  assert.deepEqual([later.tells("here"), later.tells("seen"), later.wants("sound")], [false, true, true]);
  later.language = later.look = undefined;
  later.tell("here", true);
  later.want("sound", false);
  assert.equal(storage.kept.size, 0);
});

test("two houses of one origin have each their own", () => {
  const storage = new Storage();
  const [one, other] = [new Taste(storage, "/one/"), new Taste(storage, "/other/")];
  one.look = "dark";
  one.tell("seen", false);
  assert.deepEqual([other.look, other.withholds], [undefined, []]);
});

test("another tab's change is noticed if it is one of taste in this house", () => {
  const storage = new Storage();
  const taste = new Taste(storage, "/");
  taste.want("screen", true);
  const [own = ""] = [...storage.kept.keys()];
  /** @param {string | null} key @param {boolean} expected */
  const check = (key, expected) => assert.equal(taste.isMine(key), expected, `${key}`);
  check(own, true);
  check(null, true);
  check("parlour:/:device", false);
  check("parlour:/one/:taste:look", false);
  check("theme", false);
});
