/**
 * Every form is well formed: each cell named once, each with a source, each computed cell and each rule over cells the
 * form has.
 */
import { cellOf, cellsOf, explainedBy, rowsOf, selects, selectorsOf, serves, type Form } from '../../src/statistics/form.js';
import type { Rule } from '../../src/statistics/checks.js';
import { findForm, formCatalog, formForYear, FORMS } from '../../src/statistics/forms/registry.js';
import { fixtures } from '../support/tables.js';

const each = test.each(FORMS.map((form): [string, Form] => [form.id, form]));
const yearsOf = (form: Form): number[] => {
  const last = form.lastYear ?? form.firstYear + 3;
  return Array.from({ length: last - form.firstYear + 1 }, (_, n) => form.firstYear + n);
};
const cellsOfYear = (form: Form, year: number): string[] =>
  rowsOf(form, year)
    .flatMap(cellsOf)
    .map(({ cell }) => cell);

function named(rule: Rule): { here: readonly string[]; there: readonly string[] } {
  switch (rule.rule) {
    case 'sum':
    case 'row-total':
      return { here: [rule.total, ...rule.parts], there: [] };
    case 'balance':
      return { here: [rule.received, rule.carriedIn, rule.closed, rule.carriedOver], there: [] };
    case 'part-of':
      return { here: [...rule.parts, rule.whole], there: [] };
    case 'distinct-bound':
      return { here: [rule.whole, ...rule.channels], there: [] };
    case 'stock-below-flow':
      return { here: [rule.stock, rule.plus, ...(rule.minus === undefined ? [] : [rule.minus])], there: [] };
    case 'items-below-zero':
      return { here: [rule.items, rule.change], there: [] };
    case 'blank-opening':
      return { here: [rule.opening, ...rule.filled], there: [rule.closing] };
    case 'pending-lost':
      return { here: rule.rows.flatMap(({ total, parts }) => [total, ...parts]), there: rule.rows.map(({ pending }) => pending) };
    case 'roll-forward':
      return { here: [rule.cell, ...(rule.plus ?? []), ...(rule.minus ?? [])], there: rule.last };
  }
}

each('%s: rows and cells have unique names yearly', (_, form) => {
  // In every year each row and each cell has a name of its own.
  for (const year of yearsOf(form)) {
    const codes = rowsOf(form, year).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const cells = cellsOfYear(form, year);
    expect(new Set(cells).size).toBe(cells.length);
  }
});

each('%s: sums end at counted or declared cells', (_, form) => {
  // Every computed cell adds up cells the form has, and ends at cells that are counted or declared.
  for (const { cell, source } of form.rows.flatMap(cellsOf)) {
    if (source.basis === 'computed')
      for (const part of source.sumOf) expect([cell, part, cellOf(form, part)?.cell]).toEqual([cell, part, part]);
    const behind = explainedBy(form, cell).map((found) => found.cell);
    expect(behind.length).toBeGreaterThan(0);
    expect(new Set(behind).size).toBe(behind.length);
  }
});

each('%s: rules and computed cells cover each other', (_, form) => {
  // Every rule is over cells the form has, and every computed cell is under a rule.
  const cells = new Set(form.rows.flatMap(cellsOf).map(({ cell }) => cell));
  for (const rule of form.rules) for (const cell of [...named(rule).here, ...named(rule).there]) expect(cells).toContain(cell);
  const totals = new Set(form.rules.flatMap((rule) => (rule.rule === 'sum' || rule.rule === 'row-total' ? [rule.total] : [])));
  const computed = form.rows.flatMap(cellsOf).filter(({ source }) => source.basis === 'computed');
  for (const { cell } of computed) expect(totals).toContain(cell);
});

each('%s: total rules agree with their source', (_, form) => {
  // A rule that totals computed cells says the same as their source.
  for (const rule of form.rules) {
    if (rule.rule !== 'sum' && rule.rule !== 'row-total') continue;
    const source = cellOf(form, rule.total)?.source;
    // （七）总计 of the column of totals is printed across its row and down its column; one of the two is its source.
    if (source?.basis === 'computed' && rule.total !== '3.3.7:total') expect([rule.total, source.sumOf]).toEqual([rule.total, rule.parts]);
  }
});

