/** The bench is run by hand and seldom: that its measurements still load is looked at here. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MEASURES = join(__dirname, '../bench/measures');

test('every measurement loads what it measures', () => {
  const files = readdirSync(MEASURES).map((name) => pathToFileURL(join(MEASURES, name)).href);
  expect(files.length).toBeGreaterThan(5);
  const program = files.map((url) => `await import(${JSON.stringify(url)});`).join('\n');
  // What a library leaves running must not keep the process.
  execFileSync(process.execPath, ['--input-type=module', '-e', `${program}\nprocess.exit(0);`], { stdio: 'pipe' });
});
