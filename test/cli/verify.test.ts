/**
 * The command `verify`: beside a running service, after kill -9, without a read store, and what it answers to wrong
 * usage.
 */
import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatSignerKey, formatVerifierKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import type { Verification } from '../../src/audit/verify-store/verify-store.js';
import { fileOf, finishFolder, newFolder, run, serve, stop, type Finished, type Run } from '../support/cli.js';
import { at, message, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { until } from '../support/until.js';

const key = generateSignerKey('ledger.example/disclosure');
const env = { DISCLOSURE_LEDGER_KEY: formatSignerKey(key), DISCLOSURE_CHECKPOINT_SECONDS: '1' };
let folder: string;

const verify = (...args: readonly string[]): Promise<Finished> =>
  run(['verify', '--json', ...args], { folder, env: { ...env, TMPDIR: join(folder, 'tmp') } });
const messages = (): unknown[] => [
  ...setUp(),
  ...Array.from({ length: 300 }, (_, index) => message('meeting.held', `meeting/${index}`, at('2018-01-10'), 'clerk', { title: '会' })),
];

/** Recorded once; each test has a copy of its own. */
let recorded: string;

beforeAll(async () => {
  recorded = newFolder();
  expect((await run(['import', '-'], { folder: recorded, input: asLines(messages()) })).code).toBe(0);
});

afterAll(() => rmSync(recorded, { recursive: true, force: true }));

beforeEach(() => {
  folder = newFolder();
  cpSync(recorded, folder, { recursive: true });
  mkdirSync(join(folder, 'tmp'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tamper(sql: string): void {
  const db = new Database(join(folder, 'data/log.db'));
  db.exec(sql);
  db.close();
}

test('a clean ledger holds, nothing is left behind', async () => {
  // A clean ledger holds, beside a running service and after it was killed; nothing is left behind.
  const asRun: Run = { folder, env };
  const served = await serve(asRun);
  await until(async () => (await fetch(`${served.url}/v1/ledger/checkpoint`)).status === 200);
  const beside = await verify();
  expect({ code: beside.code, ...beside.json<Verification>() }).toMatchObject({
    code: 0,
    holds: true,
    events: 306,
    checkpoints: 1,
    findings: [],
    unchecked: [],
  });
  const { rows } = (await run(['replay', '--json'], { folder })).json<{ rows: number }>();
  expect(beside.json<Verification>().rows).toBe(rows);
  served.child.kill('SIGKILL');
  await served.finished;
  const before = statSync(join(folder, 'data/log.db')).mtimeMs;
  expect((await verify()).json<Verification>()).toMatchObject({ holds: true, events: 306 });
  expect(statSync(join(folder, 'data/log.db')).mtimeMs).toBe(before);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  expect((await verify('--key', formatVerifierKey(key))).code).toBe(0);
  // Whoever does not sign knows the keys all the same.
  const verifyWith = (vkeys: string): Promise<Finished> => run(['verify', '--json'], { folder, env: { DISCLOSURE_LEDGER_VKEYS: vkeys } });
  expect((await verifyWith(formatVerifierKey(key))).json<Verification>()).toMatchObject({ holds: true, checkpoints: 1, unchecked: [] });
  expect((await verifyWith('')).json<Verification>().unchecked).toEqual([expect.stringContaining('no key was given')]);
  const other = await verifyWith(formatVerifierKey(generateSignerKey(key.name)));
  expect([other.code, other.json<Verification>().findings.map(({ rule }) => rule)]).toEqual([1, ['checkpoint-signature']]);
  expect((await stop(await serve(asRun))).code).toBe(0);
  await finishFolder(folder);
});

test('tampering is reported, exit 1', async () => {
  // What was tampered with is named and exits 1, for people too.
  tamper(`UPDATE events SET data = replace(data, '会', '议') WHERE position = 100`);
  const found = await verify();
  expect(found.code).toBe(1);
  const { findings } = found.json<Verification>();
  expect(findings.map(({ rule, where }) => [rule, where.index])).toEqual([['event-changed', 99]]);
  const text = await run(['verify'], { folder, env });
  expect(text.code).toBe(1);
  expect(text.stdout).toContain('event-changed index 99');
});

test('verifies without a read store', async () => {
  // Without a read store, and with an empty folder.
  rmSync(join(folder, 'data/read.db'));
  const found = await verify();
  expect(found.code).toBe(0);
  expect(found.json<Verification>().unchecked.join()).toContain('no read store');
  // Another file in its place is no reason to look at nothing.
  for (const content of ['', 'no database at all']) {
    fileOf(folder, 'data/read.db', content);
    const other = await verify();
    expect([other.code, other.json<Verification>().events]).toEqual([1, 306]);
    expect(other.json<Verification>().findings.map(({ rule }) => rule)).toEqual(['read-damaged']);
  }
  const empty = await run(['verify', '--json'], { folder, env: { DISCLOSURE_DATA: join(folder, 'nothing') } });
  expect([empty.code, empty.json<{ error: { code: string } }>().error.code]).toEqual([3, 'store-unavailable']);
});

test('a pack names every known key', async () => {
  // A pack names every key that is known: the ledger's, earlier ones, those of witnesses.
  const earlier = formatVerifierKey(generateSignerKey(key.name));
  const witness = formatVerifierKey(generateSignerKey('witness.example/w1', 'cosignature'));
  const more = { DISCLOSURE_LEDGER_VKEYS: earlier, DISCLOSURE_WITNESSES: `${witness} http://127.0.0.1:1` };
  const exported = await run(['export', '--pack', 'all.pack'], { folder, env: { ...env, ...more } });
  expect(exported.code).toBe(0);
  const named = execFileSync('tar', ['-xzOf', join(folder, 'all.pack'), 'keys.json'], { encoding: 'utf8' });
  expect(JSON.parse(named)).toEqual({ ledger: [formatVerifierKey(key), earlier], witnesses: [witness] });
});

test('wrong usage exits 2 without a stack', async () => {
  // Wrong usage is exit 2, and no stack trace.
  const note = fileOf(folder, 'note', 'none');
  for (const [args, code] of [
    [['--key', 'none'], 2],
    [['--witness', formatVerifierKey(key)], 2],
    [['--checkpoint', join(folder, 'missing')], 2],
    [['--checkpoint', note], 1],
    [['--unknown'], 2],
  ] as const) {
    const ended = await verify(...args);
    expect([args, ended.code]).toEqual([args, code]);
    expect(ended.stdout + ended.stderr).not.toMatch(/\.[jt]s:\d+/);
  }
});
