/** Spreadsheets row by row, told by their bytes; what is hostile is refused with a code, and little memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentProblem } from '../../src/documents/problem.js';
import { openSheet, type SheetChoice } from '../../src/documents/sheets/open-sheet.js';
import { dayOfSerial } from '../../src/documents/sheets/serial-days.js';
import { shownText } from '../../src/documents/sheets/shown.js';
import { archiveOf } from '../support/documents.js';
import { xlsxOf, type Cell } from '../support/sheets.js';

const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'disclosure-sheets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(bytes: Buffer): string {
  const file = join(folder, `sheet-${String(files++)}`);
  writeFileSync(file, bytes);
  return file;
}
let files = 0;

/** Rows as they are shown, each behind its number. */
async function rowsIn(bytes: Buffer, choice: SheetChoice = {}): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for await (const { line, cells } of openSheet(fileOf(bytes), choice, () => undefined)) rows.push([line, ...cells.map(shownText)]);
  return rows;
}

/** The code it is refused with, and how far the process grew meanwhile. */
async function refused(bytes: Buffer): Promise<{ readonly code: string; readonly grown: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const ended = (code: string): { code: string; grown: number } => ({ code, grown: Math.max(most, process.memoryUsage.rss()) - before });
  try {
    let rows = 0;
    for await (const { cells } of openSheet(fileOf(bytes), {}, () => undefined)) rows += cells.length;
    return ended(`read ${rows}`);
  } catch (error) {
    if (error instanceof DocumentProblem) return ended(error.code);
    throw error;
  } finally {
    clearInterval(look);
  }
}

const codeOf = async (bytes: Buffer): Promise<string> => (await refused(bytes)).code;

test('an XLSX as it is shown', async () => {
  const rows: Cell[][] = [
    ['2017年目录'],
    [],
    ['信息名称', null, '日期'],
    ['a & <b> "c"\n第二行\u0001_x0041_', 72, { day: 42796 }],
    ['000042', { padded: 42 }, { day: 42796.378472222 }],
    ['370828000000000001', 370828000000001, { formula: 'SUM(B4:B5)', value: 114 }],
    [{ formula: '"a"&"b"', value: '=cmd|x' }, 0.1 + 0.2, { error: '#REF!' }],
  ];
  const shown = [
    [1, '2017年目录'],
    [3, '信息名称', '', '日期'],
    [4, 'a & <b> "c"\n第二行\u0001_x0041_', '72', '2017-03-02'],
    [5, '000042', '000042', '2017-03-02 09:05:00'],
    [6, '370828000000000001', '370828000000001', '114'],
    [7, '=cmd|x', '0.3', '#REF!'],
  ];
  expect(await rowsIn(xlsxOf(rows))).toEqual(shown);
  expect(await rowsIn(xlsxOf(rows, { inline: true }))).toEqual(shown);
});

test('the first sheet shown, or the named one', async () => {
  const book = xlsxOf([], {
    sheets: [
      { name: '设置', state: 'hidden', rows: [['隐藏']] },
      { name: '目录', rows: [['甲']] },
      { name: '台账', rows: [['乙']] },
    ],
  });
  expect(await rowsIn(book)).toEqual([[1, '甲']]);
  expect(await rowsIn(book, { sheet: '台账' })).toEqual([[1, '乙']]);
  await expect(rowsIn(book, { sheet: '附表' })).rejects.toMatchObject({ code: 'no-such-sheet' });
});

test.each([
  [1, 1900, '1900-01-01'],
  [59, 1900, '1900-02-28'],
  // The 29 February 1900 never was.
  [60, 1900, null],
  [61, 1900, '1900-03-01'],
  [42796, 1900, '2017-03-02'],
  [41334, 1904, '2017-03-02'],
  [2_958_466, 1900, null],
  [0, 1900, null],
  [-5, 1900, null],
  [Number.NaN, 1900, null],
] as const)('day %p of %p', (serial, system, day) => {
  expect(dayOfSerial(serial, system)).toBe(day);
});

test('days since 1904 are told by the file', async () => {
  expect(await rowsIn(xlsxOf([[{ day: 41334 }]], { date1904: true }))).toEqual([[1, '2017-03-02']]);
});

test('a CSV in UTF-8, UTF-16 and GB 18030', async () => {
  const rows = [
    [1, '信息名称', '日期'],
    [3, '两行\n文字,"引号"', '2017/3/2'],
    [4, '', '乙'],
  ];
  const text = '信息名称,日期\r\n\r\n"两行\n文字,""引号""",2017/3/2\r\n,乙\r\n';
  expect(await rowsIn(Buffer.from(text))).toEqual(rows);
  expect(await rowsIn(Buffer.from(`\ufeff${text}`))).toEqual(rows);
  expect(
    await rowsIn(Buffer.from(`\ufeff${text.replaceAll(',', '\t').replace('文字\t', '文字,')}`, 'utf16le'), { delimiter: '\t' }),
  ).toEqual(rows);
  // 公开,2017 behind a mebibyte of ASCII: the bytes that tell come late.
  const late = Buffer.concat([Buffer.from('a,1\n'.repeat(MIB / 4)), Buffer.from([0xb9, 0xab, 0xbf, 0xaa]), Buffer.from(',2017\n')]);
  expect((await rowsIn(late)).at(-1)).toEqual([MIB / 4 + 1, '公开', '2017']);
});

