/**
 * `disclosure keys` and `disclosure witness` as commands: what they print and refuse, and that no private key is said
 * where it does not belong.
 */
import { rmSync, statSync, writeFileSync, readFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatSignerKey, formatVerifierKey, generateSignerKey, parseSignerKey, parseVerifierKey } from '../../src/ledger/signed-note.js';
import { readVkey } from '../ledger/c2sp.js';
import { listening, newFolder, run, stop, type Finished } from '../support/cli.js';

const NAME = 'ledger.example/disclosure';
const ledger = generateSignerKey(NAME);
const own = generateSignerKey('witness.example/w1', 'cosignature');

let folder: string;
beforeEach(() => (folder = newFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Refused with a message of one line and a hint, and with nothing of a key. */
function expectRefused({ code, stdout, stderr }: Finished, exit: number, why: RegExp): void {
  expect({ code, stdout, stderr }).toMatchObject({ code: exit, stdout: '' });
  expect(stderr).toMatch(why);
  expect(stderr).toMatch(/^disclosure: .+\n {2}\S/m);
  expect(stderr).not.toMatch(/node_modules|\.[jt]s:\d+|PRIVATE\+KEY\+\S+\+\S{20}/);
}

describe('keys new', () => {
  test.each([
    ['ed25519', []],
    ['cosignature', ['--witness']],
  ] as const)('prints a %s key, public part on stderr', async (type, flags) => {
    // Prints a private … key, and on stderr what may be handed out.
    const { code, stdout, stderr } = await run(['keys', 'new', '--name', NAME, ...flags], { folder });
    expect(code).toBe(0);
    const key = parseSignerKey(stdout);
    expect(key).toMatchObject({ name: NAME, type });
    expect(stderr).toBe(`${formatVerifierKey(key)}\n`);
    expect(readVkey(stderr.trim())).toMatchObject({ name: NAME, type: type === 'ed25519' ? 1 : 4 });
  });

  test('keeps a private file, overwrites none', async () => {
    // Keeps it in a file for its owner alone, and never over another.
    const file = join(folder, 'key');
    const { code, stdout } = await run(['keys', 'new', '--name', NAME, '--out', file], { folder });
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(formatVerifierKey(parseSignerKey(text))).toBe(stdout.trim());
    expectRefused(await run(['keys', 'new', '--name', NAME, '--out', file], { folder }), 2, /no key was kept: EEXIST/);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('in JSON', async () => {
    const printed = await run(['keys', 'new', '--name', NAME, '--json'], { folder });
    const { vkey, key } = printed.json<{ vkey: string; key: string }>();
    expect(formatVerifierKey(parseSignerKey(key))).toBe(vkey);
    const kept = await run(['keys', 'new', '--name', NAME, '--out', join(folder, 'k'), '--json'], { folder });
    expect(kept.json()).toMatchObject({ name: NAME, type: 'ed25519', file: join(folder, 'k') });
    expect(kept.stdout).not.toContain('PRIVATE');
  });

  test('an impossible key name is refused', async () => {
    for (const name of ['a b', 'a+b', ''])
      expectRefused(await run(['keys', 'new', '--name', name], { folder }), 2, /--name: the name of a key/);
    expect((await run(['keys', 'new'], { folder })).code).toBe(2);
  });
});

describe('keys show', () => {
  test('prints every verifier key and nothing private', async () => {
    // Prints the verifier key of everything that is configured, and nothing private.
    const other = generateSignerKey(NAME);
    const env = {
      DISCLOSURE_LEDGER_KEY: formatSignerKey(ledger),
      DISCLOSURE_LEDGER_VKEYS: `# before 2026\n${formatVerifierKey(other)}`,
      DISCLOSURE_WITNESSES: `${formatVerifierKey(own)} https://witness.example/`,
      DISCLOSURE_WITNESS_KEY: formatSignerKey(own),
      DISCLOSURE_WITNESS_LOGS: formatVerifierKey(ledger),
    };
    const { code, stdout } = await run(['keys', 'show', '--json'], { folder, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ledger: [formatVerifierKey(ledger)],
      trusted: [formatVerifierKey(other)],
      witnesses: [formatVerifierKey(own)],
      witness: [formatVerifierKey(own)],
      logs: [formatVerifierKey(ledger)],
    });
    const text = await run(['keys', 'show'], { folder, env });
    expect(text.stdout).not.toContain('PRIVATE');
    expect(
      text.stdout
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => parseVerifierKey(line).name),
    ).toHaveLength(5);
  });

  test('says that none is', async () => {
    expect(await run(['keys', 'show'], { folder })).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('witness', () => {
  const env = (): Record<string, string> => ({
    DISCLOSURE_WITNESS_KEY: formatSignerKey(own),
    DISCLOSURE_WITNESS_LOGS: formatVerifierKey(ledger),
    DISCLOSURE_WITNESS_DATA: join(folder, 'witness'),
  });

  test('a ledger’s key is wrong usage', async () => {
    const changed = { ...env(), DISCLOSURE_WITNESS_KEY: formatSignerKey(ledger) };
    expectRefused(await run(['witness', '--port', '0'], { folder, env: changed }), 2, /is not one of the witness: .*--witness/);
  });

  test('on no port is wrong usage', async () => {
    expectRefused(await run(['witness', '--port', 'x'], { folder, env: env() }), 2, /not a port/);
  });

  test('runs until stopped, holding its state', async () => {
    // Says that it begins with nothing, runs until it is told to stop, and keeps others from its state.
    const served = await listening(['witness', '--port', '0'], { folder, env: env() });
    expect(served.stderr()).toMatch(/^nothing was signed from .* before/);
    expect((await fetch(`${served.url}/health`)).status).toBe(200);
    expectRefused(await run(['witness', '--port', '0'], { folder, env: env() }), 3, /witness\.db is in use by another process/);
    expect(await stop(served)).toMatchObject({ code: 0, stdout: '' });
    const again = await listening(['witness', '--port', '0'], { folder, env: env() });
    expect(again.stderr()).not.toContain('nothing was signed');
    expect((await stop(again)).code).toBe(0);
  });

  test('a taken address is wrong usage', async () => {
    const changed = { ...env(), DISCLOSURE_WITNESS_HOST: '192.0.2.1' };
    expectRefused(await run(['witness', '--port', '0'], { folder, env: changed }), 2, /cannot listen on 192\.0\.2\.1, port 0/);
  });

  test('a broken state signs nothing, stays untouched', async () => {
    // With a state that is not whole signs nothing, and leaves it as it is.
    mkdirSync(join(folder, 'witness'));
    const file = join(folder, 'witness/witness.db');
    writeFileSync(file, 'nonsense');
    expectRefused(await run(['witness', '--port', '0'], { folder, env: env() }), 3, /witness\.db is damaged: .*\n.*retire this key/);
    expect(readFileSync(file, 'utf8')).toBe('nonsense');
  });

  test('an impossible folder is refused', async () => {
    writeFileSync(join(folder, 'file'), '');
    const changed = { ...env(), DISCLOSURE_WITNESS_DATA: join(folder, 'file/witness') };
    expectRefused(await run(['witness', '--port', '0'], { folder, env: changed }), 3, /cannot be used as the data folder/);
  });
});

test('serve refuses a witness without address', async () => {
  const env = { DISCLOSURE_LEDGER_KEY: formatSignerKey(ledger), DISCLOSURE_WITNESSES: formatVerifierKey(own) };
  expectRefused(await run(['serve', '--port', '0'], { folder, env }), 2, /a line is a verifier key and a URL/);
});
