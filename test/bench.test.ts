/** The bench is run by hand and seldom: that its measurements load, that its modes work, and that it judges rightly. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '..');
const MEASURES = join(ROOT, 'bench/measures');

const folder = mkdtempSync(join(tmpdir(), 'disclosure-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the bench as `npm run bench -- …` does, with little to do; results go into the folder of this test. */
function bench(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { EVENTSTOREDB_URL: _, ...others } = process.env;
  const command = ['--expose-gc', join(ROOT, 'bench/bench.mjs'), ...args, '--into', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env: { ...others, ...env }, encoding: 'utf8' });
  return { status, out: stdout, said: stdout + stderr };
}

function result(ending: string): Record<string, unknown> {
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith(ending));
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
}

const CIRCUMSTANCES = {
  date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
  commit: expect.any(String) as string,
  machine: expect.objectContaining({ cores: expect.any(Number) as number, node: process.version }) as object,
};

test('every measurement loads what it measures', () => {
  const names = (readdirSync(MEASURES, { recursive: true }) as string[]).filter((name) => name.endsWith('.mjs'));
  const files = names.map((name) => pathToFileURL(join(MEASURES, name)).href);
  expect(files.length).toBeGreaterThan(5);
  const program = files.map((url) => `await import(${JSON.stringify(url)});`).join('\n');
  // What a library leaves running must not keep the process.
  execFileSync(process.execPath, ['--input-type=module', '-e', `${program}\nprocess.exit(0);`], { stdio: 'pipe' });
});

test('what it is asked for is looked at', () => {
  expect(bench(['--curves', '--compare'])).toMatchObject({ status: 1, said: expect.stringContaining('only one of') as string });
  expect(bench(['--curves', '--sizes', '10q'])).toMatchObject({ status: 1 });
  expect(bench(['--soak', '0'])).toMatchObject({ status: 1 });
  expect(bench(['--soak', '1', '--store', 'none'])).toMatchObject({ status: 1, said: expect.stringContaining('embedded') as string });
  expect(bench(['--compare', join(folder, 'none.json')])).toMatchObject({
    status: 2,
    said: expect.stringContaining('--baseline') as string,
  });
});

test('curves are printed, kept and drawn', () => {
  const { status, out, said } = bench(['--curves', '--sizes', '300,1k', '--seed', '7']);
  expect({ status, said }).toEqual({ status: 0, said });
  const parts = ['import', 'rebuild', 'verify', 'export', 'table', 'explain', 'filter', 'proof'];
  const kept = result('-7.json');
  expect(kept).toMatchObject({ kind: 'curves', seed: 7, ...CIRCUMSTANCES });
  const rows = kept.rows as Record<string, number | string>[];
  expect(rows.map(({ part }) => part)).toEqual([...parts, ...parts]);
  for (const row of rows) {
    expect(row).toMatchObject({ events: expect.any(Number) as number });
    // Each figure was measured: none is 0, but the disk of a question.
    for (const figure of ['count', 'seconds', 'cpuSeconds', 'peak'])
      expect([row.part, figure, Number(row[figure]) > 0]).toEqual([row.part, figure, true]);
    expect([row.part, Number(row.disk) > 0]).toEqual([row.part, row.p50 === undefined]);
  }
  expect(out).toContain('import, read models at the end');
  const svg = readFileSync(join(folder, 'performance.svg'), 'utf8');
  expect(svg).not.toContain('NaN');
  for (const part of parts) expect(svg).toContain(`>${part}</text>`);
});

