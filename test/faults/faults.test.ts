/**
 * The seeded faults can still be put in: each text stands once in its file, and what takes its place is another.
 * `node test/faults/run.mjs` tries them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Fault {
  readonly area: string;
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

const ROOT = join(__dirname, '../..');
const FAULTS = JSON.parse(readFileSync(join(__dirname, 'faults.json'), 'utf8')) as readonly Fault[];

test('there are enough, in every area', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(30);
  expect(new Set(FAULTS.map(({ what }) => what)).size).toBe(FAULTS.length);
  expect(new Set(FAULTS.map(({ area }) => area)).size).toBeGreaterThanOrEqual(20);
});

test.each(FAULTS.map((fault) => [`${fault.area}: ${fault.what}`, fault] as const))('%s', (_what, { file, from, to, tests }) => {
  expect(readFileSync(join(ROOT, file), 'utf8').split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  expect(tests.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
});
