/** The table that a report prints itself, found in its text, page or document, whatever is merged in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport } from '../../src/documents/report-text.js';
import { tableInReport, type TableInReport } from '../../src/spreadsheets/table-in-report.js';
import { cellsOf, rowsOf } from '../../src/statistics/form.js';
import { findForm, headsOf } from '../../src/statistics/forms/registry.js';
import { sectionOf, type SectionHeads } from '../../src/statistics/heads.js';
import { fixture, fixtures, printedCells, type Fixture } from '../support/tables.js';

const SEED = readFileSync(join(__dirname, '../fixtures/annual-report-2017.txt'), 'utf8');

async function found(text: string): Promise<TableInReport | null> {
  const report = await readReport(Buffer.from(text));
  return tableInReport(report.text, report.rows);
}

const td = (text: string | null, span = ''): string => `<td${span}><p>${text ?? ''}</p></td>`;
const tr = (...cells: readonly string[]): string => `<tr>${cells.join('')}</tr>`;

/** A page as it is published: heads and labels merged, a table for each part of the report. */
function pageOf({ form: id, year, cells }: Fixture, agency = '平潭县'): string {
  const form = findForm(id);
  if (form === undefined) throw new Error(id);
  const parts = [...Map.groupBy(rowsOf(form, year), ({ code }) => sectionOf(headsOf(id), code))].map(([section, rows]) => {
    const values = rows.map((row) => cellsOf(row).map(({ cell }) => cells[cell] ?? null));
    const labelled = rows.map((row, at) => tr(td(row.label, ' colspan="3"'), ...(values[at] ?? []).map((value) => td(value))));
    if (section === undefined) return labelled.join('');
    if (section.section === '4') return partFour(section, values);
    return headsAbove(section) + labelled.join('');
  });
  return `<html><body><h1>${agency}${year}年政府信息公开工作年度报告</h1><p>一、总体情况</p>${parts
    .map((rows) => `<table>${rows}</table><p>如上表。</p>`)
    .join('')}</body></html>`;
}

/** A head of one column is as high as the group beside it. */
function headsAbove({ title, columns }: SectionHeads): string {
  const grouped = columns.filter(({ group }) => group !== undefined);
  const upper = columns.flatMap(({ label, group }): string[] => {
    if (group === undefined) return [td(label, ' rowspan="2"')];
    return label === grouped[0]?.label ? [td(group, ` colspan="${grouped.length}"`)] : [];
  });
  return tr(td(title, ' colspan="10"')) + tr(td('', ' colspan="3" rowspan="2"'), ...upper) + tr(...grouped.map(({ label }) => td(label)));
}

function partFour({ title, columns }: SectionHeads, values: readonly (readonly (string | null)[])[]): string {
  const heads = values.flatMap(() => columns.map(({ label }) => td(label)));
  return tr(td(title, ' colspan="15"')) + tr(...heads) + tr(...values.flat().map((value) => td(value)));
}

test.each(fixtures.map((table) => table.id))('the page of %s', async (id) => {
  const table = fixture(id);
  const { table: own, missing } = (await found(pageOf(table))) ?? { table: null, missing: [] };
  expect([own?.form.id, own?.year, own?.agency, missing]).toEqual([table.form, table.year, '平潭县', []]);
  expect(own?.cells).toEqual(printedCells(table));
});

test('the annex of a text, also without bars', async () => {
  const cells = printedCells(fixture('jinxiang-commerce-2017'));
  for (const text of [SEED, SEED.replaceAll('|', '\t'), SEED.replace(/ \| | \|$/gm, ' ')]) {
    const own = await found(text);
    expect([own?.table.form.id, own?.table.agency, own?.missing]).toEqual(['2014-shandong', '金乡县商务局', []]);
    expect(own?.table.cells).toEqual(cells);
  }
});

test('a report without a table has none', async () => {
  expect(await found(SEED.slice(0, SEED.indexOf('附件:')))).toBe(null);
  // Nor one of which most is cut off.
  expect(await found(SEED.slice(0, SEED.indexOf('四、行政复议数量')))).toBe(null);
  // Without its year it is not known whose year it is held against.
  expect(await found(SEED.replaceAll(/20\d\d/g, '某'))).toBe(null);
});

test('a row of thousands of cells is no label', async () => {
  // Cells are not put together in all the ways there are: with ten thousand of them that would never end.
  const cells = '<td>公开数</td>'.repeat(10_000);
  expect(await found(`<html><body><h1>某县2021年政府信息公开工作年度报告</h1><table><tr>${cells}</tr></table></body></html>`)).toBe(null);
});

test('a label cut into cells, and its remark', async () => {
  const label = '(二)举办各类培训班数';
  expect(SEED).toContain(label);
  expect((await found(SEED.replace(label, '(二)举办 | 各类培训班数(含 | 视频 | 会议)')))?.missing).toEqual([]);
  expect((await found(SEED.replace(label, '(二)举办 | 各类培训班数(含 | 视频 | 会议')))?.missing).toEqual([label]);
});

test('a row that is called otherwise is named', async () => {
  const own = await found(SEED.replace('(二)举办各类培训班数', '(二)其他活动'));
  expect([own?.missing, own?.table.cells['10.1'], own?.table.cells['10.2'] ?? null]).toEqual([['(二)举办各类培训班数'], '1', null]);
});
