// Opens the chat page: words first, then the models of the seat in the fragment and the one element that
// shows them.
import { after, api, makeId, openSocket, seats } from "./helpers/home.js";
import { openShelf } from "./helpers/shelf.js";
import { openWords } from "./helpers/words.js";
import { Chat } from "./models/chat.js";
import { Connection } from "./models/connection.js";
import { Outbox } from "./models/outbox.js";
import { Talk } from "./models/talk.js";
import { ParlourChat } from "./components/chat.js";

const now = () => Date.now();

/** @param {string} seat */
async function openTalk(seat) {
  const store = await openShelf();
  const hello = () => ({ type: "hello", device: seats.device, seen_incarnation: seats.incarnation });
  const connection = new Connection({ hello, openSocket, after, now, random: Math.random });
  const send = (/** @type {OutboxEntry} */ { id, text }) =>
    connection.send({ type: "chat-say", seat, id, text });
  const outbox = new Outbox({ seat, store, send, after, now, makeId });
  wakeOnChange(connection);
  return new Talk({ seat, connection, chat: new Chat(after), outbox, seats, after, now });
}

/** @param {Connection} connection */
function wakeOnChange(connection) {
  const wake = () => connection.wake();
  addEventListener("online", wake);
  addEventListener("offline", wake);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  // A page that the browser puts aside must not hold a socket, and one that comes back needs a new one.
  addEventListener("pagehide", () => connection.close());
  addEventListener("pageshow", (event) => event.persisted && connection.open());
}

await openWords();
addEventListener("hashchange", () => location.reload());
const seat = decodeURIComponent(location.hash.slice(1));
const page = new ParlourChat();
document.body.append(page);
if (seat && seats.device) page.open(await openTalk(seat), api, seats);
else page.showGone({});
