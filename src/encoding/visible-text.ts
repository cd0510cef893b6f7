/**
 * Texts from outside where they are read: what would end a line of a terminal, steer it, turn a line around or hide is
 * written out.
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

/**
 * The same but for blanks and ends of lines, and for what is a part of a letter: joiners, and selectors of variations
 * as names and emoji have them. And halves of a character, which no text has.
 */
const PARTS_OF_LETTERS = String.raw`\u200c|\u200d|[\u180b-\u180d]|\u180f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]`;
const UNSEEN_IN_LINES = new RegExp(String.raw`(?![\t\n\r]|${PARTS_OF_LETTERS})(?:${UNSEEN.source}|\p{Cs})`, 'gu');

/** Of a page: its lines stay, and each text in it shows what it holds. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN_IN_LINES, escaped);
}

/** As JSON writes a character that it escapes. */
function escaped(char: string): string {
  return [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}
