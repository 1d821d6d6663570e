// What is asked over HTTP is answered or given up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../assets/app/models/api.js";
import { Time, settled } from "./fakes.js";

/**
 * A house that answers as it is told to, and to which each request is noted.
 * @param {(request: RequestInit) => Promise<Response>} answer
 */
function asking(answer) {
  const time = new Time();
  const fetch = (/** @type {unknown} */ _address, /** @type {RequestInit} */ request) => answer(request);
  const api = new Api({
    base: "http://house/api/v1/",
    device: () => undefined,
    fetch: /** @type {typeof globalThis.fetch} */ (fetch),
    after: time.after,
  });
  return { api, time };
}

/**
 * As a browser does with a request that is given up.
 * @param {RequestInit} request
 * @returns {Promise<never>}
 */
function givenUp({ signal }) {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

test("a house that does not answer cannot be reached", async () => {
  const { api, time } = asking(givenUp);
  const asked = api.house().catch((refusal) => refusal.code);
  time.pass(19_000);
  await settled();
  assert.equal(await Promise.race([asked, "still asking"]), "still asking");
  time.pass(2_000);
  assert.equal(await asked, "unreachable");
});

test("a group is waited for longer than two people: the house makes one code after the other", async () => {
  const { api, time } = asking(givenUp);
  const state = (/** @type {Promise<unknown>} */ asked) => Promise.race([asked, "still asking"]);
  const ask = (/** @type {string} */ title) =>
    api.start(["Anny", "Abhi"], "1d", title || undefined).catch((refusal) => refusal.code);
  const [pair, group] = [ask(""), ask("Kitchen")];
  time.pass(55_000);
  await settled();
  assert.deepEqual(await Promise.all([state(pair), state(group)]), ["unreachable", "still asking"]);
  time.pass(10_000);
  assert.equal(await group, "unreachable");
});

test("an answer that begins and does not end is given up as well", async () => {
  const { api, time } = asking(async (request) => {
    const body = new ReadableStream({
      start: (stream) => request.signal?.addEventListener("abort", () => stream.error(new Error("given up"))),
    });
    return new Response(body);
  });
  for (const ask of [() => api.house(), () => api.transcript("a-1", "text/plain")]) {
    const asked = ask().catch((refusal) => refusal.code);
    await settled();
    time.pass(60_000);
    assert.equal(await asked, "unreachable");
  }
});

test("an answer in time is not disturbed afterwards", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const { api, time } = asking(async ({ signal }) => {
    if (signal) signals.push(signal);
    return Response.json({ version: "1" });
  });
  assert.equal((await api.house()).version, "1");
  assert.equal(await (await api.transcript("a-1", "text/plain")).text(), '{"version":"1"}');
  time.pass(120_000);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false, false],
  );
});

/** Something before the house that changes what passes. @type {[string, () => Response, string][]} */
const STRANGERS = [
  ["a gate that asks for a password", () => page(401, { "WWW-Authenticate": "Basic" }), "login"],
  ["a login page in the house's place", () => page(200), "login"],
  ["a way to a login elsewhere", () => redirected(), "login"],
  ["a proxy without a house behind it", () => page(502), "unreachable"],
  ["a proxy that waited for the house", () => page(504), "unreachable"],
  ["a proxy that counts", () => page(429), "busy"],
  ["something that lets nothing pass", () => page(403), "between"],
  ["something that cuts what is long", () => page(413), "between"],
  ["a proxy that names another host", () => problem(421, "wrong_host"), "between"],
  ["a proxy that names another origin", () => problem(403, "wrong_origin"), "between"],
  ["the house, which knows no such seat", () => problem(404, "no_such_seat"), "no_such_seat"],
  ["the house, which failed", () => problem(500, "failed"), "failed"],
];

for (const [who, answer, code] of STRANGERS) {
  test(`${who} is told apart`, async () => {
    const { api } = asking(async () => answer());
    assert.equal(await api.seats().catch((refusal) => refusal.code), code);
  });
}

test("a gate before the house gets the cookie that it gave, and nobody is sent elsewhere", async () => {
  /** @type {RequestInit[]} */
  const requests = [];
  const { api } = asking(async (request) => (requests.push(request), Response.json({ seats: [] })));
  await api.seats();
  const [{ credentials, redirect } = {}] = requests;
  assert.deepEqual([credentials, redirect], ["same-origin", "manual"]);
});

/** @param {number} status @param {Record<string, string>} [headers] */
function page(status, headers = {}) {
  return new Response("<p>Hello", { status, headers: { "Content-Type": "text/html", ...headers } });
}

/** @param {number} status @param {string} code */
function problem(status, code) {
  return Response.json({ status, code }, { status });
}

/** As browsers show it: nothing of it can be read. */
function redirected() {
  const json = () => Promise.reject(new Error("nothing"));
  const hidden = { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), json };
  return /** @type {Response} */ (/** @type {unknown} */ (hidden));
}

test("each change of a message has an address and a method of its own", async () => {
  /** @type {string[]} */
  const asked = [];
  const api = new Api({
    base: "",
    device: () => undefined,
    fetch: /** @type {typeof globalThis.fetch} */ (
      async (address, { method, body } = {}) => {
        asked.push([method, address, body ?? ""].join(" "));
        return Response.json({ number: 1 });
      }
    ),
    after: new Time().after,
  });
  await api.change("a-1", { of: "chat-edit", seq: 3, base: 1, text: "new" });
  await api.change("a-1", { of: "chat-delete", seq: 3 });
  await api.change("a-1", { of: "chat-hide", seq: 3 });
  await api.change("a-1", { of: "chat-react", seq: 3, emoji: "+" });
  await api.change("a-1", { of: "chat-react", seq: 3 });
  assert.deepEqual(asked, [
    'PATCH seats/a-1/messages/3 {"base":1,"text":"new"}',
    "DELETE seats/a-1/messages/3?for=everybody ",
    "DELETE seats/a-1/messages/3?for=me ",
    'PUT seats/a-1/messages/3/reaction {"emoji":"+"}',
    "DELETE seats/a-1/messages/3/reaction ",
  ]);
});
