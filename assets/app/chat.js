/**
 * The chat page: one room, for the seat that the address names.
 */
import { fillWords, loadWords } from "./helpers/words.js";
import { ChatRoom } from "./components/chat-room.js";
import { EndDialog } from "./components/end-dialog.js";
import { MessageComposer } from "./components/message-composer.js";
import { MessageList } from "./components/message-list.js";
import { TranscriptButtons } from "./components/transcript-buttons.js";

await loadWords();
fillWords(document);
customElements.define("transcript-buttons", TranscriptButtons);
customElements.define("end-dialog", EndDialog);
customElements.define("message-list", MessageList);
customElements.define("message-composer", MessageComposer);
customElements.define("chat-room", ChatRoom);
