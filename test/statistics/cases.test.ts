/**
 * Small tables that each show one fault, and twelve tables as they were published (sources are named in the files):
 * what must be said of them, and nothing else. What is said of the published ones was counted by hand, row by row and
 * column by column, before any program looked at them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/statistics/checks.js';
import { findForm } from '../../src/statistics/forms/registry.js';
import { checkPublished, readPublishedTable, type PublishedTable } from '../../src/statistics/published-table.js';

const CASES = join(__dirname, '../fixtures/cases');

interface Case {
  readonly previous?: string;
  readonly expected: readonly { readonly rule: string; readonly severity?: string; readonly cells?: readonly string[] }[];
  readonly quiet?: readonly string[];
}

const textOf = (folder: string, file: string): string => readFileSync(join(CASES, folder, file), 'utf8');
const tableOf = (folder: string, file: string): PublishedTable => readPublishedTable(textOf(folder, file), findForm);
const findingsOf = (folder: string, file: string, previous?: string): Finding[] =>
  checkPublished(tableOf(folder, file), previous === undefined ? null : tableOf(folder, previous));

test.each(readdirSync(join(CASES, 'tables')))('%s: the expected findings, nothing more', (file) => {
  // What must be said, no other error, silence where there is nothing.
  const { expected, quiet = [], previous } = JSON.parse(textOf('tables', file)) as Case;
  const findings = findingsOf('tables', file, previous);
  const isExpected = (found: Finding): boolean =>
    expected.some(({ rule, severity, cells }) => {
      if (rule !== found.rule || (severity !== undefined && severity !== found.severity)) return false;
      return cells === undefined || JSON.stringify(cells) === JSON.stringify(found.cells);
    });
  for (const one of expected) expect(findings).toContainEqual(expect.objectContaining(one));
  expect(findings.filter((found) => found.severity === 'error' && !isExpected(found))).toEqual([]);
  expect(findings.filter(({ rule }) => quiet.includes(rule))).toEqual([]);
  if (expected.length === 0) expect(findings).toEqual([]);
});

type Said = readonly [rule: string, severity: string, cells: readonly string[], left: string | null, right: string | null];

const OLDER_ROWS = ['2.a', '2.b', '2.c', '2.d', '2.e', '5.a'].flatMap((row) => [`${row}:year`, `${row}:cumulative`]);
const OLDER_FORM: readonly Said[] = [
  ['not-this-years-form', 'warning', [], null, null],
  ['unknown-cell', 'info', OLDER_ROWS, null, null],
];
const result = (code: string): string => `3.3.${code}:total`;
const RESULTS = ['1', '2', ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `3.${n}`), '4.1', '4.2', '4.3', ...[1, 2, 3, 4, 5].map((n) => `5.${n}`)];

/** By hand. */
const PUBLISHED: Readonly<Record<string, readonly Said[]>> = {
  'bureau-report29-2023.json': [],
  'changchun-tuiyi-2023.json': [],
  'jinhu-2023.json': [['row-total', 'error', ['4.2:total', '4.2:upheld', '4.2:corrected', '4.2:other', '4.2:pending'], '0', '3']],
  'pingtan-county-2012.json': OLDER_FORM,
  'pingtan-county-2013.json': OLDER_FORM,
  'shuyang-2025.json': [],
  'shuyang-fagai-2023.json': [],
  'suqian-2023.json': [],
  'tongzhou-bureau-2019.json': [
    ['not-a-number', 'error', ['2.5.2:items-last-year'], '+22', null],
    ['not-a-number', 'error', ['2.6.1:change'], '--253', null],
  ],
  'wuhan-shengtai-2020.json': [
    ['not-applicable', 'info', ['2.6.2:decisions'], '-', null],
    ['unknown-cell', 'info', ['2.1.3:made', '2.1.3:published', '2.1.3:total-public'], null, null],
  ],
  // The excerpt ends before 3.3.7, whose parts it prints: the total is blank over them.
  'xuwen-sifaju-2023.json': [['blank', 'warning', ['3.3.7:total', ...[...RESULTS, '6.1', '6.2', '6.3'].map(result)], null, '0']],
  'yangling-tongjiju-2023.json': [
    ['not-applicable', 'info', ['2.1.1:made'], '/', null],
    ['not-applicable', 'info', ['2.1.1:repealed'], '/', null],
    ['not-applicable', 'info', ['2.1.1:in-force'], '/', null],
  ],
};

const FILES = readdirSync(join(CASES, 'published'));
const BEFORE: Readonly<Record<string, string>> = { 'pingtan-county-2013.json': 'pingtan-county-2012.json' };

test('there is an expectation for each published table', () => {
  expect(FILES).toEqual(Object.keys(PUBLISHED).sort());
  expect(FILES).toHaveLength(12);
});

test.each(FILES)('%s: counted as by hand', (file) => {
  // What was counted by hand, and nothing else.
  const findings = findingsOf('published', file, BEFORE[file]);
  expect(findings.map(({ rule, severity, cells, left, right }) => [rule, severity, cells, left, right])).toEqual(PUBLISHED[file]);
});
