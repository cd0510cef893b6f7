/**
 * Which characters a text of a message may hold: said once, for the rules that refuse (spelling.ts) and for the schemas
 * that are handed out. Patterns here are of the kind that every reader of JSON Schema has: no look-ahead and no
 * property of Unicode. They take all that the rules take, and leave the rest to them.
 */

/** Controls, and line ends and directions that no text needs: they make it show as what it is not. */
export const NOT_IN_IDENTIFIERS = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069';
/** The same where a tab and line ends may stand. */
export const NOT_IN_TEXTS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069';

/** Blanks of ECMAScript that may stand in an identifier, a word and a text. */
const BLANKS = ' \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\ufeff';
/** Of what names hold none: blanks but U+0020, controls, and characters that show nothing. */
const UNSEEN =
  '\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\ufeff\\ufff9-\\ufffb';

/** One character at least that is no blank; each place of the text is looked at once. */
const saying = (blanks: string, not: string): string => `^[${blanks}]*[^${blanks}${not}][^${not}]*$`;

export const TEXT_PATTERN = saying(`\\t\\n\\r${BLANKS}`, NOT_IN_TEXTS);
/** On one line. */
export const WORD_PATTERN = saying(`\\t${BLANKS}`, `\\n\\r${NOT_IN_TEXTS}`);
/** A text that may be empty. */
export const PRINTED_PATTERN = `^[^${NOT_IN_TEXTS}]*$`;
export const ID_PATTERN = saying(BLANKS, NOT_IN_IDENTIFIERS);
export const SOURCE_PATTERN = `^[^${BLANKS}${NOT_IN_IDENTIFIERS}]+$`;
/** Single blanks between what can be seen. */
export const NAME_PATTERN = `^[^${UNSEEN}]+( [^${UNSEEN}]+)*$`;
export const HASH_PATTERN = '^sha256:[0-9a-f]{64}$';
export const AGENCY_PATTERN = '^[a-z0-9-]{1,40}$';
export const URL_PATTERN = `^https?://[^${BLANKS}${NOT_IN_IDENTIFIERS}]+$`;

/** What no number of a case holds: all of ASCII but letters, digits and `()._-`; blanks, marks and other widths. */
const NOT_IN_NUMBERS =
  '\\u0000-\\u0027\\u002a-\\u002c\\u002f\\u003a-\\u0040\\u005b-\\u005e\\u0060\\u007b-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf' +
  '\\u00d7\\u00f7\\u2000-\\u206f\\u2800\\u3000-\\u3004\\u3007-\\u3013\\u3016-\\u3029\\ufe10-\\ufe6f\\uff00-\\uff9f';
const CASE_NUMBER = `[^.${NOT_IN_NUMBERS}][^${NOT_IN_NUMBERS}]{0,63}`;

/** A case of one of these kinds: words of a regular expression. */
export const casePattern = (kinds: readonly string[], number = CASE_NUMBER): string =>
  `^${kinds.length === 1 ? kinds.join('') : `(${kinds.join('|')})`}/${number}$`;

/** A case of any kind there may be. */
export const CASE_PATTERN = casePattern(['[a-z][a-z-]*']);
