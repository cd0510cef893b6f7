/** Printed yearly tables in their layouts, read back cell by cell: real tables of every form. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentProblem } from '../../src/documents/problem.js';
import { MappingProblem } from '../../src/spreadsheets/mapping-problem.js';
import { readMapping } from '../../src/spreadsheets/read-mapping.js';
import type { Message } from '../../src/spreadsheets/row-messages.js';
import { declaredTable } from '../../src/spreadsheets/table-sheet.js';
import { cellsInGrid } from '../../src/spreadsheets/table-cells.js';
import { cellsOf, rowsOf, type FormRow } from '../../src/statistics/form.js';
import { findForm, headsOf } from '../../src/statistics/forms/registry.js';
import { sectionOf, type SectionHeads } from '../../src/statistics/heads.js';
import { xlsxOf } from '../support/sheets.js';
import { fixture, fixtures, printedCells, type Fixture } from '../support/tables.js';

const MAPPING = readFileSync(join(__dirname, '../../examples/mappings/table.json'), 'utf8');
const GIVEN = { agency: 'test-agency', actor: '值班员', on: '2018-02-08' };
const folder = mkdtempSync(join(tmpdir(), 'disclosure-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Sheet = (string | null)[][];

/** A table as its form prints it: cells that are merged hold their text once. */
function sheetOf({ form: id, year, cells }: Fixture): Sheet {
  const form = findForm(id);
  if (form === undefined) throw new Error(id);
  const heads = headsOf(id);
  const sheet: Sheet = [[`某县${year}年度${form.title}`], []];
  for (const [section, rows] of Map.groupBy(rowsOf(form, year), ({ code }) => sectionOf(heads, code))) {
    if (section === undefined)
      sheet.push(['统计指标', '单位', '统计数'], ...rows.map((row) => [row.label, row.unit, cells[row.code] ?? null]));
    else if (section.section === '3') sheet.push(...partThree(section, rows, cells));
    else if (section.section === '4') sheet.push(...partFour(section, rows, cells));
    else
      sheet.push(
        [section.title],
        [section.rowHead, ...section.columns.map(({ label }) => label)],
        ...rows.map((row) => [row.label, ...valuesOf(row, cells)]),
      );
  }
  return [...sheet, [], ['单位负责人：', null, '审核人：']];
}

const valuesOf = (row: FormRow, cells: Fixture['cells']): (string | null)[] => cellsOf(row).map(({ cell }) => cells[cell] ?? null);

function partThree(
  { title, note = '', over = '', columns, before = {} }: SectionHeads,
  rows: readonly FormRow[],
  cells: Fixture['cells'],
): Sheet {
  const groups = columns.map(({ label, group }) => (group === undefined ? label : null));
  return [
    [title],
    [note, null, null, over],
    [null, null, null, ...groups],
    [null, null, null, ...columns.map(({ label, group }) => (group === undefined ? null : label))],
    ...rows.map((row): (string | null)[] => {
      const [group = '', own] = row.label.split(' ');
      const labels = own === undefined ? (/^\d/.test(group) ? [null, group] : [group, null]) : [group, own];
      return [before[row.code] ?? null, ...labels, ...valuesOf(row, cells)];
    }),
  ];
}

function partFour({ title, columns }: SectionHeads, rows: readonly FormRow[], cells: Fixture['cells']): Sheet {
  const across = (of: (label: string, at: number) => string | null): (string | null)[] =>
    rows.flatMap(() => columns.map(({ label }, at) => of(label, at)));
  return [
    [title],
    ['行政复议', null, null, null, null, '行政诉讼'],
    across((_label, at) => (at === 0 ? '未经复议直接起诉' : null)).slice(0, 15),
    across((label) => label),
    rows.flatMap((row) => valuesOf(row, cells)),
  ];
}

async function declared(sheet: Sheet, given: Readonly<Record<string, string>> = GIVEN, mapping = MAPPING): Promise<Message | undefined> {
  const file = join(folder, 'table.xlsx');
  writeFileSync(file, xlsxOf(sheet));
  const made = await declaredTable(file, readMapping(mapping, given), { read: () => undefined, skipped: () => undefined });
  return made.ok ? made.messages[0] : undefined;
}

const dataOf = (message: Message | undefined): unknown => message?.['data'];

