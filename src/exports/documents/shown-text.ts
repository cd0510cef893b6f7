/** Texts from outside in a document: what turns a line around, hides or steers is written out, as on a terminal. */
import { visible } from '../../encoding/visible-text.js';

/** Half a character, which no document can hold. */
const HALF = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** One line. The same again changes nothing. */
export function shown(text: string): string {
  return visible(text).replace(HALF, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
