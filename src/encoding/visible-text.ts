/**
 * Texts from outside on a terminal: what would end a line, steer the terminal, turn a line around or hide is written
 * out.
 */

/** Controls, line ends, directions, formats and whatever else shows nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line whatever the text holds, with no character that cannot be seen. The same again changes nothing. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => SHORT[char] ?? escaped(char));
}

/** JSON text in which texts hold no such character either: the same value, indented as it was. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (char) => (char === '\n' ? char : escaped(char)));
}

/** As JSON writes a character that it escapes. */
function escaped(char: string): string {
  return [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}
