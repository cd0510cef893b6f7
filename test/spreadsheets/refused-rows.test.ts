/** What is written for spreadsheets is harmless there, and read back equal whatever it says. */
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSheet } from '../../src/documents/sheets/open-sheet.js';
import { shownText } from '../../src/documents/sheets/shown.js';
import { guard, unguarded } from '../../src/encoding/spreadsheet-guard.js';
import { RefusedRows } from '../../src/spreadsheets/refused-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'disclosure-refused-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const HOSTILE = [
  '=cmd|x!A1',
  '+1',
  '-1',
  '@a',
  '\tb',
  "'=a",
  "''",
  '"',
  'a,b',
  'a\r\nb',
  '\ufeffa',
  '000042',
  '370828000000000001',
  '<b>',
  '\u202eabc',
  ' a ',
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }).map((of) => of.replace(/\0/g, '')),
  fc.array(fc.constantFrom("'", '=', '-', '+', '@', '\t', 'a'), { maxLength: 6 }).map((parts) => parts.join('')),
);

async function readBack(file: string): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { cells } of openSheet(file, {}, () => undefined)) rows.push(cells.map(shownText));
  return rows;
}

test('the guard is taken off whatever it stood before', () => {
  fc.assert(
    fc.property(text, (of) => {
      expect(unguarded(guard(of))).toBe(of);
      expect(guard(of)).not.toMatch(/^[=+\-@\t]/);
    }),
    { endOnFailure: true },
  );
});

test('refused rows are read back equal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      text,
      async (rows, reason) => {
        const asked = join(folder, `rows-${(files += 1)}.csv`);
        const refused = new RefusedRows('unused', asked, [['甲', '=乙', '丙']]);
        for (const row of rows) refused.add(row, reason);
        refused.close();
        expect(readFileSync(asked, 'utf8').startsWith('\ufeff')).toBe(true);
        const trimmed = rows.map((row) => [...row, reason]).map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
        expect(await readBack(asked)).toEqual([['甲', '=乙', '丙', '原因'], ...trimmed.filter((row) => row.length > 0)]);
      },
    ),
    { endOnFailure: true, numRuns: 60 },
  );
});

test('nothing is written where nothing is refused', () => {
  const refused = new RefusedRows(join(folder, 'none.csv'), undefined, [['甲']]);
  refused.close();
  expect(refused.file).toBeNull();
});

test('cells stand under their heads, reasons in one column', async () => {
  const refused = new RefusedRows(join(folder, '目录.XLSX'), undefined, [['题'], ['甲', '原因', '乙']]);
  refused.add(['1', '旧的', '2', '多余'], '新的');
  refused.add(['1'], '新的');
  refused.close();
  expect(refused.file).toBe(join(folder, '目录.refused.csv'));
  expect(await readBack(refused.file ?? '')).toEqual([['题'], ['甲', '乙', '原因'], ['1', '2', '新的'], ['1', '', '新的']]);
});
