// Puts the faults of faults.json into a copy of the project, one at a time, and says which test finds each: the tests
// of its area first, all of `npm test` where those do not. Exit 1 where one is found by none.
//
//   node test/faults/run.mjs [--all] [--area-only] [--keep] [WORD…]
//
// WORD: only faults whose area or description holds it. --all: all tests for each. --area-only: never all tests.
// --keep: the copy stays.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const given = process.argv.slice(2);
const has = (flag) => given.includes(flag);
const words = given.filter((one) => !one.startsWith('--'));
const faults = JSON.parse(readFileSync(join(root, 'test/faults/faults.json'), 'utf8')).filter(
  ({ area, what }) => words.length === 0 || words.some((word) => `${area} ${what}`.includes(word)),
);

/**
 * What a fault makes wait for ever ends here and not at the limit of the suite; the run without faults has the same
 * limit.
 */
const PATIENCE_MS = 120_000;

const copy = mkdtempSync(join(tmpdir(), 'disclosure-faults-'));
const report = join(copy, 'report.json');
const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'coverage']);
cpSync(root, copy, { recursive: true, filter: (from) => !LEFT_OUT.has(relative(root, from).split('/')[0]) });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');

/**
 * Names of the tests that fail; `null`: it does not even build or begin. The list of faults would find every fault by
 * its text.
 */
function failing(files) {
  rmSync(report, { force: true });
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = [
    ...flags,
    join(copy, 'node_modules/jest/bin/jest.js'),
    '--silent',
    `--testTimeout=${PATIENCE_MS}`,
    '--json',
    `--outputFile=${report}`,
  ];
  const wanted = files === null ? ['--testPathIgnorePatterns=/test/faults/'] : ['--runTestsByPath', ...files];
  spawnSync(process.execPath, [...jest, ...wanted], { cwd: copy, stdio: 'ignore' });
  if (!existsSync(report)) return null;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.flatMap(({ name, assertionResults, message }) => {
    const file = relative(copy, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${file}: ${fullName}`);
    return failed.length === 0 && assertionResults.length === 0 && message !== '' ? [`${file}: ${message.split('\n')[0]}`] : failed;
  });
}

function build() {
  return spawnSync(process.execPath, ['bin/build-if-stale.mjs'], { cwd: copy, stdio: 'ignore' }).status === 0;
}

/** What finds it; null = nothing. */
function foundBy({ tests, build: built }, before) {
  for (const files of has('--all') ? [null] : has('--area-only') ? [tests] : [tests, null]) {
    if ((built === true || files === null) && !build()) return 'the build';
    const found = failing(files);
    if (found === null) return 'jest does not begin';
    const own = found.filter((name) => !before.has(name));
    if (own.length > 0) return `${own[0]}${own.length > 1 ? ` and ${own.length - 1} more` : ''}`;
  }
  return null;
}

build();
const sound = failing(has('--all') ? null : [...new Set(faults.flatMap(({ tests }) => tests))]) ?? [];
for (const name of sound) console.log(`fails without any fault, and finds none: ${name}`);
const before = new Set(sound);
let missed = 0;
for (const [at, fault] of faults.entries()) {
  const file = join(copy, fault.file);
  const text = readFileSync(file, 'utf8');
  const parts = text.split(fault.from);
  if (parts.length !== 2) throw new Error(`${fault.file} holds the text of "${fault.what}" ${parts.length - 1} times`);
  writeFileSync(file, parts.join(fault.to));
  const found = foundBy(fault, before);
  writeFileSync(file, text);
  if (found === null) missed += 1;
  console.log(`${at + 1}/${faults.length} ${fault.area}: ${fault.what}: ${found === null ? 'NOT FOUND' : `found by ${found}`}`);
}
console.log(`${faults.length - missed} of ${faults.length} found`);
if (!has('--keep')) rmSync(copy, { recursive: true, force: true });
process.exitCode = missed > 0 ? 1 : 0;
