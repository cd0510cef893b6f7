/** Names of streams are read in one way: completeness of a part rests on it. */
import { kindOf, STORED_TYPES } from '../../src/events/catalog.js';
import { parseStream, yearInShanghai } from '../../src/verifier/streams.js';

const BESIDE = ['refusal', '*'];

test('every kind in the catalog is known', () => {
  const kinds = new Set(STORED_TYPES.map(kindOf));
  for (const kind of kinds) {
    if (BESIDE.includes(kind)) continue;
    expect(parseStream(`${kind}-a-b/1〔2〕`)).toEqual({ kind, agency: 'a-b', number: '1〔2〕' });
  }
});

test.each([
  ['normative-document-document-a/1', { kind: 'normative-document', agency: 'document-a', number: '1' }],
  ['access-test-agency', { kind: 'access', agency: 'test-agency', number: '' }],
  ['refusal-0b4c', null],
  ['unknown-a/1', null],
  ['publication', null],
])('%s', (stream, name) => expect(parseStream(stream)).toEqual(name));

test('an act’s year is Shanghai’s', () => {
  expect(yearInShanghai('2016-12-31T16:00:00Z')).toBe(2017);
  expect(yearInShanghai('2016-12-31T15:59:59.999Z')).toBe(2016);
  expect(yearInShanghai(null)).toBeNull();
});
