/**
 * The page behind a link: greeting, code, in.
 */
import { fillWords, loadWords } from "./helpers/words.js";
import { JoinDoor } from "./components/join-door.js";

await loadWords();
fillWords(document);
customElements.define("join-door", JoinDoor);
