/**
 * The commands that read and rebuild, wrong usage, and a store that cannot be reached: exit codes, and one JSON
 * document on stdout.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Explanation, Table } from '../../src/tables/table.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { fileOf, finishFolder, newFolder, run, runAlone, type Finished } from '../support/cli.js';
import { AGENCY, at, message } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { CHINESE_NUMBER, smallYear } from '../support/year.js';

const folder = newFolder();
const messages = smallYear();
/** A year known from paper, and an agency below that has recorded nothing. */
const more = [
  message('table.declared', 'table/2016', at('2018-02-01'), 'root', {
    year: 2016,
    form: '2014-shandong',
    cells: { '1.1': '68', '9.4': '2000元' },
    evidence: '盖章件',
  }),
  message(
    'agency.registered',
    'agency/below',
    at('2011-01-01'),
    'root',
    { name: '下属单位', administrator: 'root', parent: AGENCY },
    { agency: 'below' },
  ),
];

/** Runs beside the other tests, on a folder of its own. */
const elsewhere = newFolder();
let unreachable: Promise<Finished>;

beforeAll(async () => {
  const env = { EVENTSTOREDB_URL: 'esdb://127.0.0.1:1?tls=false' };
  unreachable = run(table('--json'), { folder: elsewhere, env });
  expect((await run(['import', fileOf(folder, 'year.ndjson', asLines([...messages, ...more]))], { folder })).code).toBe(0);
});

afterAll(async () => {
  rmSync(elsewhere, { recursive: true, force: true });
  await finishFolder(folder);
});

const table = (...more: string[]): string[] => ['table', '--agency', AGENCY, '--year', '2017', ...more];
const value = (found: Table, cell: string): string | null | undefined => found.rows.find(({ code }) => code === cell)?.value;

