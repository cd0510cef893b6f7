/**
 * Each single cell of a correct table changed by one is found by a rule, or is on the list below of cells that no rule
 * covers. The list is exact: a cell on it that a rule comes to cover fails here as well. A variant needs no table of
 * its own: it has that of its form, with values in its rows.
 */
import { cellsIn, cellsOf, rowsOf, type Form } from '../../src/statistics/form.js';
import { REGISTERED } from '../../src/statistics/forms/registry.js';
import type { RegisteredForm, Variant } from '../../src/statistics/forms/registered.js';
import { checkPublished, type PublishedTable } from '../../src/statistics/published-table.js';
import { published } from '../support/tables.js';

type Cells = Record<string, string>;
interface Correct {
  readonly form: string;
  readonly year: number;
  readonly cells: Cells;
  readonly last: PublishedTable | null;
  /** Cells no rule covers, with the reason. */
  readonly uncovered: Readonly<Record<string, readonly string[]>>;
  /** Cells found only when they grow (`up`) or shrink (`down`): the rules about them are bounds. */
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const KINDS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'];
const RESULTS = [
  '3.3.1',
  '3.3.2',
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `3.3.3.${n}`),
  ...[1, 2, 3].map((n) => `3.3.4.${n}`),
  ...[1, 2, 3, 4, 5].map((n) => `3.3.5.${n}`),
];

/** Parts three and four, every cell above zero and no two columns alike. */
function partsThreeAndFour(otherwise: readonly string[], carriedIn: number): Cells {
  const results = [...RESULTS, ...otherwise];
  const columns = KINDS.map((kind, n): [string, Record<string, number>] => {
    const row: Record<string, number> = Object.fromEntries(results.map((code, at) => [code, n + at + 1]));
    const closed = Object.values(row).reduce((a, b) => a + b, 0);
    return [kind, { ...row, '3.2': carriedIn + n, '3.3.7': closed, '3.4': n + 2, '3.1': closed + n + 2 - carriedIn - n }];
  });
  const cells: Cells = {};
  for (const code of ['3.1', '3.2', ...results, '3.3.7', '3.4']) {
    for (const [kind, values] of columns) cells[`${code}:${kind}`] = String(values[code]);
    cells[`${code}:total`] = String(columns.reduce((sum, [, values]) => sum + (values[code] ?? 0), 0));
  }
  for (const line of [1, 2, 3]) {
    Object.assign(cells, {
      [`4.${line}:upheld`]: '4',
      [`4.${line}:corrected`]: '3',
      [`4.${line}:other`]: '2',
      [`4.${line}:pending`]: '1',
      [`4.${line}:total`]: '10',
    });
  }
  return cells;
}

/** Last year's table, of which only what is carried over matters. */
function last(form: string, year: number, cells: Cells, carried: number): PublishedTable {
  const over = KINDS.map((kind, n): [string, string] => [`3.4:${kind}`, String(carried + n)]);
  const total = KINDS.reduce((sum, _, n) => sum + carried + n, 0);
  return published({ form, year, cells: { ...cells, ...Object.fromEntries(over), '3.4:total': String(total) } });
}

const ITEMS = ['2.5.1', '2.5.2', '2.6.1', '2.6.2', '2.8.1'];

const form2014: Cells = {
  ...{ '1.1': '72', '1.1.of1': '3', '1.1.ref1': '4', '1.2.1': '37', '1.2.2': '0', '1.2.3': '20', '1.2.4': '15', '2.1': '2' },
  ...{ '2.2.1': '1', '2.2.1.of1': '1', '2.2.2': '3', '2.2.3': '1', '2.2.4': '1' },
  ...{ '3.1': '15', '3.1.1': '1', '3.1.2': '2', '3.1.3': '3', '3.1.4': '4', '3.1.5': '5', '3.2': '14', '3.2.1': '9', '3.2.2': '5' },
  ...{ '3.3': '52', '3.3.1': '2', '3.3.2': '3', '3.3.3': '4', '3.3.4': '21', '3.3.5': '5', '3.3.6': '6', '3.3.7': '7', '3.3.8': '4' },
  ...{ '3.3.4.of1': '1', '3.3.4.of2': '2', '3.3.4.of3': '3', '3.3.4.of4': '4', '3.3.4.of5': '5', '3.3.4.of6': '6' },
  ...{
    '4': '6',
    '4.1': '1',
    '4.2': '2',
    '4.3': '3',
    '5': '6',
    '5.1': '1',
    '5.2': '2',
    '5.3': '3',
    '6': '6',
    '6.1': '1',
    '6.2': '2',
    '6.3': '3',
  },
  ...{ '7': '9', '7.1': '4', '7.2': '5', '8': '1.2', '9.1': '1', '9.2': '1', '9.3': '3', '9.3.1': '1', '9.3.2': '2', '9.4': '1.2' },
  ...{ '10.1': '1', '10.2': '1', '10.3': '12' },
};

