/** Texts from many hands: in every format they are texts, run nothing, hide nothing and are read back. */
import { parse } from 'csv-parse/sync';
import { readReport } from '../../src/documents/report-text.js';
import { visible } from '../../src/encoding/visible-text.js';
import { docxOf } from '../../src/exports/documents/docx.js';
import type { Document } from '../../src/exports/documents/document.js';
import { glyphs } from '../../src/exports/documents/glyphs.js';
import { htmlOf } from '../../src/exports/documents/html.js';
import { pdfOf } from '../../src/exports/documents/pdf.js';
import { listSheet } from '../../src/exports/lists/list-sheet.js';
import { csvOf } from '../../src/exports/sheets/csv.js';
import type { Sheet } from '../../src/exports/sheets/sheet.js';
import { xlsxOf } from '../../src/exports/sheets/xlsx.js';
import { unguarded } from '../../src/encoding/spreadsheet-guard.js';
import { HOSTILE } from '../support/hostile-texts.js';
import { bytesOf, column, firstSheet } from '../support/spreadsheets.js';

const list = (): Sheet => listSheet('清单', [{ head: '标题', width: 20, of: (text: string) => text }], HOSTILE);

/** UTF-8 has no half of a character: everything else comes back. */
const held = (text: string): string => text.replace(/\ud800/g, '\ufffd');

test('XLSX holds them as text cells', async () => {
  const cells = firstSheet(await bytesOf(xlsxOf([list()])));
  expect(column(cells, 'A')).toEqual(HOSTILE);
  expect(new Set([...cells.values()].map(({ type }) => type))).toEqual(new Set(['inlineStr']));
});

test('XLSX cuts what no cell takes', async () => {
  // 32,767 UTF-16 units is what a spreadsheet takes; a longer text says that it is cut.
  const sheet = listSheet('清单', [{ head: '标题', width: 20, of: (text: string) => text }], ['一'.repeat(32_767), '😀'.repeat(20_000)]);
  const cells = firstSheet(await bytesOf(xlsxOf([sheet])));
  const [whole = '', cut = ''] = column(cells, 'A');
  expect(whole).toBe('一'.repeat(32_767));
  expect(cut.length).toBeLessThanOrEqual(32_767);
  expect(cut).toMatch(/^(😀)+…〔全文见CSV the whole text is in the CSV〕$/u);
});

test('CSV for spreadsheets is guarded', async () => {
  const text = (await bytesOf(csvOf(list(), true))).toString();
  expect(text.startsWith('\uFEFF')).toBe(true);
  const fields = parse(text, { bom: true, relax_column_count: true })
    .slice(1)
    .map(([field = '']) => field);
  expect(fields.filter((field) => /^[=+\-@\t]/.test(field))).toEqual([]);
  expect(fields.map(unguarded)).toEqual(HOSTILE.map(held));
});

test('plain CSV is as it was', async () => {
  const text = (await bytesOf(csvOf(list(), false))).toString();
  const fields = parse(text, { relax_column_count: true })
    .slice(1)
    .map(([field = '']) => field);
  expect(fields).toEqual(HOSTILE.map(held));
});

/** Without white space, which a reader of documents sets by its own rules. */
const dense = (text: string): string => text.replace(/\s+/g, '');

const DOCUMENT: Document = {
  title: HOSTILE.join(' ').slice(0, 300),
  pieces: [
    ...HOSTILE.map((text) => ({ kind: 'paragraph', text }) as const),
    {
      kind: 'table',
      block: {
        section: 'table',
        title: null,
        headRows: 0,
        widths: [50, 50],
        newPage: false,
        rows: HOSTILE.filter((text) => text.length < 500).map((text) => [
          { kind: 'head', text, scope: 'row', colspan: 1, rowspan: 1, align: 'start', indent: 0 },
          { kind: 'value', text: '1', scope: null, colspan: 1, rowspan: 1, align: 'centre', indent: 0 },
        ]),
      },
    },
  ],
};

const FORMATS = [
  ['docx', (): Promise<Buffer> => bytesOf(docxOf(DOCUMENT)), visible],
  ['html', (): Promise<Buffer> => Promise.resolve(Buffer.from(htmlOf(DOCUMENT))), visible],
  ['pdf', (): Promise<Buffer> => bytesOf(pdfOf(DOCUMENT)), glyphs],
] as const;

test.each(FORMATS)('%s is read back as it is shown', async (kind, bytes, shown) => {
  // Each paragraph in its order; what shows nothing is written out.
  const read = await readReport(await bytes());
  expect(read.kind).toBe(kind);
  // Numbers of pages stand between.
  const text = dense(read.text.replace(/\b\d+ \/ \d+\b/g, ''));
  let from = 0;
  for (const one of HOSTILE) {
    const said = dense(shown(one)).replace(/\ud800/g, '\\ud800');
    const at = text.indexOf(said, from);
    expect([one.slice(0, 40), at >= from]).toEqual([one.slice(0, 40), true]);
    from = at + said.length;
  }
  expect(read.text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200b]/);
});

test('HTML isolates what runs from right to left', () => {
  const [first, second] = ['\u05d0\u05d1 12 \u05d2', '\u0627\u0628'];
  const pieces = [
    { kind: 'title', text: `${first}2017年` },
    { kind: 'paragraph', text: `1 ${first}, 2 & 某局 ${second}、3 a` },
    { kind: 'signatures', texts: [second] },
  ] as const;
  const html = htmlOf({ title: first, pieces });
  expect(html).toContain(`<h1><bdi>${first}</bdi>2017年</h1>`);
  expect(html).toContain(`<p>1 <bdi>${first}</bdi>, 2 &amp; 某局 <bdi>${second}</bdi>、3 a</p>`);
  expect(html).toContain(`<span><bdi>${second}</bdi>：</span>`);
  // The title of a window holds no elements.
  expect(html).toContain(`<title>${first}</title>`);
});

test('HTML runs nothing and loads nothing', () => {
  const html = htmlOf(DOCUMENT);
  expect(html).not.toMatch(/<script|<!--|\]\]>|\son\w+=|<(img|link|iframe|object)\b|url\(|@import/i);
  expect(html).toContain("default-src 'none'");
});
