/** Texts in XML, so that what is read is what was written. */

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text without what XML cannot hold, in an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => MARKUP[char] ?? char);
}

/** What XML has no place for, or changes as it reads: controls, carriage returns, halves of a character. */
const UNHELD = /(?![\t\n])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;
/** What would be taken for such a character. */
const LOOKS_ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** A text of a spreadsheet: `_xHHHH_` stands for what XML cannot hold (ISO/IEC 29500-1, 22.9.2.19). */
export function sheetText(text: string): string {
  const held = text.replace(LOOKS_ESCAPED, '_x005F_').replace(UNHELD, (char) => `_x${hex(char)}_`);
  return escapeXml(held);
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
