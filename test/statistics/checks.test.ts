/**
 * The rules between cells: each holds, fails, and is silent on blanks; and which mistakes of one cell they find in a
 * real table.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAmount, UNREADABLE, type Amounts } from '../../src/statistics/amount.js';
import { check, type Finding, type Rule } from '../../src/statistics/checks.js';
import { form2014Shandong as form } from '../../src/statistics/forms/2014-shandong.js';
import { checkPublished } from '../../src/statistics/published-table.js';
import { published as readPublished } from '../support/tables.js';

type Values = Readonly<Record<string, string | null | undefined>>;

const amountsOf = (values: Values): Amounts => new Map(Object.entries(values).map(([cell, value]) => [cell, readAmount(value, null)]));

const found = (rules: readonly Rule[], values: Values, published = true, last: Values | null = null): Omit<Finding, 'message'>[] => {
  const lastYear = last === null ? null : { shown: amountsOf(last), inForm: new Map() };
  return check(rules, amountsOf(values), { published, lastYear }).map(({ message, ...finding }) => {
    expect(message).not.toBe('');
    return finding;
  });
};

describe('sum', () => {
  const rules: Rule[] = [{ rule: 'sum', total: 'T', parts: ['a', 'b', 'c'] }];
  const cells = ['T', 'a', 'b', 'c'];

  test('holds', () => {
    expect(found(rules, { T: '6', a: '1', b: '2', c: '3' })).toEqual([]);
    expect(found(rules, { T: '0.3', a: '0.1', b: '0.2', c: '0' })).toEqual([]);
    expect(found(rules, { T: '24252.311082', a: '24252.311081', b: '0.000001', c: '0' })).toEqual([]);
  });

  test('fails with both sides and every cell', () => {
    // Fails: printed and computed side, every cell of both.
    expect(found(rules, { T: '7', a: '1', b: '2', c: '3' })).toEqual([{ rule: 'sum', severity: 'error', cells, left: '7', right: '6' }]);
    expect(found(rules, { T: '0.3', a: '0.1', b: '0.2', c: '0.000001' })).toEqual([
      { rule: 'sum', severity: 'error', cells, left: '0.3', right: '0.300001' },
    ]);
  });

  test('blank parts are left out, zero is not', () => {
    // Blank parts are left out; zero is no blank.
    expect(found(rules, { T: '3', a: '1', b: '2', c: null })).toEqual([]);
    expect(found(rules, { T: '4', a: '1', b: '2', c: null })).toMatchObject([{ rule: 'sum', left: '4', right: '3' }]);
    expect(found(rules, { T: '1', a: '0', b: null, c: null })).toMatchObject([{ rule: 'sum', left: '1', right: '0' }]);
  });

  test('blank parts or total: not applied, or warned', () => {
    // All parts blank, or a blank total: not applied; a blank total over filled parts is worth a warning.
    expect(found(rules, { T: '3', a: null, b: null, c: null })).toEqual([]);
    expect(found(rules, {})).toEqual([]);
    expect(found(rules, { T: null, a: '1', b: '2', c: null })).toEqual([
      { rule: 'blank', severity: 'warning', cells, left: null, right: '3' },
    ]);
  });
});

describe('part-of', () => {
  const rules: Rule[] = [{ rule: 'part-of', parts: ['p'], whole: 'w' }];

  test('holds up to equality', () => {
    expect(found(rules, { p: '2', w: '2' })).toEqual([]);
    expect(found(rules, { p: '0', w: '2' })).toEqual([]);
    // As texts 9 is above 10; as numbers it is not.
    expect(found(rules, { p: '9', w: '10' })).toEqual([]);
  });

  test('fails', () => {
    expect(found(rules, { p: '10', w: '9' })).toEqual([{ rule: 'part-of', severity: 'error', cells: ['p', 'w'], left: '10', right: '9' }]);
  });

  test('blank on either side: not applied', () => {
    expect(found(rules, { p: '3', w: null })).toEqual([]);
    expect(found(rules, { w: '3' })).toEqual([]);
    expect(found(rules, { p: null, w: '-1' })).toEqual([]);
  });
});

describe('distinct-bound', () => {
  const rules: Rule[] = [{ rule: 'distinct-bound', whole: 'W', channels: ['a', 'b', 'c'] }];

  test('holds between the largest channel and the sum', () => {
    for (const W of ['5', '6', '8']) expect(found(rules, { W, a: '5', b: '2', c: '1' })).toEqual([]);
  });

  test('above the sum: an error, on any table', () => {
    const error = { rule: 'distinct-bound', severity: 'error', cells: ['W', 'a', 'b', 'c'], left: '9', right: '8' };
    expect(found(rules, { W: '9', a: '5', b: '2', c: '1' })).toEqual([error]);
    expect(found(rules, { W: '9', a: '5', b: '2', c: '1' }, false)).toEqual([error]);
  });

  test('below one channel warns on published tables', () => {
    // Below a single channel: a warning, on published tables only.
    const values = { W: '4', a: '1', b: '5', c: '2' };
    expect(found(rules, values)).toEqual([{ rule: 'distinct-bound', severity: 'warning', cells: ['W', 'b'], left: '4', right: '5' }]);
    expect(found(rules, values, false)).toEqual([]);
  });

  test('blanks: not applied', () => {
    expect(found(rules, { W: null, a: '5', b: '2', c: '1' })).toEqual([]);
    expect(found(rules, { W: '9', a: '5', b: '2', c: null })).toEqual([]);
  });
});

describe('a blank total over filled parts', () => {
  const rules: Rule[] = [
    { rule: 'row-total', total: 'T', parts: ['a', 'b'] },
    { rule: 'sum', total: 'T', parts: ['c', 'd'] },
    { rule: 'sum', total: 'S', parts: ['T', 'e'] },
    { rule: 'balance', received: 'r', carriedIn: 'i', closed: 'z', carriedOver: 'T' },
    { rule: 'part-of', parts: ['T'], whole: 'w' },
    { rule: 'part-of', parts: ['w'], whole: 'S' },
    { rule: 'stock-below-flow', stock: 's', plus: 'r', minus: 'T' },
    { rule: 'blank-opening', opening: 'T', closing: 'o', filled: ['r'] },
  ];
  const values = { a: '1', b: null, c: '2', d: '3', T: null, e: '4', S: '9', r: '7', i: '0', z: '5', w: '1', s: '0' };

  test('takes part in no rule, named once', () => {
    // Takes part in no rule: of it the blank is named, once.
    expect(found(rules, values, true, { o: '3' })).toEqual([
      { rule: 'blank', severity: 'warning', cells: ['T', 'a', 'b'], left: null, right: '1' },
    ]);
    // Filled, each of them is applied again.
    const filled = { ...values, T: '2', s: '4', z: '6' };
    expect(found(rules, filled, true, { o: '3' }).map(({ rule }) => rule)).toEqual([
      ...['row-total', 'sum', 'sum', 'balance', 'part-of', 'stock-below-flow'],
    ]);
  });

  test('is silent about parts that are no number', () => {
    // What its parts come to is not told where one of them is no number.
    expect(found(rules.slice(0, 1), { a: '1', b: 'x', T: null })).toMatchObject([{ rule: 'blank', left: null, right: null }]);
    expect(found(rules.slice(0, 1), { a: null, b: 'x', T: null })).toEqual([]);
  });
});

describe('balance', () => {
  const rules: Rule[] = [{ rule: 'balance', received: 'r', carriedIn: 'i', closed: 'z', carriedOver: 'o' }];

  test('a blank carry-over is none', () => {
    // A blank carry-over is none; without what was received or closed it is not applied.
    expect(found(rules, { r: '3', i: null, z: '3', o: null })).toEqual([]);
    expect(found(rules, { r: '3', i: null, z: '2', o: null })).toEqual([
      { rule: 'balance', severity: 'error', cells: ['r', 'i', 'z', 'o'], left: '3', right: '2' },
    ]);
    for (const blank of ['r', 'z']) expect(found(rules, { r: '3', i: '1', z: '2', o: '9', [blank]: null })).toEqual([]);
  });
});

describe('stock-below-flow', () => {
  const rules: Rule[] = [{ rule: 'stock-below-flow', stock: 's', plus: 'p', minus: 'm' }];
  const below = (right: string): unknown[] => [{ rule: 'stock-below-flow', severity: 'warning', cells: ['s', 'p', 'm'], left: '3', right }];

  test('holds up to equality, less what was repealed', () => {
    // Holds up to equality; what was repealed is taken off, a blank is none.
    expect(found(rules, { s: '3', p: '3', m: '0' })).toEqual([]);
    expect(found(rules, { s: '3', p: '9', m: '6' })).toEqual([]);
    expect(found(rules, { s: '3', p: '9', m: '5' })).toEqual(below('4'));
    expect(found(rules, { s: '3', p: '9', m: null })).toEqual(below('9'));
    expect(found([{ rule: 'stock-below-flow', stock: 's', plus: 'p' }], { s: '3', p: '4' })).toMatchObject([{ cells: ['s', 'p'] }]);
  });

  test('without a number on both sides: not applied', () => {
    // Without stock or flow, or with one that is no number: not applied.
    for (const gone of [{ s: null }, { p: null }, { m: 'x' }, { s: 'x' }])
      expect(found(rules, { s: '3', p: '9', m: '1', ...gone })).toEqual([]);
  });
});

describe('items-below-zero', () => {
  const rules: Rule[] = [{ rule: 'items-below-zero', items: 'i', change: 'c' }];

  test('holds down to zero', () => {
    expect(found(rules, { i: '10', c: '-10' })).toEqual([]);
    expect(found(rules, { i: '10', c: '-11' })).toEqual([
      { rule: 'items-below-zero', severity: 'error', cells: ['i', 'c'], left: '-1', right: '0' },
    ]);
    expect(found(rules, { i: null, c: '-11' })).toEqual([]);
  });
});

describe('blank-opening', () => {
  const rules: Rule[] = [{ rule: 'blank-opening', opening: 'i', closing: 'o', filled: ['r', 'z'] }];
  const warned = [{ rule: 'blank-opening', severity: 'warning', cells: ['i'], left: null, right: '7' }];

  test('a blank over carried cases is found', () => {
    // A blank where cases were carried over, in a column that says anything.
    expect(found(rules, { r: '5' }, true, { o: '7' })).toEqual(warned);
    expect(found(rules, { z: '0' }, false, { o: '7' })).toEqual(warned);
    for (const here of [{}, { i: '0', r: '5' }, { i: 'x', r: '5' }, { r: 'x' }]) expect(found(rules, here, true, { o: '7' })).toEqual([]);
    for (const there of [{}, { o: '0' }, { o: null }, { o: 'x' }]) expect(found(rules, { r: '5' }, true, there)).toEqual([]);
    expect(found(rules, { r: '5' })).toEqual([]);
  });
});

describe('pending-lost', () => {
  const row = (name: string): { total: string; pending: string; parts: string[] } => ({
    ...{ total: `${name}t`, pending: `${name}p` },
    parts: [`${name}u`, `${name}p`],
  });
  const rules: Rule[] = [{ rule: 'pending-lost', rows: [row('a'), row('b')] }];
  const lost = (cell: string, left: string, right: string): unknown => ({
    rule: 'pending-lost',
    severity: 'error',
    cells: [cell],
    left,
    right,
  });

  test('a total below what was pending is found', () => {
    // A row whose total is below what was pending.
    expect(found(rules, { at: '4' }, true, { ap: '4' })).toEqual([]);
    expect(found(rules, { at: '3' }, true, { ap: '4' })).toEqual([lost('at', '3', '4')]);
    expect(found(rules, { at: '3', bt: '0' }, true, { ap: '4', bp: '1' })).toEqual([lost('at', '3', '4'), lost('bt', '0', '1')]);
  });

  test('a blank row is 0 beside filled ones', () => {
    // A blank row is 0 where another one is filled, and says nothing where none is.
    expect(found(rules, { bu: '0' }, true, { ap: '4' })).toEqual([lost('at', '0', '4')]);
    expect(found(rules, { at: null, bt: null }, true, { ap: '4' })).toEqual([]);
    // The row itself is filled but for its total, or no number.
    expect(found(rules, { au: '1', bt: '0' }, true, { ap: '4' })).toEqual([]);
    expect(found(rules, { at: 'x', bt: '0' }, true, { ap: '4' })).toEqual([]);
  });

  test('applies to printed tables beside known years', () => {
    // On printed tables only, and beside a year that says what was pending.
    expect(found(rules, { at: '3' }, false, { ap: '4' })).toEqual([]);
    expect(found(rules, { at: '3' }, true, { ap: 'x' })).toEqual([]);
    expect(found(rules, { at: '3' })).toEqual([]);
  });

  test('a blank total over parts is another finding', () => {
    // A total left blank over its parts is reported as that.
    const withTotal: Rule[] = [{ rule: 'row-total', total: 'at', parts: ['au', 'ap'] }, ...rules];
    expect(found(withTotal, { au: '1', bt: '0' }, true, { ap: '4' }).map(({ rule }) => rule)).toEqual(['blank']);
  });
});

describe('what is no number', () => {
  test.each(['/', '无', '1,000', '1e3', '12-', '--1', '0x10', '1.', '.5', '3元'])('"%s"', (value) => {
    expect(readAmount(value, null)).toBe(UNREADABLE);
  });

  test.each(['0', '-18', '0.2', '24252.311082', '007', ' 1', '１２', '3条'])('"%s" is one', (value) => {
    expect(typeof readAmount(value, null)).toBe('bigint');
  });

  test('takes part in no rule', () => {
    // Takes no part in the rules; a blank is none.
    const rules: Rule[] = [{ rule: 'sum', total: 'T', parts: ['a', 'b'] }];
    expect(found(rules, { T: '/', a: '1', b: '2' })).toEqual([]);
    expect(found(rules, { T: '2', a: '/', b: '2' })).toEqual([]);
    expect([null, undefined, '', ' '].map((blank) => readAmount(blank, null))).toEqual([null, null, null, null]);
  });
});

describe('mutations of the table published for 2017', () => {
  const { cells } = JSON.parse(readFileSync(join(__dirname, '../fixtures/tables/jinxiang-commerce-2017.json'), 'utf8')) as {
    cells: Record<string, string | null>;
  };
  const check = (values: Values): Finding[] => checkPublished(readPublished({ year: 2017, form: form.id, cells: values }), null);
  const valued = Object.entries(cells).flatMap(([cell, value]) => (value === null ? [] : [{ cell, value }]));
  const plusOne = (value: string): string => {
    const [whole = '', fraction] = value.split('.');
    return `${BigInt(whole) + 1n}${fraction === undefined ? '' : `.${fraction}`}`;
  };

  /**
   * Cells that stand alone in the form: nothing printed beside them must add up to them or bound them from above. A
   * wrong number there can be found only by its events.
   */
  const UNBOUND = ['1.1.of1', '1.1.ref1', '2.1', '2.2.1', '2.2.2', '2.2.3', '2.2.4', '8', '9.1', '9.2', '9.4', '10.1', '10.2', '10.3'];
  /** One more on a channel lets 72 distinct items lie between the channels still: items on two channels are legal. */
  const WITHIN_BOUNDS = ['1.2.1', '1.2.2', '1.2.3', '1.2.4'];

  test('the table as published has no finding', () => {
    expect(valued).toHaveLength(62);
    expect(check(cells)).toEqual([]);
  });

  test('one more in any bound cell is found', () => {
    // One more in any cell is found, but for the cells no rule of the form can bind.
    const missed = valued.filter(({ cell, value }) => check({ ...cells, [cell]: plusOne(value) }).length === 0);
    expect(missed.map(({ cell }) => cell).sort()).toEqual([...UNBOUND, ...WITHIN_BOUNDS].sort());
  });

  test('a finding names the changed cell', () => {
    for (const { cell, value } of valued) {
      for (const finding of check({ ...cells, [cell]: plusOne(value) })) expect(finding.cells).toContain(cell);
    }
  });

  test('a digit, a word, a blank are found', () => {
    // A digit too many, a word or a blank in a total is found.
    for (const { cell, value } of valued) {
      expect(check({ ...cells, [cell]: `${value}页码` }).map(({ rule }) => rule)).toContain('not-a-number');
    }
    for (const rule of form.rules) {
      if (rule.rule === 'sum') expect(check({ ...cells, [rule.total]: null }).map((finding) => finding.rule)).toEqual(['blank']);
    }
  });

  test('one less on a channel is found', () => {
    // One less on a channel is found: 72 items are no longer below the sum.
    for (const channel of ['1.2.1', '1.2.3', '1.2.4']) {
      const less = String(Number(cells[channel]) - 1);
      expect(check({ ...cells, [channel]: less })).toMatchObject([{ rule: 'distinct-bound', severity: 'error', left: '72', right: '71' }]);
    }
  });
});
