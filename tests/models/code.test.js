// Codes and links as people type and paste them: each a line in tests/tables.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fingerprint, inviteIn, parseCode, parseToken } from "../../assets/app/models/code.js";

const TOKEN = "0123456789ABCDEFGHJKMNPQRS";

/** @param {string} name @returns {(string | null)[][]} */
function table(name) {
  return JSON.parse(readFileSync(new URL(`../tables/${name}.json`, import.meta.url), "utf8"));
}

test("what can mean only one code is that code", () => {
  for (const [why, typed, meant] of table("codes")) {
    assert.equal(parseCode(typed ?? ""), meant ?? undefined, `${why}: ${typed}`);
  }
});

test("a whole link is never called incomplete, and the code that was pasted with it is found", () => {
  for (const [pasted, token, code] of table("links")) {
    const found = inviteIn(pasted ?? "");
    assert.equal(found?.token, token ?? undefined, pasted ?? "");
    assert.equal(found?.code, code ?? undefined, pasted ?? "");
    assert.equal(parseToken(pasted ?? ""), token ?? undefined);
  }
});

test("a megabyte that was pasted is read", (t) => {
  for (const piece of ["0", "#0", "%25", "%", "0=\n", "0\n> ", "# ", "a ", "K7QM-3XRP\n"]) {
    const begun = performance.now();
    assert.equal(parseToken(piece.repeat(1_000_000 / piece.length)), undefined, piece);
    t.diagnostic(`${JSON.stringify(piece)}: ${(performance.now() - begun).toFixed(0)} ms`);
  }
});

test("a link is recognised by a number from which it cannot be read", () => {
  const other = `${TOKEN.slice(0, -1)}T`;
  assert.notEqual(fingerprint(TOKEN), fingerprint(other));
  assert.equal(fingerprint(TOKEN), fingerprint(TOKEN));
  assert.ok(fingerprint(TOKEN).length <= 11);
});
