/** A long list takes no more memory than a short one: measured in processes of their own. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../support/export-rows.mjs');

function written(format: string, rows: number): { readonly written: number; readonly peak: number } {
  // A small heap, so that what is only not collected yet is not taken for what is kept: 50,000 rows do not fit into it.
  const heap = ['--max-semi-space-size=1', '--max-old-space-size=32'];
  const out = execFileSync(process.execPath, [...heap, PROGRAM, format, String(rows)]);
  return JSON.parse(out.toString()) as { written: number; peak: number };
}

test.each(['xlsx', 'csv'])('50,000 rows of %s in flat memory', (format) => {
  const [few, many] = [written(format, 5_000), written(format, 50_000)];
  expect(many.written).toBeGreaterThan(few.written * 7);
  expect(many.peak / few.peak).toBeLessThan(1.25);
});
