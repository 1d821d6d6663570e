// What is asked of a chat besides messages comes to what the house says, however often it was asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatCommands } from "../../assets/app/models/chat-commands.js";

const NO_LINE = { code: "no_line", message: "" };

/** Commands over a line that takes everything and answers nothing. */
function commands() {
  /** @type {string[]} */
  const asked = [];
  const line = { ask: () => asked.push("socket") > 0, wake: () => {} };
  const ways = {
    over: () => {},
    http: async () => {
      asked.push("http");
      throw NO_LINE;
    },
  };
  return { commands: new ChatCommands(line), ways, asked };
}

test("an edit that is sent twice is done when the house says so, and not before", async () => {
  const { commands: chat, ways } = commands();
  const ends = [chat.run("chat-edit", ways, 3), chat.run("chat-edit", ways, 3)];
  /** @type {string[]} */
  const told = [];
  for (const end of ends) void end.then(() => told.push("done"));
  await Promise.resolve();
  assert.deepEqual(told, []);
  chat.done("chat-edit", 3);
  await Promise.all(ends);
  assert.deepEqual(told, ["done", "done"]);
});

test("an edit that is sent twice over a dead line fails twice", async () => {
  const { commands: chat, ways, asked } = commands();
  const ends = [chat.run("chat-edit", ways, 3), chat.run("chat-edit", ways, 3)];
  chat.lost();
  for (const end of ends) await assert.rejects(end, NO_LINE);
  assert.deepEqual(asked, ["socket", "socket", "http"]);
});
