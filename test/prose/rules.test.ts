/** Rules of words as data: every example counts what its rule says, and every place is printed by some form. */
import { mentionsOf, RULES } from '../../src/prose/mentions.js';
import { NOTHING, nothingIn } from '../../src/prose/nothing.js';
import { cellsOfPlace, PLACE_NAMES } from '../../src/prose/places.js';
import { APPLICANTS } from '../../src/prose/rules/applicants.js';
import { isRemedy, outcomeOf } from '../../src/prose/rules/remedies.js';
import { sentencesOf } from '../../src/prose/sentences.js';
import { cellsIn } from '../../src/statistics/form.js';
import { FORMS } from '../../src/statistics/forms/registry.js';

/** The number in 〔〕 of an example, as the checker reads it. */
function marked(example: string): ReturnType<typeof mentionsOf>[number] | undefined {
  const text = example.replace(/[〔〕]/g, '');
  const [sentence] = sentencesOf(text);
  return sentence === undefined ? undefined : mentionsOf(sentence).find(({ quantity }) => quantity.at === example.indexOf('〔'));
}

test('every example counts what its rule says', () => {
  const wrong = RULES.flatMap(({ id, examples }) =>
    examples.flatMap((example) =>
      marked(example)?.rule?.id === id ? [] : [`${id}: ${example}: ${marked(example)?.rule?.id ?? 'nothing'}`],
    ),
  );
  expect(wrong).toEqual([]);
  expect(RULES.filter(({ examples }) => examples.length === 0)).toEqual([]);
});

test('every example of applicants names their columns', () => {
  const wrong = APPLICANTS.flatMap(({ columns, examples }) =>
    examples.filter((example) => JSON.stringify(marked(example)?.columns) !== JSON.stringify(columns)),
  );
  expect(wrong).toEqual([]);
});

test('every example of none says none', () => {
  const wrong = NOTHING.flatMap(({ id, examples }) =>
    examples.filter((example) => !sentencesOf(example).some((sentence) => nothingIn(sentence).some(({ rule }) => rule.id === id))),
  );
  expect(wrong).toEqual([]);
});

test('readings name places, and places are named', () => {
  const outcomes = ['upheld', 'corrected', 'other', 'pending', 'decided'];
  const remedies = RULES.map(({ id }) => id).filter(isRemedy);
  const readings = [
    ...RULES.flatMap((rule) => rule.readings),
    ...NOTHING.map(({ reading }) => reading),
    ...remedies.flatMap((of) => outcomes.flatMap((outcome) => outcomeOf(of, outcome))),
  ];
  const named = new Set(readings.flatMap(({ plus, minus = [] }) => [...plus, ...minus]));
  expect([...named].filter((place) => !PLACE_NAMES.includes(place))).toEqual([]);
  expect(PLACE_NAMES.filter((place) => !named.has(place))).toEqual([]);
});

test('every place is cells that its form prints', () => {
  // Rows that tables of older years name by letters stand in no form.
  const OLDER = /^2\.[a-e]:year$/;
  const wrong = FORMS.flatMap((form) =>
    PLACE_NAMES.flatMap((place) => {
      const printed = new Set(cellsIn(form, form.firstYear).map(({ cell }) => cell));
      const cells = (cellsOfPlace(form, form.firstYear, place, null) ?? []).flatMap((cell) => cell.split('|'));
      return cells.filter((cell) => !printed.has(cell) && !OLDER.test(cell)).map((cell) => `${form.id} ${place}: ${cell}`);
    }),
  );
  expect(wrong).toEqual([]);
  expect(
    FORMS.map((form) => PLACE_NAMES.filter((place) => cellsOfPlace(form, form.firstYear, place, null) !== null).length > 10),
  ).not.toContain(false);
});
