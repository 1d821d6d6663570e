// Opens the start page: words first, then its one element.
import { openWords } from "./helpers/words.js";
import "./components/start.js";

await openWords();
document.body.append(document.createElement("parlour-start"));
