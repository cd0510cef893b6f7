// Writes a list of so many rows from the built program, in pages as the reader gives them, and says how much memory the
// process had at most, in KiB: argv is format and rows.
import { caseSheet } from '../../dist/exports/lists/cases.js';

const [, , format, rows] = process.argv;
const total = Number(rows);

const one = (at) => ({
  case: `publication/2017-${String(at).padStart(6, '0')}`,
  kind: 'publication',
  number: `2017-${String(at).padStart(6, '0')}`,
  title: `关于印发第${at}号办法的通知 ${'公开'.repeat(20)}`,
  state: 'released',
  since: '2017-03-02',
  waitsFor: [],
  dueOn: null,
});

const queries = {
  execute: async ({ question: { after = '0', limit } }) => {
    const from = Number(after);
    const count = Math.min(limit, total - from);
    const cases = Array.from({ length: count }, (_, at) => one(from + at));
    return { cases, next: from + count < total ? String(from + count) : null };
  },
};

const sheet = caseSheet(queries, { agency: 'a' });
const bytes =
  format === 'csv'
    ? (await import('../../dist/exports/sheets/csv.js')).csvOf(sheet, true)
    : (await import('../../dist/exports/sheets/xlsx.js')).xlsxOf([sheet]);
let written = 0;
for await (const chunk of bytes) written += chunk.length;
process.stdout.write(JSON.stringify({ written, peak: process.resourceUsage().maxRSS }));
