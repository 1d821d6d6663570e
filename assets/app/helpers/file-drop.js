// What is dropped or pasted that is not text. Stateless.

/** A picture or a file, and no words beside it. @param {DataTransfer | null} carried */
export function isFileAlone(carried) {
  if (!carried) return false;
  return carried.types.includes("Files") && !carried.types.includes("text/plain");
}

/** Where a browser takes what is dropped or typed. @param {EventTarget | null} target */
export function isField(target) {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}

/**
 * A browser would leave the page for a picture, a file or a link that is dropped on it.
 * @param {DragEvent} event
 */
export function keepFilesOut(event) {
  if (!isField(event.target) || isFileAlone(event.dataTransfer)) event.preventDefault();
}
