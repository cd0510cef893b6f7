/** Texts as they are read: what steers or hides is written out, what belongs to a letter stays. */
import { visible, visibleLines } from '../../src/encoding/visible-text.js';

test.each([
  ['direction', 'a\u202eb\u2066c\u200f', 'a\\u202eb\\u2066c\\u200f'],
  ['controls', 'a\u0000\u001b[2J\u009b', 'a\\u0000\\u001b[2J\\u009b'],
  ['what takes no place', 'a\u200bb\u00ad\ufeff\u2060', 'a\\u200bb\\u00ad\\ufeff\\u2060'],
  ['lines of Unicode', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['tags', 'a\u{e0041}', 'a\\udb40\\udc41'],
])('%s is written out', (_what, text, shown) => {
  expect(visibleLines(text)).toBe(shown);
  expect(visible(text)).toBe(shown);
  // The same again changes nothing.
  expect(visibleLines(shown)).toBe(shown);
});

test('a page keeps lines, blanks and letters', () => {
  const kept = '一\n二\r\n\t三\u00a0\u3000四 👩\u200d🌾❤\ufe0f 葛\u{e0100} می\u200cخواهم';
  expect(visibleLines(kept)).toBe(kept);
  expect(visibleLines('half \ud800 of one')).toBe('half \\ud800 of one');
});
