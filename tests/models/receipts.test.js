// Receipts of a page whose line comes and goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEAT, page } from "./page.js";

test("what was seen while the line was down is told when it is back", async () => {
  const { time, session, socket, asked, welcomes, tells } = await page();
  const opens = () => {
    welcomes(1, { seen: 0 });
    tells(1);
    time.pass(200);
  };
  opens();
  socket().breaks();
  session.see(1);
  time.pass(1_000);
  opens();
  assert.deepEqual(asked("chat-seen"), [{ type: "chat-seen", seat: SEAT, seq: 1 }]);
});

test("many messages at once are acknowledged by one receipt", async () => {
  const { time, asked, welcomes, tells } = await page();
  welcomes(0);
  for (let seq = 1; seq <= 20; seq += 1) tells(seq);
  time.pass(200);
  assert.deepEqual(asked("chat-delivered"), [{ type: "chat-delivered", seat: SEAT, seq: 20 }]);
});
