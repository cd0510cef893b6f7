/** Texts of which the font of PDF files has every character: what it lacks is written out by its number. */
import { openSync } from 'fontkit';
import { REGULAR } from './fonts.js';
import { shown } from './shown-text.js';

let known: ReadonlySet<number> | undefined;

/** Read once: the font is the package's own. */
function covered(): ReadonlySet<number> {
  if (known !== undefined) return known;
  const font = openSync(REGULAR);
  if (!('characterSet' in font)) throw new Error(`${REGULAR} holds several fonts`);
  return (known = new Set(font.characterSet));
}

/** One line, which is printed and copied as it stands here. */
export function glyphs(text: string): string {
  const has = covered();
  return [...shown(text)].map((char) => (has.has(char.codePointAt(0) ?? 0) ? char : escaped(char))).join('');
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
