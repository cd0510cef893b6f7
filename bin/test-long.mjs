// The tests with their long budgets (test/support/budget.ts): of the files named, or of every test file that asks for a
// budget, itself or by what it imports. Further arguments are jest's.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);

/** Whether a file of test/, or one it imports from there, asks for a budget. */
function asksForBudget(file, seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (/\bbudget\(\d/.test(text)) return true;
  const imports = [...text.matchAll(/from '(\.{1,2}\/[^']+)\.js'/g)].map(([, name]) => join(dirname(file), `${name}.ts`));
  return imports.some((imported) => !imported.startsWith(join(root, 'src')) && asksForBudget(imported, seen));
}

function filesWithBudget() {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(root, 'test', name))
    .filter((file) => asksForBudget(file))
    .sort();
}

const named = given.some((argument) => argument.endsWith('.ts') || argument.startsWith('test/'));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const files = named ? [] : ['--runTestsByPath', ...filesWithBudget()];
const run = spawnSync(process.execPath, [...flags, jest, ...given, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, DISCLOSURE_LONG: process.env.DISCLOSURE_LONG ?? '1' },
});
process.exit(run.status ?? 1);
