/** The words of the pages: every code that a page may show has some, in both languages. */
import { ACTS } from '../../src/domain/acts.js';
import { CASE_STATES } from '../../src/domain/states.js';
import { ACT_WORDS, KIND_WORDS, STATE_WORDS } from '../../src/pages/words/ledger-words.js';
import { wordsIn } from '../../src/pages/words/words.js';

test('every act has words', () => {
  // A new type is entered in src/pages/words/ledger-words.ts.
  expect(Object.keys(ACTS).filter((type) => !Object.hasOwn(ACT_WORDS, type))).toEqual([]);
});

test('every kind of case and every state has words', () => {
  const states = new Set(Object.values(CASE_STATES).flatMap((of) => Object.keys(of)));
  expect(states.size).toBeGreaterThan(20);
  expect([...states].filter((state) => !Object.hasOwn(STATE_WORDS, state))).toEqual([]);
  expect(Object.keys(CASE_STATES).filter((kind) => !Object.hasOwn(KIND_WORDS, kind))).toEqual([]);
});

test('what has no words is shown as it is', () => {
  // Also what every object has.
  for (const name of ['constructor', 'toString', 'nothing'])
    expect([wordsIn('zh').state(name), wordsIn('en').act(name)]).toEqual([name, name]);
});
