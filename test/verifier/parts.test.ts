/** Packs of random ledgers, whole and cut: they hold, say the tables of the ledger, and lack nothing of their part. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { generateSignerKey } from '../../src/ledger/signed-note.js';
import { inclusionProof } from '../../src/ledger/merkle.js';
import { readerOfTiles } from '../../src/ledger/tiles.js';
import type { Cut } from '../../src/verifier/streams.js';
import { mth, rootBy } from '../ledger/c2sp.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { mixedHistory, mixedMessages } from '../support/mixed-histories.js';
import { checkpoint, errorsOf, linesOf, makePack, memberOf, membersOf, packFile, remake, setLines, verify } from '../support/packs.js';
import { budget } from '../support/budget.js';

const key = generateSignerKey('ledger.example/disclosure');
const file = packFile();
let ledger: TestLedger;

/** A ministry with a bureau under it, which moved under another later; refusals; a random history beside them. */
beforeAll(async () => {
  ledger = openTestLedger();
  const registered = (code: string, parent?: string) =>
    message(
      'agency.registered',
      `agency/${code}`,
      '2013-01-01T09:00:00+08:00',
      'root',
      { name: code, administrator: 'root', ...(parent === undefined ? {} : { parent }) },
      { agency: code },
    );
  await record(ledger, [registered('ministry'), registered('other-ministry'), registered('bureau', 'ministry')]);
  await record(ledger, [
    message(
      'agency.changed',
      'agency/bureau',
      '2016-01-01T09:00:00+08:00',
      'root',
      { parent: 'other-ministry', from: '2016-01-01' },
      { agency: 'bureau' },
    ),
    message(
      'calendar.announced',
      'calendar/2016',
      '2015-12-10T09:00:00+08:00',
      'root',
      { year: 2016, off: ['2016-01-01'], worked: [], notice: '通知' },
      { agency: 'ministry' },
    ),
    message('agency.clearance-chain-set', 'agency/bureau', '2013-01-02T09:00:00+08:00', 'root', { steps: [] }, { agency: 'bureau' }),
    ...['2015', '2016', '2017'].map((year) =>
      message('meeting.held', `meeting/${year}`, `${year}-12-31T23:59:59+08:00`, 'clerk', { title: '会议' }, { agency: 'bureau' }),
    ),
  ]);
  for (const steps of fc.sample(mixedHistory, { numRuns: budget(1, 2), seed: 5 })) await ledger.send(...mixedMessages(steps));
  await ledger.settled();
  await checkpoint(ledger, [key]);
  await ledger.settled();
});

afterAll(() => ledger.finish());

const tablesIn = (of: string): string[] =>
  membersOf(of)
    .map(({ name }) => name)
    .filter((name) => name.startsWith('tables/'));
const CUTS: readonly Cut[] = [
  { agency: 'bureau', year: null },
  { agency: 'reviewing', year: null },
  { agency: null, year: 2016 },
  { agency: 'changing', year: 2017 },
  { agency: 'bureau', year: 2015 },
];

test('whole: everything is recomputed', async () => {
  const made = await makePack(ledger, file, { keys: [key] });
  const result = await verify(file, { keys: [key] });
  expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(result).toMatchObject({ holds: true, events: made.size, size: made.size, root: made.root });
  expect(made.events).toBe(made.size);
  expect(result.cells).toBeGreaterThan(budget(1000, 2000));
});

test('made again it is the same file', async () => {
  const again = packFile();
  await makePack(ledger, again, { keys: [key] });
  expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
});

test.each(CUTS)('cut by %p: it recomputes the same tables', async (cut) => {
  // Cut by …: all entries, the events of the part, the same tables.
  const part = packFile();
  const made = await makePack(ledger, part, { keys: [key], cut });
  const result = await verify(part, { keys: [key] });
  expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(result).toMatchObject({ holds: true, cut, size: made.size, events: made.events });
  expect(made.events).toBeLessThan(made.size);
  const wanted = tablesIn(file).filter((name) => {
    const [, agency, year] = name.split('/');
    return (cut.agency === null || agency === cut.agency) && (cut.year === null || year === String(cut.year));
  });
  expect(tablesIn(part)).toEqual(wanted);
  const [whole, cutOut] = [membersOf(file), membersOf(part)];
  for (const name of wanted) expect(memberOf(cutOut, name).bytes.equals(memberOf(whole, name).bytes)).toBe(true);
});

