/** `disclosure token` as a command: whose tokens it issues, where its key is, and what it refuses. */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Identity } from '../../src/access/identity/identity.js';
import { readAccess } from '../../src/config/access.js';
import { newFolder, run, runAlone } from '../support/cli.js';

let folder: string;
beforeEach(() => (folder = newFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const data = (): string => join(folder, 'data');
const keyFile = (): string => join(data(), 'token-key.pem');

/** What a service on the folder that is configured for the local issuer says of a token. */
async function judge(token: string, ahead = 0): Promise<unknown> {
  const { issuers } = readAccess({ DISCLOSURE_OIDC_ISSUER: 'local' });
  const identity = await Identity.open({ issuers, folder: data(), now: () => Date.now() + ahead, notice: () => undefined });
  try {
    return await identity.check([`Bearer ${token}`]);
  } finally {
    identity.stop();
  }
}

test('the folder’s service takes the token', async () => {
  // A token is taken by the service on this folder.
  const { code, stdout, stderr } = await run(['token', '--subject', '张三'], { folder });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[\w.-]+\n$/);
  expect(stderr).toContain(keyFile());
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(statSync(data()).mode & 0o777).toBe(0o700);
  expect(await judge(stdout.trim())).toMatchObject({ ok: true, caller: { issuer: 'local', subject: '张三' } });
  // Nothing else is made: there is no ledger yet.
  expect(readdirSync(data())).toEqual(['token-key.pem']);
});

test('the key is made once', async () => {
  const tokens = await Promise.all(['a', 'b', 'c'].map((subject) => runAlone(['token', '--subject', subject], { folder })));
  const pem = readFileSync(keyFile(), 'utf8');
  for (const { stdout } of tokens) expect(await judge(stdout.trim())).toMatchObject({ ok: true });
  const { stderr } = await run(['token', '--subject', 'd'], { folder });
  expect(stderr).toBe('');
  expect(readFileSync(keyFile(), 'utf8')).toBe(pem);
  expect(readdirSync(data())).toEqual(['token-key.pem']);
});

test('it ends when it is said to', async () => {
  const { stdout } = await run(['token', '--subject', 'ops', '--minutes', '5', '--json'], { folder });
  const { token, expiresAt, ...rest } = JSON.parse(stdout) as { token: string; expiresAt: string };
  expect(rest).toEqual({ issuer: 'local', subject: 'ops', audience: 'http://127.0.0.1' });
  expect(await judge(token)).toMatchObject({ ok: true, expiresAt: Date.parse(expiresAt) });
  expect(await judge(token, 7 * 60_000)).toMatchObject({ ok: false, why: 'expired' });
});

test.each([
  ['no subject', []],
  ['an empty subject', ['--subject', '']],
  ['a subject too long', ['--subject', 'x'.repeat(256)]],
  ['no time', ['--subject', 'a', '--minutes', '0']],
  ['half a minute', ['--subject', 'a', '--minutes', '0.5']],
  ['two years', ['--subject', 'a', '--minutes', '1051200']],
])('%s is wrong usage', async (_name, args) => {
  const { code, stdout } = await run(['token', ...args], { folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(existsSync(keyFile())).toBe(false);
});

test('an open or broken key is not used', async () => {
  // A key that others may read, or that is none, is not used.
  await run(['token', '--subject', 'a'], { folder });
  chmodSync(keyFile(), 0o640);
  const open = await run(['token', '--subject', 'a', '--json'], { folder });
  expect(open.code).toBe(3);
  expect(open.json()).toMatchObject({ error: { code: 'files-open' } });
  writeFileSync(keyFile(), 'SECRET');
  chmodSync(keyFile(), 0o600);
  const damaged = await run(['token', '--subject', 'a', '--json'], { folder });
  expect(damaged.code).toBe(3);
  expect(damaged.json()).toMatchObject({ error: { code: 'keys-damaged' } });
  expect(damaged.stdout + damaged.stderr).not.toContain('SECRET');
});