test('the mark before a formula is taken off', async () => {
  expect(await rowsIn(Buffer.from("'=cmd,'-5,''@a,'plain,=1+1,'\n"))).toEqual([[1, '=cmd', '-5', "'@a", "'plain", '=1+1', "'"]]);
});

test('what is no spreadsheet is refused by code', async () => {
  expect(await codeOf(Buffer.from([0, 1, 2, 3]))).toBe('not-a-document');
  expect(await codeOf(Buffer.from('PK\u0003\u0004 and no archive'))).toBe('not-a-document');
  expect(await codeOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('not-a-document');
  expect(await codeOf(archiveOf([{ name: 'word/document.xml', data: Buffer.from('<w/>') }]))).toBe('not-a-document');
  expect(await codeOf(Buffer.from('a,"b" c\n'))).toBe('not-a-document');
  expect(await codeOf(Buffer.from([0xff, 0xff, 0x2c, 0x80]))).toBe('not-a-document');
});

test.each(['xl/vbaProject.bin', 'xl/macrosheets/sheet1.xml', 'xl/externalLinks/externalLink1.xml', 'xl/connections.xml'])(
  'an XLSX with %s is refused',
  async (name) => {
    expect(await codeOf(xlsxOf([['a']], { more: [{ name, data: Buffer.from('x') }] }))).toBe('unsafe-document');
  },
);

const WORKBOOK = '<workbook><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>';
const RELS = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>';

/** A workbook of one sheet, with the parts as they are given. */
function bookOf(
  sheet: Buffer,
  more: { readonly name: string; readonly data: Buffer; readonly claimed?: number }[] = [],
  claimed?: number,
): Buffer {
  return archiveOf([
    { name: 'xl/workbook.xml', data: Buffer.from(WORKBOOK) },
    { name: 'xl/_rels/workbook.xml.rels', data: Buffer.from(RELS) },
    { name: 'xl/worksheets/sheet1.xml', data: sheet, ...(claimed === undefined ? {} : { claimed }) },
    ...more,
  ]);
}

const SHEET = Buffer.from('<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>');

test('entities and sheets elsewhere are not resolved', async () => {
  const declared = '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>';
  expect(await codeOf(bookOf(Buffer.from(declared)))).toBe('unsafe-document');
  expect(await codeOf(bookOf(Buffer.from(`${' '.repeat(65_530)}${declared}`)))).toBe('unsafe-document');
  const outside = RELS.replace('worksheets/sheet1.xml', '../../etc/passwd');
  const named = archiveOf([
    { name: 'xl/workbook.xml', data: Buffer.from(WORKBOOK) },
    { name: 'xl/_rels/workbook.xml.rels', data: Buffer.from(outside) },
  ]);
  expect(['unsafe-document', 'not-a-document']).toContain(await codeOf(named));
  const external = RELS.replace('Target=', 'TargetMode="External" Target=');
  expect(
    await codeOf(
      archiveOf([
        { name: 'xl/workbook.xml', data: Buffer.from(WORKBOOK) },
        { name: 'xl/_rels/workbook.xml.rels', data: Buffer.from(external) },
      ]),
    ),
  ).toBe('not-a-document');
});

test('a million shared texts take little memory', async () => {
  const strings = Buffer.from(`<sst>${'<si><t>公开信息公开信息</t></si>'.repeat(1_000_000)}</sst>`);
  const found = await refused(bookOf(SHEET, [{ name: 'xl/sharedStrings.xml', data: strings }]));
  expect(found.code).toBe('document-too-large');
  expect(found.grown).toBeLessThan(256 * MIB);
});

test('an XLSX that unpacks to too much', async () => {
  // Refused by what the archive says, unread.
  const honest = await refused(bookOf(Buffer.alloc(1000, 0x20), [], 600 * MIB));
  expect(honest.code).toBe('document-too-large');
  expect(honest.grown).toBeLessThan(64 * MIB);
  // One that lies about it is held to what it says.
  const lying = await refused(bookOf(Buffer.alloc(256 * MIB, 0x20), [], 1000));
  expect(lying.code).toBe('not-a-document');
  expect(lying.grown).toBeLessThan(64 * MIB);
});

test.each([
  ['a tag without end', `<worksheet><sheetData><row a="${'x'.repeat(8 * MIB)}`],
  ['a comment without end', `<worksheet><!-- ${'x'.repeat(8 * MIB)}`],
  ['tags in tags', '<worksheet>'.repeat(MIB)],
  ['a cell without end', `<worksheet><sheetData><row><c><v>${'1'.repeat(8 * MIB)}</v></c></row></sheetData></worksheet>`],
  [
    'a text without end',
    `<worksheet><sheetData><row><c t="inlineStr"><is><t>${'一'.repeat(4 * MIB)}</t></is></c></row></sheetData></worksheet>`,
  ],
  ['a column far away', '<worksheet><sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'],
  ['a row far away', '<worksheet><sheetData><row r="9000000"><c><v>1</v></c></row></sheetData></worksheet>'],
])('an XLSX with %s is refused', async (_what, xml) => {
  const found = await refused(bookOf(Buffer.from(xml)));
  expect(found.code).toBe('document-too-large');
  expect(found.grown).toBeLessThan(96 * MIB);
});

test('a quotation mark that is never closed', async () => {
  const found = await refused(Buffer.from(`a,b\n"c,${'d,e\n'.repeat(8 * MIB)}`));
  expect(found.code).toBe('document-too-large');
  expect(found.grown).toBeLessThan(96 * MIB);
});