test.each(fixtures.map((table) => [table.id, table] as const))('%s: the form has exactly its cells', (_, table) => {
  // Its form has exactly its cells, with its labels and units.
  const form = findForm(table.form);
  if (form === undefined) throw new Error(table.form);
  expect(serves(form, table.year)).toBe(true);
  const rows = rowsOf(form, table.year);
  const headings = rows.filter((row) => 'source' in row && row.source === null).map(({ code }) => code);
  expect([...cellsOfYear(form, table.year), ...headings].sort()).toEqual(Object.keys(table.cells).sort());
  const labels = Object.entries(table.labels ?? {});
  expect(rows.filter(({ code }) => labels.some(([known]) => known === code)).map(({ code, label }) => [code, label])).toEqual(labels);
  if (table.rows !== undefined)
    expect(rows.map(({ code, label, unit }) => [code, label, unit])).toEqual(table.rows.map(({ row, label, unit }) => [row, label, unit]));
  expect(table.source.url).toMatch(/^https?:\/\//);
});

test('each year has its form, in succession', () => {
  // Each year has its form; the forms of an agency follow one another.
  const usual = ['2014-shandong', '2019', '2021'];
  expect([2013, 2014, 2018, 2019, 2020, 2021, 2030].map((year) => formForYear(usual, year)?.id)).toEqual([
    undefined,
    '2014-shandong',
    '2014-shandong',
    '2019',
    '2019',
    '2021',
    '2021',
  ]);
  expect(formForYear(['2014-fujian', '2019'], 2016)?.id).toBe('2014-fujian');
});

test('only what no act stands for is declared', () => {
  // What may be declared is what no act stands for: figures of part two, bases of stocks and cumulative columns.
  const scales = (form: string, cells: string[]): unknown[] => cells.map((cell) => formCatalog.declarable(form, cell));
  expect(scales('2019', ['2.5.1:items-last-year', '2.8.1:change', '2.9.1:amount', '2.1.2:total-public'])).toEqual([
    { scale: 0, negative: false },
    { scale: 0, negative: true },
    { scale: 6, negative: false },
    { scale: 0, negative: false },
  ]);
  expect(scales('2021', ['2.8.1:amount', '2.1.1:in-force'])).toEqual([
    { scale: 6, negative: false },
    { scale: 0, negative: false },
  ]);
  expect(scales('2014-fujian', ['1:cumulative', '4:cumulative'])).toEqual([
    { scale: 0, negative: false },
    { scale: 2, negative: false },
  ]);
  for (const [form, cell] of [
    ['2019', '2.1.2:made'],
    ['2019', '3.2:total'],
    ['2021', '2.1.2:repealed'],
    ['2021', '3.2:business'],
    ['2021', '4.1:pending'],
    ['2014-fujian', '3:cumulative'],
    ['2014-fujian', '1:year'],
    ['2014-shandong', '9'],
    ['2014-shandong', '9.3'],
  ] as const)
    expect([cell, formCatalog.declarable(form, cell)]).toEqual([cell, 'cell-not-declarable']);
  expect([
    formCatalog.declarable('2019', '2.5.1'),
    formCatalog.declarable('2021', '2.9.1:amount'),
    formCatalog.declarable('1999', '1'),
  ]).toEqual(['unknown-cell', 'unknown-cell', 'unknown-form']);
});

describe('results of applications', () => {
  const OUTCOMES: readonly (readonly [string, string, string])[] = [
    ['already-public', '', '2008'],
    ['granted', '', '2008'],
    ['granted', '', '2019'],
    ['partly-granted', '', '2008'],
    ['partly-granted', '', '2019'],
    ...['state-secret', 'trade-secret', 'privacy', 'safety-stability', 'not-government-information', 'other-law'].map(
      (ground) => ['refused', ground, '2008'] as const,
    ),
    ['other-agency', '', '2008'],
    ['not-existing', '', '2008'],
    ['other-channel', '', '2008'],
    ...[
      'state-secret',
      'forbidden-by-law',
      'safety-stability',
      'third-party-rights',
      'internal-affairs',
      'process-information',
      'enforcement-file',
      'inquiry-matter',
    ].map((ground) => ['refused', ground, '2019'] as const),
    ...['not-held', 'needs-creation', 'still-unclear'].map((ground) => ['unavailable', ground, '2019'] as const),
    ...['petition', 'repeated', 'published-material', 'excessive', 'confirm-again'].map(
      (ground) => ['not-processed', ground, '2019'] as const,
    ),
    ...['not-supplemented', 'fee-unpaid', 'other'].map((ground) => ['otherwise', ground, '2019'] as const),
    ...['not-supplemented', 'fee-unpaid', 'other'].map((reason) => ['abandoned', reason, '2019'] as const),
    ['withdrawn', '', '2019'],
  ];

  const rowsFor = (form: Form): string[] =>
    OUTCOMES.map(([outcome, why, law]) => {
      const dimensions = {
        outcome,
        ground: outcome === 'abandoned' ? '' : why,
        reason: outcome === 'abandoned' ? why : '',
        law,
        kind: 'other',
      };
      const found = form.rows
        .flatMap(cellsOf)
        .filter(({ source }) => source.basis === 'counted' && selects(source.select, 'application.result', dimensions));
      return `${law} ${outcome} ${why}: ${found.map(({ cell }) => cell).join(' and ')}`;
    });

  const counting = (form: Form): boolean =>
    form.rows
      .flatMap(cellsOf)
      .some(
        ({ source }) => source.basis === 'counted' && selectorsOf(source.select).some(({ measure }) => measure === 'application.result'),
      );

  test.each(FORMS.filter(counting).map(({ id }) => id))('%s: every outcome has exactly one row', (id) => {
    // Every outcome of either text, abandonment and withdrawal has exactly one row.
    expect(rowsFor(findForm(id) as Form)).toMatchSnapshot();
    for (const line of rowsFor(findForm(id) as Form)) expect(line).toMatch(/: 3\.3\.[1-6](\.\d)?:other$/);
  });
});