test.each(fixtures.map((table) => table.id))('the table of %s', async (id) => {
  const table = fixture(id);
  expect(dataOf(await declared(sheetOf(table), GIVEN, MAPPING.replace('"id":', `"form": "${table.form}", "id":`)))).toEqual({
    year: table.year,
    form: table.form,
    cells: printedCells(table),
    evidence: `${table.year}年度政府信息公开工作情况统计表`,
  });
});

test('its form and year are found', async () => {
  for (const id of ['jinxiang-commerce-2017', 'pingtan-2016', 'pingtan-2019', 'pingtan-2021'])
    expect(dataOf(await declared(sheetOf(fixture(id))))).toMatchObject({ year: fixture(id).year, form: fixture(id).form });
  // What is given comes before what is printed.
  const other = await declared(sheetOf(fixture('jinxiang-commerce-2017')), { ...GIVEN, year: '2018' });
  expect(dataOf(other)).toMatchObject({ year: 2018 });
  expect(other?.['subject']).toBe('table/2018');
});

test('the same table is the same message', async () => {
  const table = fixture('jinxiang-commerce-2017');
  const [one, again] = [await declared(sheetOf(table)), await declared([['另一个标题 2017年'], ...sheetOf(table).slice(2)])];
  expect(one).toMatchObject({ subject: 'table/2017', time: '2018-02-08T09:00:00+08:00', actor: '值班员', agency: 'test-agency' });
  expect(again?.['id']).toBe(one?.['id']);
  const changed = await declared(sheetOf({ ...table, cells: { ...table.cells, '1.1': '73' } }));
  expect(changed?.['id']).not.toBe(one?.['id']);
});

test('labels may be spelled otherwise', async () => {
  const sheet = sheetOf(fixture('jinxiang-commerce-2017')).map((row) =>
    row.map((cell, at) =>
      at === 0 && cell !== null
        ? cell
            .replace(/(\d)\./, '$1、 ')
            .replace('(', '（')
            .replace(')', '）')
        : cell,
    ),
  );
  expect(dataOf(await declared(sheet))).toMatchObject({ cells: printedCells(fixture('jinxiang-commerce-2017')) });
});

test('a blank value is null, not its unit', async () => {
  const table = fixture('jinxiang-commerce-2017');
  const message = await declared(sheetOf({ ...table, cells: { ...table.cells, '1.1': null } }));
  expect(dataOf(message)).toMatchObject({ cells: { '1.1': null, '1.2.1': '37' } });
});

test('rows that are missing are named', async () => {
  const sheet = sheetOf(fixture('jinxiang-commerce-2017')).filter((row) => row[0]?.includes('政务微博') !== true);
  await expect(declared(sheet)).rejects.toMatchObject({ code: 'no-such-head', message: expect.stringContaining('政务微博') as string });
  await expect(declared([['a']], { ...GIVEN, year: '2017' })).rejects.toBeInstanceOf(DocumentProblem);
});

test('rows in another order are refused', async () => {
  // A label may stand twice in a form: which one is meant only the order says.
  const sheet = sheetOf(fixture('jinxiang-commerce-2017'));
  const [from, to] = ['政府网站', '政务微信'].map((words) => sheet.findIndex((row) => row[0]?.includes(words) === true));
  const turned = sheet.map((row, at) => (at === from ? sheet[to ?? 0] : at === to ? sheet[from ?? 0] : row) ?? []);
  await expect(declared(turned)).rejects.toMatchObject({ code: 'no-such-head' });
});

test('what is not said is asked for', async () => {
  const sheet = sheetOf(fixture('jinxiang-commerce-2017'));
  for (const missing of ['on', 'agency', 'actor']) {
    const given = Object.fromEntries(Object.entries(GIVEN).filter(([name]) => name !== missing));
    await expect(declared(sheet, given)).rejects.toMatchObject({ code: 'no-value' });
  }
  await expect(declared(sheet.slice(1))).rejects.toBeInstanceOf(MappingProblem);
  await expect(declared(sheet, GIVEN, MAPPING.replace('"id":', '"form": "2030", "id":'))).rejects.toMatchObject({ code: 'bad-mapping' });
});

test('another sheet lacks nearly all rows', () => {
  const form = findForm('2021');
  expect(form === undefined ? 0 : cellsInGrid([['编号', '名称']], form, 2021).missing.length).toBeGreaterThan(20);
});
