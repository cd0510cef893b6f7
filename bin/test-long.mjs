// The tests with their long budgets (test/support/budget.ts): of the files named, or of every test file that asks for a budget. Further
// arguments are jest's.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);

function filesWithBudget() {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .filter((name) => /\bbudget\(/.test(readFileSync(join(root, name), 'utf8')))
    .sort();
}

const named = given.some((argument) => argument.endsWith('.ts') || argument.startsWith('test/'));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const files = named ? [] : ['--runTestsByPath', ...filesWithBudget()];
const run = spawnSync(process.execPath, [...flags, jest, ...given, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, DISCLOSURE_LONG: '1' },
});
process.exit(run.status ?? 1);
