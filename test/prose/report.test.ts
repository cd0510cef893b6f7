/** Sentences of real reports and whole reports against their tables: what matches is quiet, what does not is named. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkReport, type CheckedReport } from '../../src/prose/check-report.js';
import { findForm } from '../../src/statistics/forms/registry.js';
import { readPublishedTable, type PublishedTable } from '../../src/statistics/published-table.js';
import { fixture, published } from '../support/tables.js';

const FIXTURES = join(__dirname, '../fixtures');

interface Case {
  readonly report: string;
  readonly sentence: string;
  readonly matches: boolean;
}

/** Each from the report that `report` names, whose table stands in cases/published where there is one. */
const CASES = JSON.parse(readFileSync(join(FIXTURES, 'cases/prose.json'), 'utf8')) as readonly Case[];

function tableOf(id: string): PublishedTable | null {
  if (id.includes('no table')) return null;
  return readPublishedTable(readFileSync(join(FIXTURES, 'cases/published', `${id}.json`), 'utf8'), findForm);
}

function check(text: string, table: PublishedTable | null, previous: PublishedTable | null = null): CheckedReport {
  return checkReport(text, { table, previous });
}

const rulesOf = ({ findings }: CheckedReport): string[] => findings.map(({ rule, text }) => `${rule}: ${text}`);
const verdicts = ({ numbers }: CheckedReport): string[] => numbers.map(({ text, verdict }) => `${text} ${verdict}`);

/** Every number of pieces in a text, one higher. */
function raised(text: string): string[] {
  return [...text.matchAll(/\d+(?=[件条次篇个人])/g)].map(
    ({ 0: number, index }) => text.slice(0, index) + String(Number(number) + 1) + text.slice(index + number.length),
  );
}

test.each(CASES)('$report: $sentence', ({ report, sentence, matches }) => {
  expect(check(sentence, tableOf(report)).findings.every(({ severity }) => severity !== 'error')).toBe(matches);
});

test('a number changed in what matches is found', () => {
  const changed = CASES.filter(({ matches }) => matches).flatMap(({ report, sentence }) =>
    raised(sentence).map((text) => ({ report, text })),
  );
  expect(changed.length).toBeGreaterThan(15);
  expect(changed.filter(({ report, text }) => check(text, tableOf(report)).findings.length === 0)).toEqual([]);
});

test('a real report agrees with its table', () => {
  // 金乡县商务局 2017, the report whose annex this table is.
  const text = readFileSync(join(FIXTURES, 'annual-report-2017.txt'), 'utf8');
  const table = published(fixture('jinxiang-commerce-2017'));
  expect(check(text, table).findings).toEqual([]);
  expect(verdicts(check(text, table)).filter((line) => line.endsWith(' held'))).toHaveLength(5);
  const changed = raised(text.slice(0, text.indexOf('附件:')));
  expect(changed).toHaveLength(5);
  expect(changed.filter((other) => check(other, table).findings.length === 0)).toEqual([]);
  // What it says there was none of.
  const some = published({
    ...fixture('jinxiang-commerce-2017'),
    cells: { ...fixture('jinxiang-commerce-2017').cells, '3.1': '1', '4': '1', '5': '1', '8': '0.1' },
  });
  expect(rulesOf(check(text, some)).map((line) => line.split(':')[0])).toEqual(['not-none', 'not-none', 'not-none', 'not-none']);
});
