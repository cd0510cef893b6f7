/** Tables as sheets: one for each part, heads merged as on paper, numbers as numbers where that changes nothing. */
import { strFromU8, unzipSync } from 'fflate';
import type { PrintedCell } from '../../src/exports/documents/printed-table.js';
import { tableSheets } from '../../src/exports/sheets/table-sheets.js';
import { xlsxOf } from '../../src/exports/sheets/xlsx.js';
import { filledTable } from '../support/printed-tables.js';
import { bytesOf, firstSheet } from '../support/spreadsheets.js';

const mergesIn = (xml: string): string[] => [...xml.matchAll(/<mergeCell ref="([^"]+)"/g)].map(([, ref = '']) => ref);

test('part three is merged as printed', async () => {
  const parts = unzipSync(await bytesOf(xlsxOf(tableSheets(filledTable('2021', 2021)))));
  expect(Object.keys(parts).filter((name) => name.includes('sheet'))).toHaveLength(3);
  const part = parts['xl/worksheets/sheet2.xml'];
  const merges = mergesIn(part === undefined ? '' : strFromU8(part));
  // Title and name of the part; the note over three rows of heads; 申请人情况, 自然人, 法人或其他组织, 总计.
  expect(merges.slice(0, 7)).toEqual(['A1:J1', 'A2:J2', 'A3:C5', 'D3:J3', 'D4:D5', 'E4:I4', 'J4:J5']);
  // 三、本年度办理结果 over 22 rows, （三）不予公开 over eight.
  expect(merges).toContain('A8:A29');
  expect(merges).toContain('B10:B17');
});

test('numbers are numbers where nothing is lost', async () => {
  const values = ['72', '0', '-3', '0.2', '24252.311082', '0.20', '007', '+3', '123456789012345678', '73802895.90元', '/', ''];
  const cell = (text: string): PrintedCell => ({ kind: 'value', text, scope: null, colspan: 1, rowspan: 1, align: 'centre', indent: 0 });
  const block = { section: 'table', title: null, headRows: 0, widths: [100], newPage: false, rows: values.map((text) => [cell(text)]) };
  const cells = firstSheet(await bytesOf(xlsxOf(tableSheets({ title: '表', blocks: [block], notes: [], signatures: [] }))));
  const told = values.map((_, at) => cells.get(`A${at + 2}`));
  expect(told.map((one) => one?.text)).toEqual(values);
  expect(values.filter((_, at) => told[at]?.type === 'n')).toEqual(['72', '0', '-3', '0.2', '24252.311082', '']);
});