type Parts = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
interface Judged {
  readonly figures: readonly { readonly part: string; readonly figure: string; readonly change: number; readonly verdict: string }[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
  readonly slower: readonly { readonly part: string }[];
}

async function judge(before: Parts, now: Parts): Promise<Judged> {
  const module = (await import(join(ROOT, 'bench/compare/judge.mjs'))) as { readonly judge: (before: Parts, now: Parts) => Judged };
  return module.judge(before, now);
}

const verdicts = ({ figures }: Judged): string[] => figures.map(({ part, figure, verdict }) => `${part} ${figure} ${verdict}`);
const QUIET = { processor: [10, 10.2, 9.9, 10.1, 10], wall: [5, 5.1, 4.9, 5, 5.2], memory: [200, 201, 199, 202, 200] };

test('a slowdown is seen', async () => {
  const judged = await judge(
    { import: QUIET, table: QUIET },
    { import: { ...QUIET, processor: [12.5, 12.4, 12.6], memory: [280, 281, 279] }, table: { ...QUIET, wall: [11, 12, 11] } },
  );
  expect(verdicts(judged)).toEqual([
    'import processor slower',
    'import wall same',
    'import memory slower',
    'table processor same',
    'table wall slower',
    'table memory same',
  ]);
  expect(judged.slower.map(({ part }) => part)).toEqual(['import', 'import', 'table']);
  expect(judged.figures[0]?.change).toBeCloseTo(0.25);
});

test('noise is no slowdown', async () => {
  // Within the floor; rounds that lie far apart, here or before; one bad round; a good one among bad ones.
  const wild = [6, 14, 9, 17, 10];
  const before = { floor: QUIET, wild: { processor: wild }, now: QUIET, bad: QUIET, good: QUIET };
  const judged = await judge(before, {
    floor: { processor: [11, 11.2, 11.1] },
    wild: { processor: [14, 14.1, 13.9] },
    now: { processor: [10.5, 14, 22] },
    bad: { processor: [10, 10.1, 40] },
    good: { processor: [13, 13.1, 9.9] },
  });
  expect(judged.figures.map(({ verdict }) => verdict)).toEqual(Array(5).fill('same'));
});

test('what got faster is said', async () => {
  expect(verdicts(await judge({ import: QUIET }, { import: { processor: [7, 7.1, 6.9] } }))).toEqual(['import processor faster']);
});

test('a missing part is said', async () => {
  const judged = await judge({ import: QUIET, proof: QUIET, table: QUIET }, { import: QUIET, table: { processor: [] }, filter: QUIET });
  expect(judged).toMatchObject({ missing: ['proof', 'table'], added: ['filter'], slower: [] });
});

interface Flatness {
  readonly flat: boolean | null;
  readonly rise: number;
}

async function flatness(values: readonly number[], floor: number): Promise<Flatness> {
  const module = (await import(join(ROOT, 'bench/soak/flatness.mjs'))) as {
    readonly flatness: (samples: readonly { readonly at: number; readonly value: number }[], floor: number) => Flatness;
  };
  return module.flatness(
    values.map((value, at) => ({ at, value })),
    floor,
  );
}

test('a slope beyond the spread is no flatness', async () => {
  const noise = (at: number): number => (at * 37) % 11;
  const series = (value: (at: number) => number): number[] => Array.from({ length: 80 }, (_, at) => value(at));
  const flat = async (value: (at: number) => number): Promise<boolean | null> => (await flatness(series(value), 5)).flat;
  expect(await flat((at) => 100 + at)).toBe(false);
  expect(await flat((at) => 100 + at + noise(at))).toBe(false);
  expect(await flat(noise)).toBe(true);
  expect(await flat((at) => 5 * noise(at) + at / 8)).toBe(true);
  expect(await flat((at) => 100 - at)).toBe(true);
  // Less than anybody minds; and what only the first quarter did.
  expect(await flat((at) => 100 + at / 20)).toBe(true);
  expect(await flat((at) => Math.min(at, 20) * 10)).toBe(true);
  expect((await flatness([1, 2], 5)).flat).toBeNull();
});

test('a short soak samples every series', () => {
  const { status, out, said } = bench(['--soak', '0.1']);
  expect({ status, said }).toEqual({ status: 0, said });
  const kept = result('-soak.json') as { readonly stores: { readonly embedded: SoakOf } };
  expect(kept).toMatchObject({ kind: 'soak', minutes: 0.1, ...CIRCUMSTANCES });
  const { samples, series, sent, read } = kept.stores.embedded;
  expect(sent.count).toBeGreaterThan(0);
  expect(sent).toMatchObject({ again: expect.any(Number) as number });
  // Every reader was answered: what is refused is no load.
  expect(read).toMatchObject({ count: expect.any(Number) as number, others: {} });
  expect(samples.length).toBeGreaterThan(0);
  const names = ['memory', 'wal', 'lag', 'delay', ...(process.platform === 'linux' ? ['files'] : [])];
  for (const sample of samples) expect(Object.keys(sample)).toEqual(expect.arrayContaining(['at', ...names]) as string[]);
  // The service is there, and what was sent is on its disk.
  expect(Math.min(...samples.map(({ memory = 0 }) => memory))).toBeGreaterThan(10);
  expect(Math.max(...samples.map(({ wal = 0 }) => wal))).toBeGreaterThan(0);
  expect(Object.keys(series)).toEqual(expect.arrayContaining(names) as string[]);
  expect(out).toMatch(/^(flat|not flat: .*)$/m);
});

interface SoakOf {
  readonly sent: { readonly count: number; readonly again: number };
  readonly read: { readonly count: number; readonly others: Readonly<Record<string, number>> };
  readonly samples: readonly Readonly<Record<string, number>>[];
  readonly series: Readonly<Record<string, Flatness>>;
}

test('comparing ends with 1 where slower', () => {
  const file = join(folder, 'base.json');
  const env = { BENCH_EVENTS: '300', BENCH_ROUNDS: '2', BENCH_PARTS: 'rebuild,table' };
  const made = bench(['--baseline', file], env);
  expect(made).toMatchObject({ status: 0 });
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { readonly parts: Parts };
  expect(kept).toMatchObject({ kind: 'baseline', events: 300, ...CIRCUMSTANCES });
  expect(Object.values(kept.parts).map((figures) => Object.values(figures).map(({ length }) => length))).toEqual([
    [2, 2, 2],
    [2, 2, 2],
  ]);
  // Times are not asserted: a baseline that nothing meets, and one that nothing misses.
  const multipliedBy = (factor: number): void => {
    const multiplied: Record<string, Record<string, number[]>> = {};
    for (const [part, figures] of Object.entries(kept.parts)) {
      multiplied[part] = {};
      for (const [figure, values] of Object.entries(figures)) multiplied[part][figure] = values.map((value) => value * factor);
    }
    writeFileSync(file, JSON.stringify({ ...kept, parts: { ...multiplied, export: multiplied.rebuild } }));
  };
  multipliedBy(0.001);
  expect(bench(['--compare', file], env)).toMatchObject({ status: 1, out: expect.stringMatching(/slower: rebuild \(processor/) as string });
  multipliedBy(1000);
  const met = bench(['--compare', file], env);
  expect(met).toMatchObject({ status: 0, out: expect.stringContaining('nothing got slower beyond noise') as string });
  expect(met.out).toContain('export: missing: not asked for');
});
