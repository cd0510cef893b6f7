/**
 * What the README promises first: two commands that install and show, or test. Its other blocks are run by
 * test/docs/commands.test.ts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as runCommand } from './support/cli.js';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => (match[1] ?? '').trim());

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-readme-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command of the program itself, beside others in one process. */
async function disclosure(command: string): Promise<string> {
  const args = command.replace(/ #.*$/, '').trim().split(/\s+/).slice(2);
  const { code, stdout } = await runCommand(args, { folder: root, env: { DISCLOSURE_DATA: folder } });
  expect([command, code]).toEqual([command, 0]);
  return stdout;
}

function run(command: string): string {
  return execFileSync('bash', ['-c', command], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DISCLOSURE_DATA: folder, EVENTSTOREDB_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('the first two commands install and run', () => {
  expect(blocks.slice(0, 2)).toEqual(['npm install && npm run demo', 'npm install && npm test']);
});

test('the demo prints table, trail, explanation and hints', async () => {
  // The demo prints the table, a trail, an explained cell and what to try next.
  const printed = run('npm run --silent demo');
  expect(printed).toContain('(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条)');
  expect(printed).toMatch(/1\.1 .* 72 /);
  expect(printed).toContain('publication/2017-0034');
  expect(printed).toContain('1.2.4 4.其他方式公开政府信息数 = 15');
  for (const command of printed.split('\n').filter((line) => line.trim().startsWith('npx ') && !line.includes('serve'))) {
    expect(await disclosure(command)).not.toBe('');
  }
});

test('npx finds the command in a clone', () => {
  expect(run('npx disclosure --version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
});
