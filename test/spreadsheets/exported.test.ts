/** What this program writes for spreadsheets is read back equal: lists, whatever their texts say, and tables. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSheet } from '../../src/documents/sheets/open-sheet.js';
import { shownText } from '../../src/documents/sheets/shown.js';
import { printedTable } from '../../src/exports/documents/printed-table.js';
import { listSheet } from '../../src/exports/lists/list-sheet.js';
import { csvOf } from '../../src/exports/sheets/csv.js';
import type { Sheet } from '../../src/exports/sheets/sheet.js';
import { tableSheets } from '../../src/exports/sheets/table-sheets.js';
import { xlsxOf } from '../../src/exports/sheets/xlsx.js';
import { readMapping } from '../../src/spreadsheets/read-mapping.js';
import { declaredTable } from '../../src/spreadsheets/table-sheet.js';
import { printedRows } from '../../src/statistics/published-table.js';
import { HOSTILE } from '../support/hostile-texts.js';
import { bytesOf } from '../support/spreadsheets.js';
import { fixtures, printedCells, published } from '../support/tables.js';

const folder = mkdtempSync(join(tmpdir(), 'disclosure-exported-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const list = (): Sheet =>
  listSheet(
    '清单',
    [
      { head: '序', width: 5, of: () => '0001' },
      { head: '标题', width: 20, of: (text: string) => text },
    ],
    HOSTILE,
  );

/** No file holds half of a character. */
const held = (text: string): string => text.replace(/\ud800/g, '\ufffd');

const FORMATS = [
  ['XLSX', () => xlsxOf([list()])],
  ['CSV', () => csvOf(list(), true)],
] as const;

test.each(FORMATS)('a list as %s', async (name, written) => {
  const file = join(folder, name);
  writeFileSync(file, await bytesOf(written()));
  const rows: string[][] = [];
  for await (const { cells } of openSheet(file, {}, () => undefined)) rows.push(cells.map(shownText));
  expect(rows).toEqual([['序', '标题'], ...HOSTILE.map((text) => ['0001', held(text)])]);
});

const MAPPING = readFileSync(join(__dirname, '../../examples/mappings/table.json'), 'utf8');

test.each(fixtures.map((table) => [table.id, table] as const))('the table of %s as XLSX', async (id, table) => {
  const own = published(table);
  const { form, year } = own;
  const file = join(folder, id);
  writeFileSync(file, await bytesOf(xlsxOf(tableSheets(printedTable({ form: form.id, year, rows: printedRows(own) }, '某县')))));
  const mapping = readMapping(MAPPING.replace('"id":', `"form": "${form.id}", "id":`), { agency: 'a', actor: 'b', on: '2022-01-20' });
  const made = await declaredTable(file, mapping, { read: () => undefined, skipped: () => undefined });
  const [message] = made.ok ? made.messages : [];
  expect(message?.['data']).toMatchObject({ year, form: form.id, cells: printedCells(table) });
});
