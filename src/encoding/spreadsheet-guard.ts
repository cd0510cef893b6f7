/**
 * The mark before a text that a spreadsheet would run: files for spreadsheets carry it, and who reads them back takes
 * it off. One mark more stands before a text that begins with marks itself, so that every text is read back equal.
 */
const GUARD = "'";
const FORMULA = /^'*[=+\-@\t]/;

export function guard(text: string): string {
  return FORMULA.test(text) ? GUARD + text : text;
}

/** A text as it was before it was written for spreadsheets. */
export function unguarded(text: string): string {
  return text.startsWith(GUARD) && FORMULA.test(text) ? text.slice(GUARD.length) : text;
}
