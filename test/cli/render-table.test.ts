/**
 * Tables as text for people: the form's heads over the values, each value under its head, in 100 columns, no key of a
 * program.
 */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { renderTable } from '../../src/cli/render/render.js';
import { withPrefix } from '../../src/cli/render/severity.js';
import { renderDifference, renderExplanation } from '../../src/cli/render/render.js';
import { cellLabel } from '../../src/cli/render/render-table.js';
import { wrap } from '../../src/cli/render/output.js';
import { finding, type Finding } from '../../src/statistics/checks.js';
import { cellsIn, rowsOf, type Form } from '../../src/statistics/form.js';
import { FORMS, headsOf } from '../../src/statistics/forms/registry.js';
import { columnsOf, sectionOf } from '../../src/statistics/heads.js';
import { printedRows } from '../../src/statistics/published-table.js';
import { basisOf, layOut, valuesOf, type TableRow } from '../../src/statistics/table.js';
import type { Table } from '../../src/tables/table.js';
import { fixtures, published } from '../support/tables.js';

function tableOf(form: string, year: number, rows: readonly TableRow[], more: Partial<Table> = {}): Table {
  return {
    ...{ agency: 'a', year, form, policy: 'p', calendar: 'c', view: 'live', hash: 'h', contentHash: 'h' },
    ...{ asOf: { position: '1', index: 1, recordedAt: '2030-01-01T00:00:00.000+08:00' } },
    ...{ columns: columnsOf(headsOf(form)), rows, findings: [], stale: null, published: null },
    ...more,
  };
}

const widths = new Map<string, number>();

/** Columns of a terminal; each character is measured once. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => {
    const known = widths.get(character) ?? stringWidth(character);
    widths.set(character, known);
    return sum + known;
  }, 0);
}

/** Column of the terminal behind a text that stands at or behind a place of a line. */
const endAt = (line: string, text: string, from = 0): number => {
  const at = line.indexOf(text, from);
  return at < 0 ? -1 : widthOf(line.slice(0, at + text.length));
};

/**
 * The values of each row as they stand under the heads, read back from the print alone by the right edges of the heads.
 */
function readBack(lines: readonly string[], form: Form): Map<string, string> {
  const heads = headsOf(form.id);
  const found = new Map<string, string>();
  for (let at = 0; at < lines.length; at += 1) {
    const [code = ''] = (lines[at] ?? '').trim().split(' ');
    const row = form.rows.find((candidate) => candidate.code === code);
    if (row === undefined) continue;
    const columns = 'columns' in row ? (sectionOf(heads, code)?.columns ?? []) : [{ key: '', label: '统计数' }];
    const head = lines.slice(0, at).findLast((line) => line.startsWith('编号')) ?? '';
    let place = 0;
    for (const { key, label } of columns) {
      const end = endAt(head, label, place);
      place = head.indexOf(label, place) + label.length;
      const value = /(\S*)$/.exec(upTo(lines[at] ?? '', end))?.[1] ?? '';
      found.set(key === '' ? code : `${code}:${key}`, value);
    }
  }
  return found;
}

/** The part of a line in the first `width` columns of a terminal. */
function upTo(line: string, width: number): string {
  let taken = 0;
  return [...line].filter((character) => (taken += widthOf(character)) <= width).join('');
}

/** Whether the characters of a text stand in another in this order. */
function runsThrough(text: string, within: string): boolean {
  let at = 0;
  return [...text].every((character) => (at = within.indexOf(character, at) + 1) > 0);
}

function expectPrinted(form: Form, year: number, table: Table): void {
  const lines = renderTable(table, '某局');
  const body = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('截至')),
  );
  for (const line of body) expect([line, widthOf(line) <= 100]).toEqual([line, true]);
  for (const { key } of table.columns) if (key.includes('-')) expect(lines.join('\n')).not.toContain(key);
  const values = valuesOf(table.rows);
  const printed = readBack(body, form);
  for (const { cell } of cellsIn(form, year)) expect([cell, printed.get(cell)]).toEqual([cell, values.get(cell) ?? '—']);
  // Whole labels, whatever lines they are broken into.
  for (const { label } of rowsOf(form, year)) expect([label, runsThrough(label.replace(/ /g, ''), body.join(''))]).toEqual([label, true]);
}

describe('every value stands under its head', () => {
  test.each(fixtures.map((table) => [table.id, table] as const))('%s', (_id, found) => {
    const table = published(found);
    expectPrinted(table.form, table.year, tableOf(table.form.id, table.year, printedRows(table), { view: 'paper' }));
  });

  test.each(FORMS.map((form) => [form.id, form] as const))('%s, of any values, partial or not', (id, form) => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.option(fc.nat(99_999), { freq: 5 })), fc.boolean(), (values, partial) => {
        const year = form.firstYear;
        const next = new Map(cellsIn(form, year).map(({ cell }) => [cell, values.next().value as number | null]));
        const rows = layOut(form, year, (cell) => next.get(cell)?.toString() ?? null, basisOf);
        const marked = partial ? rows.map((row) => (row.basis === null ? row : { ...row, partial: true as const })) : rows;
        expectPrinted(form, year, tableOf(id, year, marked));
      }),
      { numRuns: 5 },
    );
  });
});

