/** `disclosure export --pack` and `verify --pack` as an operator and an auditor call them. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSignerKey, formatVerifierKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import { run as runCommand, serve, type Finished } from '../support/cli.js';

const EXAMPLE = join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson');
const AGENCY = '370828-commerce';
let folder: string;
const run = (...args: string[]): Promise<Finished> => runCommand(args, { folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-pack-cli-'));
  expect((await run('import', EXAMPLE)).code).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example year: exported, verified, every cell recomputed', async () => {
  const exported = await run('export', '--pack', 'year.pack', '--json');
  expect(exported).toMatchObject({ code: 0 });
  expect(exported.json()).toMatchObject({ size: 450, events: 450, tables: 1, cut: null, signed: null });
  const verified = await run('verify', '--pack', 'year.pack', '--json');
  expect(verified.code).toBe(0);
  expect(verified.json()).toMatchObject({ holds: true, events: 450, cells: 69, tables: { live: 1 } });
  expect((await run('verify', '--pack', 'year.pack')).stdout).toContain('相符 the pack holds');
});

test('beside a running service, and of one agency', async () => {
  const service = await serve({ folder });
  const exported = await run('export', '--pack', 'part.pack', '--agency', AGENCY, '--year', '2017', '--json');
  service.child.kill('SIGTERM');
  expect((await service.finished).code).toBe(0);
  expect(exported.json()).toMatchObject({ cut: { agency: AGENCY, year: 2017 }, tables: 1 });
  expect((await run('verify', '--pack', 'part.pack')).code).toBe(0);
});

test('a pack holds every configured key', async () => {
  // Keys that are configured go along: the ledger’s, those trusted beside them, and the witnesses’.
  const [own, earlier] = [generateSignerKey('ledger.example/disclosure'), generateSignerKey('ledger.example/disclosure')];
  const witness = generateSignerKey('witness.example/w1', 'cosignature');
  const env = {
    DISCLOSURE_LEDGER_KEY: formatSignerKey(own),
    DISCLOSURE_LEDGER_VKEYS: formatVerifierKey(earlier),
    DISCLOSURE_WITNESSES: `${formatVerifierKey(witness)} http://127.0.0.1:1`,
  };
  expect((await runCommand(['export', '--pack', 'keys.pack'], { folder, env })).code).toBe(0);
  const { keys } = (await run('verify', '--pack', 'keys.pack', '--json')).json<{ keys: { inPack: string[] } }>();
  expect(keys.inPack).toEqual([own, earlier, witness].map(({ name, id }) => `${name}+${id}`));
});

test('a broken pack exits 1 without a stack', async () => {
  // A broken pack: exit 1 and a finding, no stack.
  writeFileSync(join(folder, 'broken.pack'), 'no pack at all');
  const { code, stdout, stderr } = await run('verify', '--pack', 'broken.pack', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ holds: false, findings: [{ rule: 'unreadable' }] });
  expect(stderr).toBe('');
});

test.each<[string, number, string[]]>([
  ['no pack named', 2, ['export']],
  ['an unknown agency', 1, ['export', '--pack', 'x.pack', '--agency', 'nobody']],
  ['a year that is none', 2, ['export', '--pack', 'x.pack', '--year', '17']],
  ['a folder instead of a file', 2, ['export', '--pack', '.']],
  ['a folder that is not there', 2, ['export', '--pack', 'nowhere/x.pack']],
  ['a pack that is not there', 2, ['verify', '--pack', 'none.pack']],
  ['a key that is none', 2, ['verify', '--pack', 'year.pack', '--key', 'nonsense']],
])('%s: exit %i, nothing left behind', async (_what, code, args) => {
  // Exit …, said without a stack, nothing left behind.
  const finished = await run(...args);
  expect(finished.code).toBe(code);
  expect(finished.stderr).not.toMatch(/^\s+at /m);
  expect(finished.stderr).not.toBe('');
  expect(existsSync(join(folder, 'x.pack'))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
});
