// Codes and links as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint, parseCode, parseToken } from "../../assets/app/models/code.js";

const TOKEN = "0123456789ABCDEFGHJKMNPQRS";

test("a code is read however it is typed", () => {
  const typed = [
    "K7QM-3XR0",
    "k7qm-3xro",
    "k7qm3xr0",
    " K7QM 3XRO ",
    "k7qm\u{2013}3xro",
    "k7qm\u{a0}3xr0",
    "k 7 q m 3 x r o",
  ];
  for (const one of typed) assert.equal(parseCode(one), "K7QM-3XR0", one);
  assert.equal(parseCode("iLlI-oOoO"), "1111-0000");
});

test("what cannot be a code is none", () => {
  for (const typed of ["", "K7QM", "K7QM-3XRPP", "K7QM-3XRU", "K7QM-3XR!", "\u{1F600}"]) {
    assert.equal(parseCode(typed), undefined, typed);
  }
});

test("a token is found in a link, a fragment or alone, and only if it is whole", () => {
  for (const typed of [
    `http://192.168.1.20:8080/j#${TOKEN}`,
    `#${TOKEN}`,
    TOKEN,
    ` ${TOKEN.toLowerCase()} `,
  ]) {
    assert.equal(parseToken(typed), TOKEN, typed);
  }
  for (const typed of ["", "http://192.168.1.20:8080/j", `#${TOKEN.slice(1)}`, `${TOKEN}0`]) {
    assert.equal(parseToken(typed), undefined, typed);
  }
});

test("a link is recognised by a number from which it cannot be read", () => {
  const other = `${TOKEN.slice(0, -1)}T`;
  assert.notEqual(fingerprint(TOKEN), fingerprint(other));
  assert.equal(fingerprint(TOKEN), fingerprint(TOKEN));
  assert.ok(fingerprint(TOKEN).length <= 11);
});
