/**
 * The start page: "your chats", the form, the two invitations.
 */
import { fillWords, loadWords } from "./helpers/words.js";
import { StartForm } from "./components/start-form.js";
import { YourChats } from "./components/your-chats.js";

await loadWords();
fillWords(document);
customElements.define("your-chats", YourChats);
customElements.define("start-form", StartForm);
