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
  assert.deepEqual(signals.map(({ aborted }) => aborted), [false, false]);
});
