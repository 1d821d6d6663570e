// Opens dialogs so that the browser's "back" closes the one on top, and stays on the page.
//
//   showModal(dialog);
//
// While a dialog is open the history has one entry more, which goes with the last of them. Holds nothing but
// whether that entry is on its way out.

import { button } from "./parts.js";
import { word } from "./words.js";

let isLeaving = false;

/** @param {HTMLDialogElement} dialog */
export function showModal(dialog) {
  dialog.showModal();
  dialog.scrollTop = 0;
  if (!history.state?.dialog && !isLeaving) hold();
}

/**
 * Shows other parts in a dialog as if it were another one, so that a screen reader says its title and what it
 * is about. The page may have gone while the house was asked: then nothing is shown.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} title
 * @param {...(Node | string)} parts
 */
export function showStep(dialog, title, ...parts) {
  if (!dialog.isConnected) return;
  dialog.close();
  dialog.replaceChildren(title, ...parts);
  showModal(dialog);
  title.tabIndex = -1;
  title.focus();
}

/** @param {HTMLDialogElement} dialog */
export function closeButton(dialog, label = word("close")) {
  return button("main", () => dialog.close(), label);
}

/** Once for the page. What a page had open before it was loaded again is open no more. */
export function followBack() {
  document.addEventListener("close", leaveDialogs, { capture: true });
  addEventListener("popstate", turnBack);
  leaveDialogs();
}

/** The entry goes where no dialog is open. */
export function leaveDialogs() {
  if (isLeaving || top() || !history.state?.dialog) return;
  isLeaving = true;
  history.back();
}

function turnBack() {
  const wasLeaving = isLeaving;
  isLeaving = false;
  const dialog = top();
  if (!dialog || history.state?.dialog) return;
  // A dialog that asks before it is closed asks now as well; one that was opened meanwhile stays.
  if (!wasLeaving && dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
  if (top()) hold();
}

function hold() {
  history.pushState({ dialog: true }, "");
}

/** Of dialogs that are open within each other the innermost. @returns {HTMLDialogElement | undefined} */
function top() {
  return [...document.querySelectorAll("dialog")].filter((dialog) => dialog.open).at(-1);
}
