/**
 * Real published tables: what each must be reported for, nothing of severity error beside it, silence where it says so.
 */
import { readAmount, printAmount, UNREADABLE } from '../../src/statistics/amount.js';
import { checkPublished } from '../../src/statistics/published-table.js';
import { fixture, fixtures, published } from '../support/tables.js';

const check = (id: string, previous?: string): ReturnType<typeof checkPublished> =>
  checkPublished(published(fixture(id)), previous === undefined ? null : published(fixture(previous)));

/** A fixture with some cells printed otherwise. */
const altered = (id: string, cells: Record<string, unknown>, more: { year?: number; form?: string } = {}) =>
  published({ ...fixture(id), ...more, cells: { ...fixture(id).cells, ...cells } });

const rulesOf = (findings: ReturnType<typeof checkPublished>): string[] => findings.map(({ rule, severity }) => `${severity} ${rule}`);

test.each(fixtures.map((table) => [table.id, table] as const))('%s: its expected findings and no other error', (id, table) => {
  const before = [...new Set(table.expected.map((expected) => expected.with))];
  const findings = check(id, before[0]);
  for (const { rule, cells } of table.expected)
    for (const cell of cells) expect(findings.filter((found) => found.rule === rule && found.cells[0] === cell)).toHaveLength(1);
  const expected = table.expected.flatMap(({ rule, cells }) => cells.map((cell) => `${rule} ${cell}`));
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ rule, cells }) => `${rule} ${cells[0]}`).sort()).toEqual(expected.sort());
});

test.each([
  ['pingtan-2015', 'pingtan-2014'],
  ['pingtan-2021', undefined],
  ['pingtan-2019', undefined],
  ['jinxiang-commerce-2017', undefined],
] as const)('%s with %s: not one finding', (id, previous) => {
  // … with …: not one finding, so nothing about what quiet names.
  expect(check(id, previous)).toEqual([]);
});

test('a broken cumulative column names both sides', () => {
  // A broken cumulative column names both sides, and the rows within it that break too.
  expect(check('pingtan-2017', 'pingtan-2016')).toMatchObject([
    { rule: 'roll-forward', severity: 'error', cells: ['1:cumulative', '1:year'], left: '10037', right: '87498' },
  ]);
  expect(check('pingtan-2017', 'pingtan-2016')[0]?.message).toContain('1.1:cumulative');
  const broken = checkPublished(altered('pingtan-2015', { '2.3:cumulative': '0' }), published(fixture('pingtan-2014')));
  expect(broken).toMatchObject([{ rule: 'roll-forward', cells: ['2.3:cumulative', '2.3:year'], left: '0', right: '1' }]);
});

test('only the year before is last year’s', () => {
  // The table of another year than the one before is not last year’s.
  expect(check('pingtan-2017', 'pingtan-2015')).toEqual([]);
});

test('stocks stop at 2021’s change of form', () => {
  // Stocks and items stop at the change of form of 2021; 上年结转 does not.
  const of2020 = altered('pingtan-2019', { '2.1.2:total-public': '166', '2.6.1:items-last-year': '5' }, { year: 2020 });
  expect(checkPublished(published(fixture('pingtan-2021')), of2020)).toEqual([]);
  const carried = altered('pingtan-2019', { '3.4:natural-person': '2', '3.4:total': '2' }, { year: 2020 });
  expect(checkPublished(published(fixture('pingtan-2021')), carried)).toMatchObject([
    { rule: 'roll-forward', severity: 'error', cells: ['3.2:natural-person', '3.4:natural-person'], left: '0', right: '2' },
    { rule: 'roll-forward', severity: 'error', cells: ['3.2:total', '3.4:total'] },
  ]);
});