const fujianYear: Cells = {
  ...{
    '1': '20',
    '1.1': '18',
    '1.2': '9',
    '2': '9',
    '2.1': '2',
    '2.2': '3',
    '2.3': '4',
    '3': '10',
    '3.1': '1',
    '3.2': '2',
    '3.3': '3',
    '3.4': '4',
  },
  ...{ '4': '5', '5': '6', '6': '2', '7': '1' },
};
const fujian = (times: number): Cells =>
  Object.fromEntries(
    Object.entries(fujianYear).flatMap(([code, value]) => [
      [`${code}:year`, value],
      [`${code}:cumulative`, String(Number(value) * times)],
    ]),
  );

const TABLES: readonly Correct[] = [
  {
    form: '2014-shandong',
    year: 2017,
    cells: form2014,
    last: null,
    uncovered: {
      'the form prints no second figure for them': [
        '1.1.ref1',
        '2.1',
        '2.2.2',
        '2.2.3',
        '2.2.4',
        '8',
        '9.1',
        '9.2',
        '9.4',
        '10.1',
        '10.2',
        '10.3',
      ],
      'far from their bounds: an item counts once, its channels each': ['1.1.of1'],
    },
    up: ['1.1', '2.2.1.of1'],
    down: ['1.2.1', '1.2.2', '1.2.3', '1.2.4', '2.2.1'],
  },
  {
    form: '2014-fujian',
    year: 2016,
    cells: fujian(3),
    last: published({ form: '2014-fujian', year: 2015, cells: fujian(2) }),
    uncovered: {},
    up: [],
    down: [],
  },
  {
    form: '2019',
    year: 2020,
    cells: {
      ...Object.fromEntries(
        ITEMS.flatMap((code): [string, string][] => [
          [`${code}:items-last-year`, '30'],
          [`${code}:change`, '-2'],
          // 收费 prints none.
          ...(code === '2.8.1' ? [] : [[`${code}:decisions`, '7'] as [string, string]]),
        ]),
      ),
      ...Object.fromEntries(
        ['2.1.1', '2.1.2'].flatMap((code) => [
          [`${code}:made`, '5'],
          [`${code}:published`, '4'],
          [`${code}:total-public`, '44'],
        ]),
      ),
      ...{ '2.9.1:purchases': '6', '2.9.1:amount': '1000.25' },
      ...partsThreeAndFour(['3.3.6'], 3),
    },
    last: last(
      '2019',
      2019,
      {
        ...Object.fromEntries(
          ITEMS.flatMap((code) => [
            [`${code}:items-last-year`, '29'],
            [`${code}:change`, '1'],
          ]),
        ),
        ...{ '2.1.1:total-public': '40', '2.1.2:total-public': '40' },
      },
      3,
    ),
    uncovered: {
      'documents made need not be published in the year': ['2.1.1:made', '2.1.2:made'],
      'the change is compared in the table of the year after': ITEMS.map((code) => `${code}:change`),
      'the form prints no second figure for them': [
        '2.5.1:decisions',
        '2.5.2:decisions',
        '2.6.1:decisions',
        '2.6.2:decisions',
        '2.9.1:purchases',
        '2.9.1:amount',
      ],
    },
    up: [],
    down: [],
  },
  {
    form: '2021',
    year: 2022,
    cells: {
      ...Object.fromEntries(
        ['2.1.1', '2.1.2'].flatMap((code) => [
          [`${code}:made`, '5'],
          [`${code}:repealed`, '2'],
          [`${code}:in-force`, '43'],
        ]),
      ),
      ...{ '2.5.1:decisions': '7', '2.6.1:decisions': '7', '2.6.2:decisions': '7', '2.8.1:amount': '12.5' },
      ...partsThreeAndFour(['3.3.6.1', '3.3.6.2', '3.3.6.3'], 4),
    },
    last: last('2021', 2021, { '2.1.1:in-force': '40', '2.1.2:in-force': '40' }, 4),
    uncovered: {
      'the form prints no second figure for them': ['2.5.1:decisions', '2.6.1:decisions', '2.6.2:decisions', '2.8.1:amount'],
    },
    up: [],
    down: [],
  },
];

test('every form has a correct table here', () => {
  // Every form but a variant has a correct table here.
  const own = REGISTERED.filter(({ variant }) => variant === undefined).map(({ form }) => form.id);
  const without = own.filter((id) => !TABLES.some(({ form }) => form === id));
  expect(without.map((id) => `test/statistics/mutation.test.ts: add a correct table of ${id} to TABLES`)).toEqual([]);
});

