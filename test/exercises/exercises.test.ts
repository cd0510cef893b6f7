/**
 * Adding a thing touches few files. What each patch of this folder adds applies to the project as it is, type-checks,
 * and touches no more files than its head says. docs/adding.md tells how to add each by hand.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { budget } from '../support/budget.js';
import { applyTo, copyProject, exercises, readExercise, ROOT, type Exercise } from './exercise.js';
import { TypeCheck } from './type-check.js';

const all = exercises();
let types: TypeCheck;

beforeAll(() => {
  types = new TypeCheck(ROOT);
});

/** With the patch in a copy of the project. */
function inCopy<T>(work: (folder: string) => T): T {
  const folder = copyProject();
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const counted = ({ touched, generated }: Exercise): string[] => touched.filter((file) => !generated.includes(file));

/** What is wrong with an exercise; nothing where it holds. */
function flaws(exercise: Exercise): string[] {
  const { name, limit, touched } = exercise;
  const files = counted(exercise);
  if (files.length > limit)
    return [`${name} touches ${files.length} files, and ${limit} is its limit:\n${files.map((file) => `  ${file}`).join('\n')}`];
  return inCopy((folder) => {
    const rejected = applyTo(folder, exercise);
    if (rejected !== null)
      return [
        `${name} no longer applies: the project moved on, also by what you added beside its lines. "node test/exercises/remake.mjs ${name}" begins it again.\n${rejected}`,
      ];
    return types.problems(folder, touched).map((problem) => `with ${name} applied: ${problem}`);
  });
}

function expectNone(found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${found.join('\n')}\n`);
}

test.each(all.map((exercise) => [exercise.name, exercise] as const))(
  '%s applies, type-checks, and touches few files',
  (_name, exercise) => {
    expectNone(flaws(exercise));
    // At most half of what it took before, rounded up, or the two files that anything takes.
    expect(exercise.limit).toBeLessThanOrEqual(Math.max(Math.ceil(exercise.before / 2), 2));
  },
);

describe('an exercise that does not hold is told', () => {
  const patched = (from: string, to: string): string[] => {
    const read = all.find(({ name }) => name === 'read');
    expect(read?.patch).toContain(from);
    return flaws(readExercise('read', (read?.patch ?? '').replace(from, to)));
  };

  test('a hunk whose place is gone', () => {
    expect(patched('\n   declareReveal(program);', '\n   declareNever(program);')).toEqual([
      expect.stringMatching(/no longer applies[^]*remake\.mjs read[^]*src\/cli\/reads\/cases\.ts[^]*Rejected hunk #\d/),
    ]);
  });

  test('a type that is not true', () => {
    const found = patched('+  readonly cases: number;', '+  readonly cases: Date;');
    expect(found.join('\n')).toMatch(/src\/cli\/reads\/cases\.ts:\d+: .*Date/);
  });

  test('a file more than its limit', () => {
    expect(patched('limit: 4', 'limit: 3').join('\n')).toMatch(/touches 4 files, and 3 is its limit/);
  });

  test('a patch without a head', () => {
    expect(() => patched('limit: ', 'limits: ')).toThrow('needs a sentence');
  });
});

// The tests each names, in the copy: its own build and minutes, so only with a long budget.
const asked = all.slice(0, budget(0, all.length));
if (asked.length > 0)
  test.each(asked.map((exercise) => [exercise.name, exercise] as const))('the tests of %s pass with it', (_name, exercise) => {
    inCopy((folder) => {
      expect(applyTo(folder, exercise)).toBeNull();
      const { DISCLOSURE_LONG: _long, JEST_WORKER_ID: _worker, ...env } = process.env;
      const { status, stdout, stderr } = spawnSync('npm', ['test', '--', ...exercise.tests], { cwd: folder, encoding: 'utf8', env });
      if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
    });
  });
