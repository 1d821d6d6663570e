// Opens the join page: words first, then its one element.
import { openWords } from "./helpers/words.js";
import "./components/join.js";

await openWords();
document.body.append(document.createElement("parlour-join"));
// Another link opened in this tab changes only the fragment.
addEventListener("hashchange", () => location.reload());
