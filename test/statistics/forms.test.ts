/**
 * The forms print what their published tables print, follow one another over the years, and say what may be declared.
 */
import { cellsOf, rowsOf, selects, selectorsOf, serves, type Form } from '../../src/statistics/form.js';
import { findForm, formCatalog, formForYear, FORMS } from '../../src/statistics/forms/registry.js';
import { fixtures } from '../support/tables.js';

const cellsOfYear = (form: Form, year: number): string[] =>
  rowsOf(form, year)
    .flatMap(cellsOf)
    .map(({ cell }) => cell);

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
