// Why the house did not take a form: said at the field that is to blame, or else at the button. Stateless.
import { refusalWords } from "./words.js";

/** Refusals of what was typed, and not of the person or the moment. */
const OF_TEXT = new Set(["bad_name", "same_name", "description_too_long"]);

/**
 * @param {unknown} refusal
 * @param {HTMLElement} line which says it, with an id
 * @param {HTMLElement} field
 * @param {HTMLElement} go the button
 * @param {string} [said]
 */
export function refuseForm(refusal, line, field, go, said = refusalWords(refusal)) {
  const { code = "" } = /** @type {{code?: string}} */ (refusal);
  const isOfText = OF_TEXT.has(code);
  if (isOfText) field.parentElement?.append(line);
  else go.parentElement?.before(line);
  if (isOfText) field.setAttribute("aria-invalid", "true");
  if (isOfText) field.setAttribute("aria-describedby", line.id);
  line.textContent = said;
  (isOfText ? field : go).focus();
}

/** It begins again. @param {HTMLElement} line @param {...HTMLElement} fields */
export function forgiveForm(line, ...fields) {
  line.textContent = "";
  for (const field of fields) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

/**
 * The right to send it is gone. That is said once.
 * @param {HTMLElement} line
 * @param {HTMLButtonElement} go
 */
export function forbidForm(line, go) {
  const said = refusalWords({ code: "only_admins" });
  go.disabled = true;
  if (line.textContent === said) return;
  go.parentElement?.before(line);
  line.textContent = said;
}
