/** The rules between cells: each holds, fails, and is silent on blanks; and which mistakes of one cell they find in a real table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAmount, UNREADABLE } from '../../src/statistics/amount.js';
import { check, type Finding, type Rule } from '../../src/statistics/checks.js';
import { form2014Shandong as form } from '../../src/statistics/forms/2014-shandong.js';
import { checkPublished } from '../../src/statistics/published-table.js';
import { published as readPublished } from '../support/tables.js';

type Values = Readonly<Record<string, string | null | undefined>>;

const found = (rules: readonly Rule[], values: Values, published = true): Omit<Finding, 'message'>[] => {
  const amounts = new Map(Object.entries(values).map(([cell, value]) => [cell, readAmount(value, null)]));
  return check(rules, amounts, { published, lastYear: null }).map(({ message, ...finding }) => {
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

  test('fails: printed and computed side, every cell of both', () => {
    expect(found(rules, { T: '7', a: '1', b: '2', c: '3' })).toEqual([{ rule: 'sum', severity: 'error', cells, left: '7', right: '6' }]);
    expect(found(rules, { T: '0.3', a: '0.1', b: '0.2', c: '0.000001' })).toEqual([
      { rule: 'sum', severity: 'error', cells, left: '0.3', right: '0.300001' },
    ]);
  });

  test('blank parts are left out; zero is no blank', () => {
    expect(found(rules, { T: '3', a: '1', b: '2', c: null })).toEqual([]);
    expect(found(rules, { T: '4', a: '1', b: '2', c: null })).toMatchObject([{ rule: 'sum', left: '4', right: '3' }]);
    expect(found(rules, { T: '1', a: '0', b: null, c: null })).toMatchObject([{ rule: 'sum', left: '1', right: '0' }]);
  });

  test('all parts blank, or a blank total: not applied; a blank total over filled parts is worth a warning', () => {
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

  test('below a single channel: a warning, on published tables only', () => {
    const values = { W: '4', a: '1', b: '5', c: '2' };
    expect(found(rules, values)).toEqual([{ rule: 'distinct-bound', severity: 'warning', cells: ['W', 'b'], left: '4', right: '5' }]);
    expect(found(rules, values, false)).toEqual([]);
  });

  test('blanks: not applied', () => {
    expect(found(rules, { W: null, a: '5', b: '2', c: '1' })).toEqual([]);
    expect(found(rules, { W: '9', a: '5', b: '2', c: null })).toEqual([]);
  });
});

describe('what is no number', () => {
  test.each(['/', '无', '1,000', '1e3', '12-', '--1', '0x10', '1.', '.5', '3元'])('"%s"', (value) => {
    expect(readAmount(value, null)).toBe(UNREADABLE);
  });

  test.each(['0', '-18', '0.2', '24252.311082', '007', ' 1', '１２', '3条'])('"%s" is one', (value) => {
    expect(typeof readAmount(value, null)).toBe('bigint');
  });

  test('takes no part in the rules; a blank is none', () => {
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
   * Cells that stand alone in the form: nothing printed beside them must add up to them or bound them from above. A wrong number there can be
   * found only by its events.
   */
  const UNBOUND = ['1.1.of1', '1.1.ref1', '2.1', '2.2.1', '2.2.2', '2.2.3', '2.2.4', '8', '9.1', '9.2', '9.4', '10.1', '10.2', '10.3'];
  /** One more on a channel lets 72 distinct items lie between the channels still: items on two channels are legal. */
  const WITHIN_BOUNDS = ['1.2.1', '1.2.2', '1.2.3', '1.2.4'];

  test('the table as published has no finding', () => {
    expect(valued).toHaveLength(62);
    expect(check(cells)).toEqual([]);
  });

  test('one more in any cell is found, but for the cells no rule of the form can bind', () => {
    const missed = valued.filter(({ cell, value }) => check({ ...cells, [cell]: plusOne(value) }).length === 0);
    expect(missed.map(({ cell }) => cell).sort()).toEqual([...UNBOUND, ...WITHIN_BOUNDS].sort());
  });

  test('what is found names the cell that was changed', () => {
    for (const { cell, value } of valued) {
      for (const finding of check({ ...cells, [cell]: plusOne(value) })) expect(finding.cells).toContain(cell);
    }
  });

  test('a digit too many, a word or a blank in a total is found', () => {
    for (const { cell, value } of valued) {
      expect(check({ ...cells, [cell]: `${value}页码` }).map(({ rule }) => rule)).toContain('not-a-number');
    }
    for (const rule of form.rules) {
      if (rule.rule === 'sum') expect(check({ ...cells, [rule.total]: null }).map((finding) => finding.rule)).toEqual(['blank']);
    }
  });

  test('one less on a channel is found: 72 items are no longer below the sum', () => {
    for (const channel of ['1.2.1', '1.2.3', '1.2.4']) {
      const less = String(Number(cells[channel]) - 1);
      expect(check({ ...cells, [channel]: less })).toMatchObject([{ rule: 'distinct-bound', severity: 'error', left: '72', right: '71' }]);
    }
  });
});