test('2019 to 2020: broken stocks are warnings', () => {
  // 2019 to 2020: items last year, and 对外公开总数量 as a stock, are warnings.
  const of2020 = altered(
    'pingtan-2019',
    { '2.1.2:published': '70', '2.1.2:total-public': '166', '2.6.1:items-last-year': '2640', '2.8.1:items-last-year': null },
    { year: 2020 },
  );
  expect(checkPublished(of2020, altered('pingtan-2019', { '2.6.1:change': '-18' }))).toMatchObject([
    { rule: 'roll-forward', severity: 'warning', cells: ['2.1.2:total-public', '2.1.2:published'], left: '166', right: '159' },
    { rule: 'roll-forward', severity: 'warning', cells: ['2.6.1:items-last-year', '2.6.1:change'], left: '2640', right: '2630' },
  ]);
});

test('2021 to 2022: broken 现行有效 is a warning', () => {
  // 2021 to 2022: 现行有效 = last year + 制发 − 废止, a warning.
  const of2022 = altered('pingtan-2021', { '2.1.2:in-force': '732', '3.2:natural-person': '1', '3.2:total': '1' }, { year: 2022 });
  const findings = checkPublished(of2022, published(fixture('pingtan-2021')));
  expect(findings.filter(({ rule }) => rule === 'roll-forward')).toMatchObject([
    { severity: 'warning', cells: ['2.1.2:in-force', '2.1.2:made', '2.1.2:repealed'], left: '732', right: '731' },
  ]);
});

test('results are checked beside 一+二 = 三（七）+四', () => {
  // 一+二 = 三（七）+四 may hold while the results do not add up: both are checked.
  const findings = checkPublished(altered('pingtan-2021', { '3.3.1:natural-person': '33', '3.3.1:total': '36' }), null);
  expect(findings).toMatchObject([
    { rule: 'sum', severity: 'error', left: '63', right: '69' },
    { rule: 'sum', severity: 'error', left: '69', right: '75' },
  ]);
  expect(findings[0]?.cells[0]).toBe('3.3.7:natural-person');
  const open = checkPublished(altered('pingtan-2021', { '3.4:natural-person': '2', '3.4:total': '2' }), null);
  expect(open).toMatchObject([
    {
      rule: 'balance',
      cells: ['3.1:natural-person', '3.2:natural-person', '3.3.7:natural-person', '3.4:natural-person'],
      left: '64',
      right: '65',
    },
    { rule: 'balance', left: '70', right: '71' },
  ]);
});

describe('blank is not 0', () => {
  const zeroesBlank = (id: string): Record<string, null> =>
    Object.fromEntries(Object.entries(fixture(id).cells).flatMap(([cell, value]) => (value === '0' ? [[cell, null]] : [])));

  test('blank zero cells are no error', () => {
    // A table that leaves its zero cells blank has no error.
    expect(rulesOf(checkPublished(altered('pingtan-2021', zeroesBlank('pingtan-2021')), null))).toEqual([]);
    expect(checkPublished(altered('pingtan-2019', zeroesBlank('pingtan-2019')), null)).toEqual([]);
  });

  test('a blank total over parts is a warning', () => {
    // A total left blank over filled parts is a warning, and its sum is not judged.
    const findings = checkPublished(altered('pingtan-2021', { '3.1:total': null, '4.1:total': null }), null);
    expect(findings).toMatchObject([
      { rule: 'blank', severity: 'warning', left: null, right: '70' },
      { rule: 'blank', severity: 'warning', left: null, right: '3' },
    ]);
    expect(findings.map(({ cells }) => cells[0])).toEqual(['3.1:total', '4.1:total']);
  });

  test('a blank 3.1 or （七） breaks no balance', () => {
    // A blank 3.1 or （七） leaves the balance alone, a blank carry-over is none.
    expect(rulesOf(checkPublished(altered('pingtan-2021', { '3.1:natural-person': null, '3.1:total': '6' }), null))).toEqual([
      'error balance',
    ]);
    expect(rulesOf(checkPublished(altered('pingtan-2021', { '3.4:natural-person': null, '3.4:total': null }), null))).toEqual([
      'warning blank',
      'error balance',
    ]);
  });

  test('an absent or empty cell is blank', () => {
    // An absent cell is blank; an empty string too.
    const { '3.2:total': _, ...cells } = fixture('pingtan-2021').cells;
    expect(rulesOf(checkPublished(published({ ...fixture('pingtan-2021'), cells }), null))).toEqual(['warning blank']);
    expect(rulesOf(checkPublished(altered('pingtan-2021', { '3.2:total': ' ' }), null))).toEqual(['warning blank']);
  });
});

