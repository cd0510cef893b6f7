/** A file that is replaced is the old one or the new one, whole, also if the process is killed meanwhile. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceFile } from '../../src/config/data-files.js';
import { budget } from '../support/budget.js';
import { until } from '../support/until.js';

const BUILT = join(__dirname, '../../dist/config/data-files.js');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'disclosure-replace-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a replaced file is its owner’s alone', () => {
  // A replaced file is its owner’s alone, and nothing stays beside it.
  const file = join(folder, 'file');
  writeFileSync(file, 'old', { mode: 0o644 });
  // Left by a crash of a process with this number.
  writeFileSync(`${file}.${process.pid}.new`, 'half', { mode: 0o666 });
  replaceFile(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a kill leaves no half of a file', async () => {
  const file = join(folder, 'file');
  const code = `import { replaceFile } from ${JSON.stringify(BUILT)};
    for (let at = 0; ; at = (at + 1) % 10) replaceFile(${JSON.stringify(file)}, String(at).repeat(300_000));`;
  for (let kill = 0; kill < budget(8, 60); kill += 1) {
    rmSync(file, { force: true });
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    await until(() => statSync(file, { throwIfNoEntry: false }));
    await sleep(kill * 3);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(readFileSync(file, 'utf8')).toMatch(/^(\d)\1{299999}$/);
  }
});
