/** The form of 2014 to 2018 as data: whole, well formed, and worded as the table published for 2017. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACT_TYPES } from '../../src/events/catalog.js';
import { cellOf, explainedBy, selectorsOf, serves, type ValueRow } from '../../src/statistics/form.js';
import { form2014Shandong as form } from '../../src/statistics/forms/2014-shandong.js';
import { findForm, formCatalog, formForYear, FORMS } from '../../src/statistics/forms/registry.js';

interface Published {
  readonly rows: readonly { readonly row: string; readonly label: string; readonly unit: string | null; readonly value: string | null }[];
  readonly sum_rules_exact: Readonly<Record<string, string>>;
  readonly of_which_rules: Readonly<Record<string, string>>;
}

const published = JSON.parse(readFileSync(join(__dirname, '../fixtures/tables/jinxiang-commerce-2017.json'), 'utf8')) as Published;
const rows = form.rows as readonly ValueRow[];
const codes = rows.map(({ code }) => code);

test('69 rows are those of the published table', () => {
  // 69 rows: code, label, unit and order are those of the published table.
  expect(rows).toHaveLength(69);
  expect(rows.map(({ code, label, unit }) => [code, label, unit])).toEqual(
    published.rows.map(({ row, label, unit }) => [row, label, unit]),
  );
});

test('codes are unique', () => {
  expect(new Set(codes).size).toBe(codes.length);
});

test('every row but a heading prints a value', () => {
  // Every row prints a value but the headings, which are those of the published table.
  const headings = published.rows.filter(({ value }) => value === null).map(({ row }) => row);
  expect(rows.filter(({ source }) => source === null).map(({ code }) => code)).toEqual(headings);
});

test('every value is counted, declared or a sum', () => {
  // Every value is counted by a selector, declared, or a sum of parts that exist and print values.
  for (const { code, source } of rows) {
    if (source?.basis === 'counted')
      expect(selectorsOf(source.select).map(({ measure }) => measure)).toEqual([expect.stringMatching(/^[a-z-]+\.[a-z-]+$/)]);
    if (source?.basis === 'computed') {
      expect(source.sumOf.length).toBeGreaterThan(1);
      for (const part of source.sumOf) expect([code, cellOf(form, part)?.source ?? 'nothing']).not.toContain('nothing');
      expect(source.sumOf).not.toContain(code);
    }
  }
});

test('the declared cells are those the contract names', () => {
  const declared = rows.filter(({ source }) => source?.basis === 'declared').map(({ code }) => code);
  expect(declared).toEqual(['9.1', '9.2', '9.3.1', '9.3.2', '9.4']);
});

test('totals are always computed, never declared or counted', () => {
  const computed = rows.filter(({ source }) => source?.basis === 'computed').map(({ code }) => code);
  expect(computed).toEqual(['3.1', '3.2', '3.3', '3.3.4', '4', '5', '6', '7', '9.3']);
});

test('no two counted cells count the same', () => {
  // No two counted cells add up the same contributions.
  const selectors = rows.flatMap(({ source }) => (source?.basis === 'counted' ? [JSON.stringify(source.select)] : []));
  expect(new Set(selectors).size).toBe(selectors.length);
});

test('a form never names an event', () => {
  const text = JSON.stringify(form);
  const measures = new Set(
    rows.flatMap(({ source }) => (source?.basis === 'counted' ? selectorsOf(source.select).map(({ measure }) => measure as string) : [])),
  );
  for (const type of ACT_TYPES) if (!measures.has(type)) expect(text).not.toContain(`"${type}"`);
});

test('a computed cell is explained by its parts', () => {
  // A computed cell is explained by what is below it, a heading by nothing.
  expect(explainedBy(form, '3.3').map(({ cell }) => cell)).toEqual([
    ...['3.3.1', '3.3.2', '3.3.3'],
    ...['3.3.4.of1', '3.3.4.of2', '3.3.4.of3', '3.3.4.of4', '3.3.4.of5', '3.3.4.of6'],
    ...['3.3.5', '3.3.6', '3.3.7', '3.3.8'],
  ]);
  expect(explainedBy(form, '1.1').map(({ cell }) => cell)).toEqual(['1.1']);
  expect(explainedBy(form, '9')).toEqual([]);
  expect(explainedBy(form, 'no such cell')).toEqual([]);
});

test('the rules are the exact sums and 其中', () => {
  // The rules are the exact sums and the 其中 rows that the published table keeps.
  const sums = form.rules.flatMap((rule) =>
    rule.rule === 'sum' ? [[rule.total, `${rule.parts[0]}-${lastStep(rule.parts.at(-1) ?? '')}`]] : [],
  );
  expect(Object.fromEntries(sums)).toEqual(published.sum_rules_exact);
  const partOf = form.rules.flatMap((rule) => (rule.rule === 'part-of' ? rule.parts.map((part) => [part, `<= ${rule.whole}`]) : []));
  expect(Object.fromEntries(partOf)).toEqual(published.of_which_rules);
  expect(form.rules.filter(({ rule }) => rule === 'distinct-bound')).toEqual([
    { rule: 'distinct-bound', whole: '1.1', channels: ['1.2.1', '1.2.2', '1.2.3', '1.2.4'] },
  ]);
});

function lastStep(code: string): string {
  return code.split('.').at(-1)?.replace('of', '') ?? '';
}

test('money is in 万元 to the fen', () => {
  // Money is printed to the fen in 万元, pieces are whole.
  for (const { code, unit, scale, source } of rows) if (source !== null) expect([code, scale]).toEqual([code, unit === '万元' ? 6 : 0]);
});

test('it serves 2014 to 2018', () => {
  // It serves 2014 to 2018, and the registry finds it for those years.
  expect([2013, 2014, 2018, 2019].map((year) => serves(form, year))).toEqual([false, true, true, false]);
  expect(formForYear(['2014-shandong', '2019', '2021'], 2017)?.id).toBe('2014-shandong');
  expect(formForYear(['2014-shandong'], 2019)).toBeUndefined();
  expect(formForYear([], 2017)).toBeUndefined();
  expect(findForm('2014-shandong')).toBe(form);
  expect(findForm('toString')).toBeUndefined();
});

test('the catalog knows exactly the registry’s forms', () => {
  // The catalog knows the forms of the registry and no other.
  expect(FORMS.every(({ id }) => formCatalog.isKnown(id))).toBe(true);
  expect(['2014', '2020', 'constructor', ''].some((id) => formCatalog.isKnown(id))).toBe(false);
  expect(formCatalog.declarable('2014-shandong', '9.4')).toEqual({ scale: 6, negative: false });
  expect(formCatalog.declarable('2014-shandong', '9.3')).toBe('cell-not-declarable');
  expect(formCatalog.declarable('2014-shandong', '9')).toBe('cell-not-declarable');
  expect(formCatalog.declarable('2014-shandong', '11')).toBe('unknown-cell');
  expect(formCatalog.declarable('none', '1.1')).toBe('unknown-form');
  expect(new Set(FORMS.map(({ id }) => id)).size).toBe(FORMS.length);
});