describe('values', () => {
  test.each([
    ['72', '条', '72'],
    ['72条', '条', '72'],
    ['3 件', null, '3'],
    ['７２', '条', '72'],
    ['-18', null, '-18'],
    ['0', null, '0'],
    ['007', null, '7'],
    [5, null, '5'],
    ['24252.311082', '万元', '24252.311082'],
    ['251000元', '万元', '25.1'],
    ['73802895.90元', '万元', '7380.28959'],
    ['73802895.90元', '元', '73802895.9'],
    ['1.5亿元', '元', '150000000'],
    ['0.2万元', '万元', '0.2'],
    ['1分', '万元', '0.000001'],
  ] as const)('%s in a cell of %s is %s', (text, unit, amount) => {
    const read = readAmount(text, unit);
    expect(typeof read === 'bigint' ? printAmount(read) : read).toBe(amount);
  });

  test.each([
    ['/', null],
    ['无', null],
    ['—', null],
    ['1,234', null],
    ['约5', null],
    ['5元', '件'],
    ['5件', '万元'],
    ['五', null],
    ['1.', null],
    ['1e3', null],
    [true, null],
    [['1'], null],
  ] as const)('%s in %s is no number', (text, unit) => {
    // … in a cell of … is no number.
    expect(readAmount(text, unit)).toBe(UNREADABLE);
  });

  test('no number is an error, and stops rules', () => {
    // A cell that is no number is an error of its own, and the rules that need it are not applied.
    expect(checkPublished(altered('pingtan-2021', { '3.3.1:natural-person': '约30' }), null)).toMatchObject([
      { rule: 'not-a-number', severity: 'error', cells: ['3.3.1:natural-person'], left: '约30', right: null },
    ]);
  });

  test('a value’s own unit is converted', () => {
    // A value with a unit of its own is compared in the unit of the cell.
    expect(checkPublished(altered('pingtan-2021', { '2.8.1:amount': '73802895.90元', '3.1:total': '70件' }), null)).toEqual([]);
  });
});

test('unknown cells are one finding, under no rule', () => {
  // Cells the form lacks are named, all in one finding, and take no part in any rule.
  const unknown = (cells: string[]): unknown => [{ rule: 'unknown-cell', severity: 'info', cells, left: null, right: null }];
  const others = altered('pingtan-2021', { '9.9': '/', '2.9.1:amount': 'x', '3.1': '5', constructor: null });
  expect(checkPublished(others, null)).toMatchObject(unknown(['9.9', '2.9.1:amount', '3.1', 'constructor']) as object[]);
  // The row of fees waived is not printed from 2017.
  expect(checkPublished(altered('pingtan-2017', { '4:year': 'x' }), null)).toMatchObject(unknown(['4:year']) as object[]);
  // The code of a heading is known as long as nothing is printed there.
  expect(checkPublished(altered('jinxiang-commerce-2017', { '1': null, '2.2': null }), null)).toEqual([]);
  expect(checkPublished(altered('jinxiang-commerce-2017', { '2.2': '5' }), null)).toMatchObject(unknown(['2.2']) as object[]);
});

test('another year’s form is a warning', () => {
  // A form that is not this year’s is a warning.
  const findings = checkPublished(altered('pingtan-2021', {}, { year: 2020 }), null);
  expect(findings).toMatchObject([{ rule: 'not-this-years-form', severity: 'warning', cells: [], left: null, right: null }]);
});

test('Fujian’s 2.1 to 2.3 are part of 2', () => {
  // 2.1 to 2.3 of the Fujian form are together part of row 2.
  const findings = checkPublished(altered('pingtan-2014', { '2.1:year': '1' }), null);
  expect(findings).toMatchObject([
    { rule: 'part-of', severity: 'error', cells: ['2.1:year', '2.2:year', '2.3:year', '2:year'], left: '2', right: '1' },
  ]);
});