test('group heads stand over their columns', () => {
  const { id, year } = { id: '2021', year: 2023 };
  const form = FORMS.find((candidate) => candidate.id === id) as Form;
  const lines = renderTable(
    tableOf(
      id,
      year,
      layOut(form, year, () => '7', basisOf),
    ),
    '某局',
  );
  const at = lines.findIndex((line) => line.includes('法人或其他组织'));
  const [group = '', heads = ''] = [lines[at], lines[at + 1]];
  expect(heads).toMatch(/自然人 +商业企业 +科研机构 +社会公益组织 +法律服务机构 +其他 +总计/);
  expect(endAt(group, '法人或其他组织')).toBeGreaterThan(endAt(heads, '科研机构') - 8);
  expect(endAt(group, '法人或其他组织')).toBeLessThan(endAt(heads, '其他'));
  expect(lines[at - 1]).toContain('申请人情况');
  expect(lines.some((line) => /结果维持 +结果纠正 +其他结果 +尚未审结 +总计/.test(line))).toBe(true);
  for (const title of ['第二十条第（一）项', '三、本年度办理结果', '第二十条第（八）项', '本年收费金额（单位：万元）'])
    expect(lines.join('\n')).toContain(title);
});

test('a heading prints nothing, a blank a dash', () => {
  // A heading prints no value and a blank is a dash.
  const form = FORMS.find((candidate) => candidate.id === '2014-shandong') as Form;
  const lines = renderTable(
    tableOf(
      form.id,
      2017,
      layOut(form, 2017, () => null, basisOf),
    ),
    '某局',
  );
  expect(lines.find((line) => line.startsWith('1 '))).toMatch(/一、主动公开情况$/);
  expect(lines.find((line) => line.startsWith('9.1 '))).toMatch(/个 +— {2}报 declared$/);
});

describe('a finding', () => {
  const of = (left: string | null, right: string | null, more: Partial<Finding> = {}): string =>
    withPrefix({ ...finding('sum', 'error', ['3.1:other', '4.1:other'], left, right, '3.1:other 应等于 4.1:other'), ...more }, '2021');

  test('shows both sides, or the one there is', () => {
    expect(of('3', '2')).toBe('✗ 错误 sum: 3.1 其他 应等于 4.1 其他结果 [3 ≠ 2]');
    expect(of('+3', null)).toMatch(/\[表中 printed \+3\]$/);
    expect(of(null, '70')).toMatch(/\[应为 computed 70\]$/);
    expect(of(null, null)).toMatch(/4\.1 其他结果$/);
  });

  test('names a few of many cases, with count', () => {
    // Names its cases, a few of many, with how many there are.
    const cases = (count: number): string[] => Array.from({ length: count }, (_, n) => `application/${n}`);
    expect(of(null, null, { cases: cases(2) })).toMatch(/ \(2: application\/0, application\/1\)$/);
    expect(of(null, null, { cases: cases(200), caseCount: 3000 })).toMatch(/ \(3000: application\/0, .*application\/4 等 …\)$/);
    expect(of(null, null, { cases: ['x/1'], message: 'x/1 …' })).toMatch(/ \(1\)$/);
  });
});

test('differences and explanations name row and head', () => {
  // A difference and an explanation name a cell by its row and head.
  const form = FORMS.find((candidate) => candidate.id === '2021') as Form;
  const table = tableOf(
    '2021',
    2023,
    layOut(form, 2023, () => '0', basisOf),
  );
  const named = (cell: string): string => cellLabel(table, cell);
  const changes = [{ cell: '3.4:legal-service', published: '0', live: '1', events: [] }];
  expect(renderDifference({ changes }, named)[0]).toBe('3.4 法律服务机构  四、结转下年度继续办理  已公布 published 0  现为 now 1');
  expect(renderExplanation({ cell: '4.2:pending', value: '0', events: [] }, named)[0]).toBe('4.2 尚未审结  未经复议直接起诉 = 0');
});

test('staleness and publication are printed', () => {
  // Stale is printed, and what is published beside the live table.
  const form = FORMS.find((candidate) => candidate.id === '2014-shandong') as Form;
  const rows = layOut(form, 2017, () => '1', basisOf);
  const stale = { since: '2030-01-01T00:00:00.000+08:00', why: 'stopped', projection: 'contributions', eventId: 'e' } as const;
  const mark = { hash: 'h', index: 9, differs: true };
  const text = renderTable(tableOf('2014-shandong', 2017, rows, { stale, published: mark }), '某局').join('\n');
  expect(text).toMatch(/✗ 未含 2030-01-01T00:00:00.000\+08:00 起记录的事项 stale: 已停止 stopped \(contributions, e\)/);
  expect(text).toMatch(/differs from the report published, 截至 index 9/);
});

test('wrapped lines keep all text, within width', () => {
  // Wrapped lines hold the whole text, none wider than asked.
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('公开', '（', 'ab ', '1.', '、', '不予'), { maxLength: 40 }),
      fc.integer({ min: 4, max: 40 }),
      (parts, width) => {
        const text = parts.join('').trim();
        const lines = wrap(text, width);
        expect(lines.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});
