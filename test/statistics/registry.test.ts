/**
 * Every form of the registry, in every year: nothing is counted twice, nothing is forgotten, every total covers its parts, every rule is over cells
 * the form prints. A new form is under all of it by its line in the registry; what it counts nowhere is listed here on purpose.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActType } from '../../src/events/catalog.js';
import { toAct, type ReadShape } from '../../src/events/envelope.js';
import { cellsOf, type Form, type FormRow, type Selector, type ValueRow } from '../../src/statistics/form.js';
import { form2014Shandong } from '../../src/statistics/forms/2014-shandong.js';
import { form2021 } from '../../src/statistics/forms/2021.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { count } from '../../src/statistics/measures.js';
import { isKind } from '../support/contribution-kinds.js';
import {
  brokenChains,
  countedNowhere,
  countedTwice,
  impossibleSelectors,
  incompleteTotals,
  rulesBesideTheForm,
  unequalSums,
  wrongColumns,
  wrongLabels,
  wrongScales,
} from '../support/form-problems.js';

const absentIn = (id: string, year: number): readonly Selector[] =>
  (REGISTERED.find(({ form }) => form.id === id)?.absent ?? []).filter(
    ({ years: [first, last] = [0, Infinity] }) => year >= first && year <= last,
  );

/** The years a form serves; of one still in force, some. */
const YEARS = FORMS.flatMap((form) =>
  Array.from(
    { length: (form.lastYear ?? form.firstYear + 2) - form.firstYear + 1 },
    (_, n) => [form.id, form.firstYear + n, form] as const,
  ),
);

test('each form says here what it counts nowhere', () => {
  expect(Object.keys(DECLARED).sort()).toEqual(FORMS.map(({ id }) => id).sort());
});

describe.each(YEARS)('%s in %i', (id, year, form) => {
  const { absent, twice = [] } = DECLARED[id] as Declared;

  test('no contribution is counted in two cells', () => {
    expect(countedTwice(form, year, twice)).toEqual([]);
    // What is declared as legal is no longer needed where it is not found.
    for (const pair of twice)
      expect(
        countedTwice(
          form,
          year,
          twice.filter((other) => other !== pair),
        ),
      ).not.toEqual([]);
  });

  test('every contribution is counted in a cell, or listed as in none', () => {
    expect(countedNowhere(form, year, absent(year))).toEqual([]);
  });

  test('every total covers its parts', () => {
    expect(incompleteTotals(form, year)).toEqual([]);
  });

  test('every rule is over cells the form prints', () => {
    expect(rulesBesideTheForm(form, year)).toEqual([]);
  });

  test('stocks and openings follow from last year’s table by what they count', () => {
    expect(brokenChains(form, year)).toEqual([]);
  });

  test('labels are told apart, and are numbered as their codes', () => {
    expect(wrongLabels(form, year)).toEqual([]);
  });
});

describe.each(FORMS.map((form) => [form.id, form] as const))('%s', (_, form) => {
  test('every selector takes what a contribution can be', () => {
    expect(impossibleSelectors(form)).toEqual([]);
    expect(wrongColumns(form)).toEqual([]);
    expect(wrongScales(form)).toEqual([]);
  });

  test('every sum says what its cell is computed from', () => {
    expect(unequalSums(form)).toEqual([]);
  });
});

test('what events contribute is of the kinds the forms are held against', () => {
  const folder = join(__dirname, '../events/golden');
  const stored = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReadShape);
  const all = stored
    .filter(({ type }) => isActType(type))
    .map((event) => count(toAct(event, () => null)))
    .flatMap(({ contributions, firsts }) => [...contributions, ...firsts]);
  expect(all.length).toBeGreaterThan(20);
  for (const { measure, dimensions } of all)
    expect([measure, dimensions, isKind(measure, dimensions)]).toEqual([measure, dimensions, true]);
});

describe('a form with a fault is noticed', () => {
  const changed = (form: Form, code: string, change: (row: FormRow) => FormRow): Form => ({
    ...form,
    rows: form.rows.map((row) => (row.code === code ? change(row) : row)),
  });
  const released = (form: Form, code: string, ...channel: string[]): Form =>
    changed(form, code, (row) => ({
      ...(row as ValueRow),
      source: { basis: 'counted', select: { measure: 'item.released', where: { channel } } },
    }));

  test('one channel in two cells', () => {
    const faulty = released(form2014Shandong, '1.2.3', 'wechat', 'gazette');
    expect(countedTwice(faulty, 2017)).toEqual(['item.released channel=gazette: 1.2.3 and 1.2.4']);
  });

  test('one channel in none', () => {
    const faulty = released(form2014Shandong, '1.2.4', 'gazette', 'bulletin-board', 'other');
    const { absent } = DECLARED['2014-shandong'] as Declared;
    expect(countedNowhere(faulty, 2017, absent(2017))).toEqual(['item.released channel=press-conference: in no cell']);
  });

  test('a channel that is none', () => {
    const faulty = released(form2014Shandong, '1.2.3', 'wechat', 'radio');
    expect(impossibleSelectors(faulty)).toEqual(['1.2.3: item.released has never channel=radio']);
  });

  test('a total that leaves out a row, and one that leaves out a column', () => {
    const partial = changed(form2014Shandong, '3.2', (row) => ({ ...(row as ValueRow), source: { basis: 'computed', sumOf: ['3.2.1'] } }));
    expect(incompleteTotals(partial, 2017)).toEqual(['3.2: is not the total of 3.2.1, 3.2.2']);
    expect(unequalSums(partial)).toHaveLength(2);
    const narrow = changed(form2021, '4.1', (row) => {
      const { pending: _pending, ...columns } = (row as Extract<FormRow, { columns: unknown }>).columns;
      return { ...row, columns };
    });
    expect(incompleteTotals(narrow, 2021)).toEqual(['4.1:total: is not the total of its row']);
    expect(rulesBesideTheForm(narrow, 2021)).toEqual([
      'row-total: 4.1:pending is not printed in 2021',
      'pending-lost: 4.1:pending is not printed in 2021',
    ]);
  });

  test('a row without its bound, a stock without its chain, columns and labels that changed places', () => {
    const unbound = { ...form2014Shandong, rules: form2014Shandong.rules.filter(({ rule }) => rule !== 'part-of') };
    expect(incompleteTotals(unbound, 2017)).toHaveLength(2);
    expect(countedTwice(unbound, 2017)).toContain('press-conference.held chief=yes: 2.2.1 and 2.2.1.of1');
    const loose = { ...form2021, rules: form2021.rules.filter(({ rule }) => rule !== 'roll-forward') };
    expect(brokenChains(loose, 2021)).toHaveLength(2 + cellsOf(form2021.rows.find(({ code }) => code === '3.2') as FormRow).length - 1);
    const swapped = changed(form2021, '3.1', (row) => {
      const { columns } = row as Extract<FormRow, { columns: unknown }>;
      const [business, research] = [columns['research'], columns['business']];
      return { ...row, columns: { ...columns, business, research } } as FormRow;
    });
    expect(wrongColumns(swapped)).toHaveLength(2);
    const renamed = changed(form2021, '3.3.6.2', (row) => ({ ...row, label: '3.其他' }));
    expect(wrongLabels(renamed, 2021)).toHaveLength(2);
  });
});
