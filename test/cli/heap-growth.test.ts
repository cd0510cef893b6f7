/** What a service leaves behind is collected before it is several times what it holds. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROGRAM = join(__dirname, '../support/heap-peak.mjs');
const BUILT = pathToFileURL(join(__dirname, '../../dist/cli/heap-growth.js')).href;

/** Up to 2.9 with the bound, also on a busy machine; 4.1 and more without. */
const TIMES_AT_MOST = 3.5;

test('the heap stays near what it holds', () => {
  const peak = execFileSync(process.execPath, ['--expose-gc', PROGRAM, BUILT], { encoding: 'utf8' });
  expect(Number(peak)).toBeLessThan(TIMES_AT_MOST);
});
