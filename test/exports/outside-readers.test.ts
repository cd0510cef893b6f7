/** Files opened by programs of others: LibreOffice and poppler read what was written. */
import { parse } from 'csv-parse/sync';
import { docxOf } from '../../src/exports/documents/docx.js';
import { tablePieces, type Document } from '../../src/exports/documents/document.js';
import { pdfOf } from '../../src/exports/documents/pdf.js';
import type { PrintedTable } from '../../src/exports/documents/printed-table.js';
import { listSheet } from '../../src/exports/lists/list-sheet.js';
import { csvOf } from '../../src/exports/sheets/csv.js';
import type { Sheet } from '../../src/exports/sheets/sheet.js';
import { tableSheets } from '../../src/exports/sheets/table-sheets.js';
import { xlsxOf } from '../../src/exports/sheets/xlsx.js';
import { unguarded } from '../../src/encoding/spreadsheet-guard.js';
import { HOSTILE } from '../support/hostile-texts.js';
import { describeWith, fontsIn, readByPoppler, readInOffice } from '../support/outside-tools.js';
import { filledTable } from '../support/printed-tables.js';
import { bytesOf } from '../support/spreadsheets.js';

/** Half of a character is in no file of others. */
const WHOLE = HOSTILE.filter((text) => !/\p{Cs}/u.test(text));
const list = (): Sheet => listSheet('清单', [{ head: '标题', width: 20, of: (text: string) => text }], WHOLE);

/** A line in a cell has one kind of end. */
const told = (text: string): string => text.replace(/\r\n/g, '\n');

const fieldsOf = (csv = ''): string[] =>
  parse(csv, { relax_column_count: true })
    .slice(1)
    .map(([field = '']) => told(field));

const FORMS = [
  ['2014-shandong', 2017],
  ['2014-fujian', 2014],
  ['2019', 2020],
  ['2021', 2021],
] as const;

/** What a table prints, from top to bottom, in the order in which its cells begin. */
const textsOf = ({ blocks }: PrintedTable): string[] =>
  blocks.flatMap(({ rows }) => rows.flatMap((row) => row.map(({ text }) => text).filter((text) => text !== '')));

const documentOf = (table: PrintedTable): Document => ({
  title: table.title,
  pieces: [{ kind: 'title', text: table.title }, ...tablePieces(table)],
});

const dense = (text: string): string => text.replace(/\s+/g, '');

describeWith('soffice', 'LibreOffice', () => {
  test('reads hostile texts in XLSX as they are', async () => {
    const [csv] = readInOffice(await bytesOf(xlsxOf([list()])), 'xlsx');
    expect(fieldsOf(csv)).toEqual(WHOLE.map(told));
  });

  test('reads hostile texts in CSV as texts', async () => {
    const [csv] = readInOffice(await bytesOf(csvOf(list(), true)), 'csv');
    expect(fieldsOf(csv).map(unguarded)).toEqual(WHOLE.map(told));
  });

  test.each(FORMS)('reads each cell of %s in XLSX', async (form, year) => {
    const table = filledTable(form, year);
    const sheets = readInOffice(await bytesOf(xlsxOf(tableSheets(table))), 'xlsx');
    expect(sheets).toHaveLength(table.blocks.length);
    const fields = sheets.flatMap((csv) => parse(csv, { relax_column_count: true }).flat());
    for (const text of textsOf(table)) expect(fields).toContain(text);
  });

  test.each(FORMS)('reads each cell of %s in DOCX', async (form, year) => {
    const table = filledTable(form, year);
    const [text = ''] = readInOffice(await bytesOf(docxOf(documentOf(table))), 'docx');
    const read = dense(text);
    let from = 0;
    for (const one of textsOf(table)) {
      const at = read.indexOf(dense(one), from);
      expect([one, at >= from]).toEqual([one, true]);
      from = at + dense(one).length;
    }
  });
});

describeWith('pdftotext', 'poppler', () => {
  test.each(FORMS)('reads each cell of %s in PDF', async (form, year) => {
    const table = filledTable(form, year);
    const bytes = await bytesOf(pdfOf(documentOf(table)));
    const read = dense(readByPoppler(bytes));
    for (const one of textsOf(table)) expect(read).toContain(dense(one));
    expect(fontsIn(bytes)).toEqual(
      ['Bold', 'Regular'].map((weight) => ({ name: `NotoSansHans-${weight}`, embedded: true, unicode: true })),
    );
  });
});