/** One more or one less in the last whole place. */
const changed = (value: string, by: 1 | -1): string => {
  const [whole = '', fraction] = value.split('.');
  return `${Number(whole) + by}${fraction === undefined ? '' : `.${fraction}`}`;
};

describe.each(TABLES.map((table) => [table.form, table] as const))('%s', (_, { form, year, cells, last: before, uncovered, up, down }) => {
  const findingsWith = (more: Cells): number => checkPublished(published({ form, year, cells: { ...cells, ...more } }), before).length;
  const table = published({ form, year, cells });
  const printed = rowsOf(table.form, year)
    .flatMap(cellsOf)
    .map(({ cell }) => cell);

  test('the table fills every cell and is correct', () => {
    expect(printed.filter((cell) => cells[cell] === undefined)).toEqual([]);
    expect(checkPublished(table, before)).toEqual([]);
  });

  test('each changed cell is found or listed', () => {
    // Each cell changed by one is found, or is on the list.
    const unseen = (by: 1 | -1): string[] => printed.filter((cell) => findingsWith({ [cell]: changed(cells[cell] ?? '', by) }) === 0);
    const listed = Object.values(uncovered).flat();
    expect(unseen(1).sort()).toEqual([...listed, ...down].sort());
    expect(unseen(-1).sort()).toEqual([...listed, ...up].sort());
  });
});

// ---- variants -------------------------------------------------------------------------------------------------------

/**
 * Values of a variant's own rows: as the first form of the family prints them, this year's and those added up over the
 * years.
 */
const OWN_VALUES: Readonly<Record<string, readonly [now: string, last: string]>> = { cumulative: ['18', '12'] };

function baseOf({ of }: Variant): Correct {
  const found = TABLES.find(({ form }) => form === of.form.id);
  if (found === undefined) throw new Error(`TABLES has none of ${of.form.id}`);
  return found;
}

interface OfBase {
  readonly year: number;
  readonly cells: Readonly<Record<string, unknown>>;
  readonly at: 0 | 1;
}

/** The cells of its form's table under the names of the variant, its own filled, its totals added up again. */
function cellsOfVariant(form: Form, { differences }: Variant, { year, cells: before, at }: OfBase): Cells {
  const old = Object.fromEntries(Object.entries(differences.renumbered ?? {}).map(([from, to]) => [to, from]));
  const cells: Cells = {};
  for (const { cell } of cellsIn(form, year)) {
    const [code = '', column = ''] = cell.split(':');
    const known = before[[old[code] ?? code, ...(column === '' ? [] : [column])].join(':')];
    cells[cell] = typeof known === 'string' ? known : (OWN_VALUES[column]?.[at] ?? '6');
  }
  // From the innermost totals outwards: no form has totals of totals of totals of totals.
  for (let depth = 0; depth < 4; depth += 1)
    for (const { cell, source } of cellsIn(form, year))
      if (source.basis === 'computed') cells[cell] = String(source.sumOf.reduce((sum, part) => sum + Number(cells[part]), 0));
  return cells;
}

/** Cells that a rule gives exactly; the others are at most bounded. */
function exactCells({ rules }: Form): string[] {
  return rules.flatMap((rule) => {
    if (rule.rule === 'sum' || rule.rule === 'row-total') return [rule.total, ...rule.parts];
    return rule.rule === 'roll-forward' ? [rule.cell] : [];
  });
}

const VARIANTS = REGISTERED.flatMap(({ form, variant }: RegisteredForm) =>
  variant === undefined ? [] : [[form.id, form, variant] as const],
);
if (VARIANTS.length > 0)
  test.each(VARIANTS)('%s: each changed cell is found', (id, form, variant) => {
    // Its table is correct, and each cell that a rule gives is found when it is changed.
    const { year, cells: before, last: beforeLast } = baseOf(variant);
    const cells = cellsOfVariant(form, variant, { year, cells: before, at: 0 });
    const lastCells = cellsOfVariant(form, variant, { year: year - 1, cells: beforeLast?.cells ?? {}, at: 1 });
    const lastYear = beforeLast === null ? null : published({ form: id, year: beforeLast.year, cells: lastCells });
    const findings = (more: Cells) => checkPublished(published({ form: id, year, cells: { ...cells, ...more } }), lastYear);
    expect(findings({})).toEqual([]);
    const exact = exactCells(form).filter((cell) => cells[cell] !== undefined);
    for (const by of [1, -1] as const)
      expect(exact.filter((cell) => findings({ [cell]: changed(cells[cell] ?? '', by) }).length === 0)).toEqual([]);
  });