describe('reading', () => {
  test('table prints for people, or as JSON', async () => {
    // Table prints the figures for people, and with --json the table.
    const [people, json] = await Promise.all([run(table(), { folder }), run(table('--json'), { folder })]);
    expect([people.code, json.code]).toEqual([0, 0]);
    const found = json.json<Table>();
    expect(found).toMatchObject({ agency: AGENCY, year: 2017, form: '2014-shandong', view: 'live' });
    expect([found.rows.length, value(found, '1.1'), value(found, '9.1')]).toEqual([69, '2', '1']);
    // A long label goes on below, under itself: render-table.test.ts holds every one of them whole.
    for (const { label } of found.rows) expect(people.stdout).toContain(label.slice(0, 30));
    expect(people.stdout).toContain(found.hash);
  });

  test('table --as-of shows an earlier moment', async () => {
    const all = await run(table('--as-of', `index:${messages.length - 1}`, '--json'), { folder });
    const early = await run(table('--as-of', 'index:6', '--json'), { folder });
    expect([value(all.json<Table>(), '1.1'), value(early.json<Table>(), '1.1')]).toEqual(['2', '0']);
  });

  test('table shows paper years, --view live counted ones', async () => {
    // Table shows a year declared from paper so, and --view live the counted one.
    const args = ['table', '--agency', AGENCY, '--year', '2016'];
    const [people, json, live] = await Promise.all([
      run(args, { folder }),
      run([...args, '--json'], { folder }),
      run([...args, '--json', '--view', 'live'], { folder }),
    ]);
    expect([people.code, people.stdout]).toEqual([0, expect.stringMatching(/2000元 {2}纸 paper[^]*据纸质报表/)]);
    expect([json.json<Table>().view, value(json.json<Table>(), '1.1')]).toEqual(['paper', '68']);
    expect([live.json<Table>().view, value(live.json<Table>(), '1.1')]).toEqual(['live', '0']);
    expect((await run(table('--view', 'paper', '--json'), { folder })).code).toBe(1);
    const explain = await run(['explain', '--agency', AGENCY, '--year', '2016', '--cell', '9.4'], { folder });
    expect(explain.stdout).toMatch(/9\.4 .*专项经费.* = 2000元\n +0\.2 .*table\.declared/);
  });

  test('table --rollup adds up and names missing ones', async () => {
    // Table --rollup adds up and names who is missing.
    const [people, json] = await Promise.all([run(table('--rollup'), { folder }), run(table('--rollup', '--json'), { folder })]);
    expect(json.json<Table>().members).toEqual([
      { agency: AGENCY, status: 'included' },
      { agency: 'below', status: 'missing' },
    ]);
    expect(people.stdout).toMatch(/汇总 roll-up[^]*不全 partial[^]*missing, in no figure 1: below/);
  });

  test('explain lists events that add up', async () => {
    // Explain lists events that add up to the cell.
    const finished = await run(['explain', '--agency', AGENCY, '--year', '2017', '--cell', '1.1', '--json'], { folder });
    const explained = finished.json<Explanation>();
    expect([finished.code, explained.cell, explained.value]).toEqual([0, '1.1', '2']);
    expect(explained.events.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(2);
  });

  test('trail prints a case with 〔〕', async () => {
    // Trail prints the acts of a case with 〔〕 in its number.
    const args = ['trail', '--agency', AGENCY, '--case', `publication/${CHINESE_NUMBER}`];
    const [people, json] = await Promise.all([run(args, { folder }), run([...args, '--json'], { folder })]);
    expect([people.code, json.code]).toEqual([0, 0]);
    const trail = json.json<Trail>();
    expect([trail.case, trail.entries.length]).toEqual([`publication/${CHINESE_NUMBER}`, 8]);
    for (const { actor, opinion } of trail.entries) {
      expect(people.stdout).toContain(actor);
      if (opinion !== null) expect(people.stdout).toContain(opinion);
    }
  });
});

test('a fresh process answers as a used one', async () => {
  // A process of its own prints and exits as one that others have used before.
  const cases: readonly (readonly [readonly string[], number, Record<string, string>])[] = [
    [table('--json'), 0, {}],
    [table(), 0, {}],
    [['table', '--agency', 'nobody', '--year', '2017', '--json'], 1, {}],
    [['table'], 2, {}],
    [table('--json'), 3, { DISCLOSURE_DATA: '/dev/null' }],
  ];
  for (const [args, code, env] of cases) {
    const [own, shared] = [await runAlone(args, { folder, env }), await run(args, { folder, env })];
    expect({ args, ...own, json: null }).toEqual({ args, ...shared, json: null });
    expect(own.code).toBe(code);
  }
});

// What there is not exits 1 and says so.
describe('what is not there exits 1', () => {
  test.each([
    ['an agency', ['table', '--agency', 'nobody', '--year', '2017'], 'unknown-agency'],
    ['a form', table('--form', 'none'), 'unknown-form'],
    ['a cell', ['explain', '--agency', AGENCY, '--year', '2017', '--cell', '99'], 'unknown-cell'],
    ['a case', ['trail', '--agency', AGENCY, '--case', 'publication/none'], 'unknown-case'],
    ['a refusal', ['refusals', '--resend', 'none'], 'unknown-refusal'],
  ])('%s', async (_what, args, code) => {
    const finished = await run([...args, '--json'], { folder });
    expect(finished.code).toBe(1);
    expect(JSON.stringify(finished.json())).toContain(code);
    expect(finished.stderr).toMatch(/\S/);
    expect(finished.stderr).not.toMatch(/\n\s+at /);
  });
});

// Wrong usage exits 2 and puts nothing but JSON on stdout.
describe('wrong usage exits 2 with JSON only', () => {
  test.each([
    [[]],
    [['frobnicate']],
    [['table']],
    [['table', '--agency', AGENCY]],
    [['table', '--agency', AGENCY, '--year', '17']],
    [table('--json', '--colour')],
    [table('--json', 'too', 'much')],
    [table('--json', '--as-of', 'yesterday')],
    [table('--json', '--as-of', 'index:999999')],
    [table('--json', '--as-of', 'index:999999', '--view', 'difference')],
    [['explain', '--agency', AGENCY, '--year', '2017', '--cell', '1.1', '--as-of', 'index:999999', '--json']],
    [['trail', '--agency', AGENCY, '--case', 'publication/1', '--as-of', 'index:999999', '--json']],
    [['deadlines', '--agency', AGENCY, '--as-of', 'index:999999', '--json']],
    [['table', '--agency', AGENCY, '--year', '2099', '--json']],
    [table('--json', '--view', 'sideways')],
    [['explain', '--agency', AGENCY, '--year', '2017', '--json']],
    [['trail', '--agency', AGENCY, '--json']],
    [['import', '--json']],
    [['serve', '--port', 'http']],
    [['serve', '--port', '70000']],
  ])('%j', async (args) => {
    const finished = await run(args, { folder });
    expect([finished.code, finished.stderr === '']).toEqual([2, false]);
    if (finished.stdout !== '') expect(() => finished.json()).not.toThrow();
  });

  test('an EVENTSTOREDB_URL that is none', async () => {
    const finished = await run(['refusals', '--json'], { folder, env: { EVENTSTOREDB_URL: 'http://127.0.0.1' } });
    expect(finished.code).toBe(2);
    finished.json();
  });
});

test.each([[[]], [['import']], [['table']], [['explain']], [['trail']], [['refusals']], [['replay']], [['serve']], [['demo']]])(
  '%j --help prints on stdout and exits 0',
  async (command) => {
    // … --help explains itself on stdout and exits 0.
    const finished = await run([...command, '--help'], { folder });
    expect([finished.code, finished.stderr]).toEqual([0, '']);
    expect(finished.stdout).toContain(`Usage: disclosure${command.length > 0 ? ` ${command.join(' ')}` : ''}`);
  },
);

describe('replay', () => {
  const replayed = (finished: Finished): unknown => {
    expect({ code: finished.code, stderr: finished.stderr }).toMatchObject({ code: 0 });
    return finished.json();
  };

  test('rebuilds every read model equal, also from nothing', async () => {
    // Rebuilds every read model equal, twice, and also after read.db was deleted.
    const args = ['replay', '--json'];
    const expected = { events: messages.length + more.length, rows: expect.any(Number) as unknown, equal: true };
    expect(replayed(await run(args, { folder }))).toMatchObject(expected);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `data/read.db${suffix}`), { force: true });
    expect(replayed(await run(args, { folder }))).toMatchObject(expected);
    const after = (await run(table('--json'), { folder })).json<Table>();
    expect(value(after, '1.1')).toBe('2');
  });

  test('an empty ledger is equal too', async () => {
    // Of a ledger without any event is equal too.
    const empty = newFolder();
    expect((await run(['import', '-'], { folder: empty, input: '' })).code).toBe(0);
    expect(replayed(await run(['replay', '--json'], { folder: empty }))).toMatchObject({ events: 0, equal: true });
    rmSync(empty, { recursive: true });
  });
});

