// Nobody is left before a page that says nothing: an error of the page's own script that nothing else caught.
//
// Imported first, so that it hears of everything that comes after it. Says its sentence once.
import { el } from "./dom.js";
import { button } from "./parts.js";
import { word } from "./words.js";

addEventListener("error", (event) => {
  // Images that do not load, and what browsers report without an error, harm nobody.
  if (event.error instanceof Error && isOurs(event.filename)) showNotice();
});
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason instanceof Error && isOurs(reason.stack ?? "")) showNotice();
});

/** What extensions put into the page fails on its own account. @param {string} from */
function isOurs(from) {
  return from.includes(new URL("assets/", document.baseURI).href);
}

function showNotice() {
  // The page has not begun: the document has a sentence for that.
  if (word("error.why") === "error.why") return document.querySelector(".late")?.classList.add("now");
  if (document.querySelector(".fault")) return;
  const reload = button("small", () => location.reload(), word("error.reload"));
  const place = document.querySelector("parlour-notices") ?? document.body;
  const kept = place.hasAttribute("data-kept") ? `${word("error.kept")} ` : "";
  place.prepend(el("p", { class: "notice fault", role: "alert" }, `${word("error.why")} ${kept}`, reload));
}