test.each(CUTS)('cut by %p: missing and extra events show', async (cut) => {
  // Cut by …: any event left out is missed, any other is one too many.
  const part = packFile();
  const changed = packFile();
  await makePack(ledger, part, { keys: [key], cut });
  const members = membersOf(part);
  const events = memberOf(members, 'events/000000.ndjson');
  const lines = linesOf(events);
  for (const at of [0, 1, Math.floor(lines.length / 2), lines.length - 1]) {
    setLines(
      events,
      lines.filter((_, place) => place !== at),
    );
    remake(changed, members);
    expect(errorsOf(await verify(changed, { keys: [key] }))).toContain('event-missing');
  }
  const has = new Set(lines);
  const stranger = linesOf(memberOf(membersOf(file), 'events/000000.ndjson')).find((line) => !has.has(line)) as string;
  const index = (line: string): number => Number(/"index":(\d+)/.exec(line)?.[1]);
  setLines(
    events,
    [...lines, stranger].sort((a, b) => index(a) - index(b)),
  );
  remake(changed, members);
  expect(errorsOf(await verify(changed, { keys: [key] }))).toContain('event-outside');
});

test('a part has the agencies above it', async () => {
  // A part of one agency has those above it, as far as they matter.
  const part = packFile();
  await makePack(ledger, part, { cut: { agency: 'bureau', year: null } });
  const streams = linesOf(memberOf(membersOf(part), 'events/000000.ndjson')).map((line) => (JSON.parse(line) as { stream: string }).stream);
  expect([...new Set(streams)].sort()).toEqual([
    'agency-bureau/bureau',
    'agency-ministry/ministry',
    'agency-other-ministry/other-ministry',
    'calendar-ministry/2016',
    'meeting-bureau/2015',
    'meeting-bureau/2016',
    'meeting-bureau/2017',
  ]);
});

test('an unknown agency has no part', async () => {
  await expect(makePack(ledger, packFile(), { cut: { agency: 'nobody', year: null } })).rejects.toMatchObject({ code: 'unknown-agency' });
});

test('root and inclusion, read by the specification alone', () => {
  const members = membersOf(file);
  const entries = members.filter(({ name }) => name.startsWith('entries/')).flatMap(linesOf);
  const leaves = entries.map((entry) => createHash('sha256').update('\0').update(entry).digest());
  const root = mth(leaves);
  const { note } = (JSON.parse(linesOf(memberOf(members, 'checkpoints/000000.ndjson'))[0] as string) as { data: { note: string } }).data;
  expect(note.split('\n').slice(1, 3)).toEqual([String(entries.length), root.toString('base64')]);
  // From the tiles in the pack, as a static web server would give them.
  const tile = (level: number, n: number): Buffer | undefined =>
    members.find(({ name }) => name.startsWith(`tile/${level}/${String(n).padStart(3, '0')}`))?.bytes;
  for (const index of [0, 1, Math.floor(entries.length / 3), entries.length - 1])
    expect(rootBy(leaves[index] as Buffer, index, entries.length, inclusionProof(index, entries.length, readerOfTiles(tile)))).toEqual(
      root,
    );
});

test('the system’s own tar reads it', () => {
  const names = execFileSync('tar', ['-tzf', file]).toString().trim().split('\n');
  expect(names).toEqual(membersOf(file).map(({ name }) => name));
});

describe('verify.mjs on a machine that has only Node', () => {
  /** An auditor's Node may be older than the service's: `.ci/nodes` names one. */
  const NODE = process.env['VERIFIER_NODE'] ?? process.execPath;
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-auditor-'));
  const vkey = (): string => {
    const raw = Buffer.from(key.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
    return `${key.name}+${key.id}+${Buffer.concat([Buffer.from([1]), raw]).toString('base64')}`;
  };
  const run = (...args: string[]): { code: number; out: string; err: string } => {
    try {
      const out = execFileSync(NODE, ['verify.mjs', ...args], { cwd: folder, env: {}, stdio: 'pipe' });
      return { code: 0, out: out.toString(), err: '' };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: Buffer; stderr: Buffer };
      return { code: status, out: stdout.toString(), err: stderr.toString() };
    }
  };

  beforeAll(() => writeFileSync(join(folder, 'verify.mjs'), readFileSync(join(__dirname, '../../dist/verifier.mjs'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds: exit 0', () => {
    const { code, out } = run(file, '--key', vkey(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ holds: true, keys: { given: [`${key.name}+${key.id}`] } });
    expect(run(file).out).toContain('相符 the pack holds');
  });

  test('a finding: exit 1, and no stack', () => {
    const broken = join(folder, 'broken.pack');
    writeFileSync(broken, readFileSync(file).subarray(0, 5000));
    const { code, out, err } = run(broken, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ holds: false, findings: [{ rule: 'unreadable' }] });
    expect(err).toBe('');
  });

  test.each([
    [],
    ['--key'],
    ['--nonsense', 'x'],
    [file, file],
    ['no-such.pack'],
    [file, '--key', 'nonsense'],
    [file, '--min-witnesses', '1'],
    [file, '--previous-checkpoint', 'none'],
  ])('wrong usage: exit 2 (%p)', (...args) => {
    const { code, out, err } = run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^verify: /);
    expect(err).not.toContain('    at ');
  });
});