test('demo loads the example year once', async () => {
  // Demo loads the example year, and run again finds it there.
  const own = newFolder();
  const first = await run(['demo', '--json'], { folder: own });
  expect({ code: first.code, stderr: first.stderr }).toMatchObject({ code: 0 });
  const {
    agency,
    year,
    imported,
    table: shown,
  } = first.json<{ agency: string; year: number; imported: Record<string, number>; table: Table }>();
  expect([agency, year, imported['refused'], imported['duplicate']]).toEqual(['370828-commerce', 2017, 0, 0]);
  expect(value(shown, '1.1')).toBe('72');
  const second = await run(['demo', '--json'], { folder: own });
  expect(second.json()).toMatchObject({
    imported: { recorded: 0, duplicate: imported['recorded'], refused: 0 },
    table: { rows: shown.rows },
  });
  const people = await run(['demo'], { folder: own });
  expect([people.code, people.stdout.includes('72')]).toEqual([0, true]);
  await finishFolder(own);
});

test.each(['/proc/nope', '/proc/nope/deeper', '/dev/null', '/dev/null/below'])('DISCLOSURE_DATA=%s is no folder: exit 3', async (data) => {
  // DISCLOSURE_DATA=… cannot be a data folder: exit 3, at once, in a word.
  for (const args of [table('--json'), ['serve', '--port', '0'], ['import', '-', '--json']]) {
    const finished = await run(args, { folder, env: { DISCLOSURE_DATA: data } });
    expect([args[0], finished.code]).toEqual([args[0], 3]);
    // What only reads looks for a ledger and makes nothing.
    expect(finished.stderr).toContain(args[0] === 'table' ? 'there is no ledger in' : 'cannot be used as the data folder');
    if (args.includes('--json')) expect(finished.json()).toMatchObject({ error: { code: 'store-unavailable' } });
  }
});

test('a missing DISCLOSURE_KEYS folder exits 2', async () => {
  // DISCLOSURE_KEYS in a folder that is not there: exit 2, and nothing is made.
  const finished = await run(table(), { folder, env: { DISCLOSURE_KEYS: join(folder, 'nowhere/keys.db') } });
  expect([finished.code, finished.stderr.includes('there is no folder'), existsSync(join(folder, 'nowhere'))]).toEqual([2, true, false]);
});

test('a bad PORT stops only serving', async () => {
  // A PORT that is none concerns serving, and no other command.
  const env = { PORT: 'http' };
  expect((await run(table('--json'), { folder, env })).code).toBe(0);
  expect((await run(['serve'], { folder, env })).code).toBe(2);
});

test('an unreachable EventStoreDB exits 3 with JSON', async () => {
  // An EventStoreDB that cannot be reached exits 3, with one JSON document.
  const finished = await unreachable;
  expect({ code: finished.code, signal: finished.signal }).toEqual({ code: 3, signal: null });
  finished.json();
});
