/** Tokens and keys of a real OpenID provider, which fails in every way a provider does. The clock is the test's. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT, type JWK } from 'jose';
import { Identity } from '../../../src/access/identity/identity.js';
import { fetchKeys } from '../../../src/access/identity/provider.js';
import type { TokenVerdict } from '../../../src/access/identity/verdict.js';
import { AUDIENCE, newKey, TestProvider } from '../../support/oidc-provider.js';
import { PATIENCE_MS, until } from '../../support/until.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const HOUR = 3_600_000;

let folder: string;
let provider: TestProvider;
let first: readonly JWK[];
/**
 * ms since 1970: stands still, but for what a test adds. Half an hour ahead of the provider's, whose tokens are then
 * never of the future.
 */
let now = 0;
let notices: string[] = [];
const open: Identity[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-oidc-'));
  now = Date.now() + HOUR / 2;
  notices = [];
  first = await Promise.all(ALGORITHMS.map((alg) => newKey(alg, `first-${alg}`)));
  provider = await TestProvider.begin(first);
});
afterEach(async () => {
  for (const identity of open.splice(0)) identity.stop();
  await provider.down();
  rmSync(folder, { recursive: true, force: true });
});

async function identity(wait = PATIENCE_MS): Promise<Identity> {
  const opened = await Identity.open({
    issuers: [{ issuer: provider.issuer, audience: AUDIENCE }],
    folder,
    now: () => now,
    notice: (line) => notices.push(line),
    wait,
  });
  open.push(opened);
  return opened;
}

const check = (of: Identity, token: string): Promise<TokenVerdict> => of.check([`Bearer ${token}`]);
const keysAsked = (): number => provider.asked.filter((path) => path === '/jwks').length;
const fetched = (of: Identity): Promise<unknown> => until(() => of.providers()[0]?.fetchedAt);

test.each(ALGORITHMS)('a token signed with %s names its caller', async (alg) => {
  const token = await provider.token(alg);
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  expect(await check(await identity(), token)).toEqual({
    ok: true,
    caller: { issuer: provider.issuer, subject: 'website' },
    expiresAt: exp * 1000,
  });
});

test('many first calls are one fetch', async () => {
  const one = await identity();
  const token = await provider.token();
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => check(one, token)));
  expect(verdicts.every(({ ok }) => ok)).toBe(true);
  expect(keysAsked()).toBe(1);
});

test('a new key is fetched when named', async () => {
  // A new key is fetched for the first token that names it.
  const one = await identity();
  expect(await check(one, await provider.token())).toMatchObject({ ok: true });
  provider.publish([await newKey('RS256', 'second')]);
  const token = await provider.token();
  // One fetch in 10 s: a rotation just behind a fetch is seen by the next.
  expect(await check(one, token)).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
  expect(keysAsked()).toBe(1);
  now += 10_000;
  expect(await check(one, token)).toMatchObject({ ok: true });
  expect(keysAsked()).toBe(2);
});

test('a key no longer published is refused', async () => {
  // A key that its issuer no longer publishes is refused.
  const one = await identity();
  const token = await provider.token();
  expect(await check(one, token)).toMatchObject({ ok: true });
  provider.publish([await newKey('RS256', 'second')]);
  // Ten minutes later, when no token of the new key has come yet.
  now += 10 * 60_000;
  await check(one, token);
  await until(() => keysAsked() === 2);
  await until(async () => (await check(one, token)).ok === false);
  expect(await check(one, token)).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
});

test('a withdrawn key is refused', async () => {
  // A key that was withdrawn while nobody called is refused to the first who does.
  jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setTimeout'] });
  try {
    const one = await identity();
    const token = await provider.token();
    expect(await check(one, token)).toMatchObject({ ok: true });
    provider.publish([await newKey('RS256', 'second')]);
    now += 590_000;
    const before = one.providers()[0]?.fetchedAt;
    jest.advanceTimersByTime(10_000);
    await until(() => one.providers()[0]?.fetchedAt !== before);
    expect(await check(one, token)).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
  } finally {
    jest.useRealTimers();
  }
});

test('a provider down stops no known key', async () => {
  // A provider that is down stops nobody whose key is known.
  const one = await identity();
  const token = await provider.token();
  expect(await check(one, token)).toMatchObject({ ok: true });
  provider.publish([await newKey('RS256', 'second')]);
  const unknown = await provider.token();
  await provider.down();
  now += 30 * 60_000;
  expect(await check(one, token)).toMatchObject({ ok: true });
  expect(await check(one, unknown)).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
  expect(one.providers()).toMatchObject([{ issuer: provider.issuer, trouble: expect.any(String) as string }]);
  // Said once, however often it fails.
  now += 10_000;
  await check(one, unknown);
  expect(notices).toHaveLength(1);
  // Back again: noticed without a restart.
  await provider.up();
  now += 10_000;
  expect(await check(one, unknown)).toMatchObject({ ok: true });
  expect(notices).toEqual([expect.stringContaining('cannot be fetched'), expect.stringContaining('fetched again')]);
});

test('keys outlive our restart for a day', async () => {
  // Keys outlive a restart of ours for a day.
  const before = await identity();
  const token = await provider.token();
  expect(await check(before, token)).toMatchObject({ ok: true });
  before.stop();
  await provider.down();
  expect(statSync(join(folder, 'oidc-keys.json')).mode & 0o777).toBe(0o600);

  now += HOUR / 2;
  expect(await check(await identity(), token)).toMatchObject({ ok: true });
  // The token has run out, so it is its key that tells them apart.
  now += 23 * HOUR;
  expect(await check(await identity(), token)).toMatchObject({ why: 'expired' });
  now += HOUR;
  expect(await check(await identity(), token)).toMatchObject({ why: 'unknown-key' });
});

test('a slow provider holds up no known key', async () => {
  // A slow provider holds up nobody whose key is known, also at a start.
  const token = await provider.token();
  expect(await check(await identity(), token)).toMatchObject({ ok: true });
  provider.publish([await newKey('RS256', 'second')]);
  const unknown = await provider.token();
  const held: unknown[] = [];
  provider.answer((request) => held.push(request.url));
  // Of a start with kept keys.
  const one = await identity(500);
  const waiting = check(one, unknown);
  await until(() => held.length > 0);
  let done = false;
  void waiting.then(() => (done = true));
  // While that one waits.
  expect(await check(one, token)).toMatchObject({ ok: true });
  expect(done).toBe(false);
  expect(await waiting).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
});

test('a changing key set never throws', async () => {
  // A key set that changes while requests come refuses or answers, and throws nothing.
  const one = await identity();
  const tokens = [await provider.token(), await provider.token('ES256')];
  const seen = new Set<string>();
  for (let change = 0; change < 6; change += 1) {
    const fresh = await newKey('RS256', `change-${change}`);
    provider.publish(change % 2 === 0 ? [fresh] : [fresh, ...first]);
    tokens.push(await provider.token());
    now += 10_000;
    const verdicts = await Promise.all(Array.from({ length: 40 }, (_, at) => check(one, tokens[at % tokens.length] ?? '')));
    for (const verdict of verdicts) seen.add(verdict.ok ? 'ok' : verdict.why);
    // The newest is known now.
    expect(await check(one, tokens.at(-1) ?? '')).toMatchObject({ ok: true });
  }
  expect([...seen].sort()).toEqual(['ok', 'unknown-key']);
});

test('hanging up is being down', async () => {
  // A provider that hangs up is one that is down.
  provider.answer((_request, response) => {
    response.writeHead(200);
    response.write('{"issuer":');
    setImmediate(() => response.destroy());
  });
  const one = await identity();
  await until(() => one.providers()[0]?.trouble);
  expect(one.providers()).toMatchObject([{ fetchedAt: null }]);
  expect(await check(one, 'e30.e30.AAAA')).toMatchObject({ ok: false, code: 'bad-token' });
});

test('an answer that drips is given up too', async () => {
  provider.answer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  const one = await identity(300);
  await until(() => one.providers()[0]?.trouble);
  expect(one.providers()).toMatchObject([{ fetchedAt: null }]);
});

test('the description must name the issuer', async () => {
  // Keys are taken only from a description that names the issuer.
  const key = await newKey('RS256', 'other');
  provider.publish([key], `${provider.issuer}/`);
  const one = await identity();
  await until(() => one.providers()[0]?.trouble);
  expect(one.providers()).toMatchObject([{ fetchedAt: null, trouble: 'its description names another issuer' }]);
});

type Answer = readonly [status: number, body: string, headers?: Record<string, string>];

/**
 * What it answers with under `/jwks` and elsewhere, where it is not told otherwise: all of it is good, so that one
 * fault is the only one.
 */
function goodAnswer(path: string): Answer {
  return path === '/jwks' || path === '/moved-keys' ? [200, '{"keys":[]}'] : [200, description(`${provider.issuer}/jwks`)];
}

const DESCRIPTION = '/.well-known/openid-configuration';

test.each<[string, string, () => Answer]>([
  ['a redirect', DESCRIPTION, () => [302, '', { location: '/moved' }]],
  ['no JSON', DESCRIPTION, () => [200, '<html>']],
  ['no object', DESCRIPTION, () => [200, 'null']],
  ['a description of 1 MB', DESCRIPTION, () => [200, description(`${provider.issuer}/jwks`).padEnd(1_000_000)]],
  ['keys at an address without TLS', DESCRIPTION, () => [200, description('http://keys.example/jwks')]],
  ['keys in a file', DESCRIPTION, () => [200, description('file:///etc/passwd')]],
  ['keys under a password', DESCRIPTION, () => [200, description(`${provider.issuer.replace('//', '//a:b@')}/jwks`)]],
  ['a redirect to the keys', '/jwks', () => [301, '', { location: '/moved-keys' }]],
  ['no key set', '/jwks', () => [200, '{"keys":{}}']],
  ['a thousand keys', '/jwks', () => [200, JSON.stringify({ keys: Array(1000).fill({}) })]],
  ['keys of 1 MB', '/jwks', () => [200, '{"keys":[]}'.padEnd(1_000_000)]],
  ['an error', DESCRIPTION, () => [503, description(`${provider.issuer}/jwks`)]],
])('%s gives no keys, takes none', async (_name, where, answer) => {
  // A provider that answers with … gives no keys, and takes none.
  const one = await identity();
  const token = await provider.token();
  expect(await check(one, token)).toMatchObject({ ok: true });
  const before = one.providers()[0]?.fetchedAt;
  provider.answer(({ url = '' }, response) => {
    const [status, body, headers] = url === where ? answer() : goodAnswer(url);
    response.writeHead(status, headers).end(body);
  });
  now += 10 * 60_000;
  await check(one, token);
  await until(() => one.providers()[0]?.trouble ?? one.providers()[0]?.fetchedAt !== before);
  expect(one.providers()).toMatchObject([{ fetchedAt: before, trouble: expect.any(String) as string }]);
  expect(await check(one, token)).toMatchObject({ ok: true });
});

function description(address: string): string {
  return JSON.stringify({ issuer: provider.issuer, jwks_uri: address });
}

test('keys named by a token are not fetched', async () => {
  // A token that names its keys itself makes nobody fetch them.
  const one = await identity();
  await fetched(one);
  const other = await TestProvider.begin([]);
  try {
    const jwk = await newKey('ES256', 'mine');
    const { d: _d, ...publicJwk } = jwk;
    const address = `${other.issuer}/jwks`;
    const token = await new SignJWT({ iss: provider.issuer, aud: AUDIENCE, sub: 'website', exp: 4_000_000_000 })
      .setProtectedHeader({ alg: 'ES256', kid: address, jku: address, x5u: address, jwk: publicJwk })
      .sign(await importJWK(jwk));
    expect(await check(one, token)).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
    expect(other.asked).toEqual([]);
  } finally {
    await other.down();
  }
});

test('a far issuer has no local keys', async () => {
  // An issuer on another machine has no keys on this one.
  const answers = jest.spyOn(globalThis, 'fetch');
  try {
    const far = 'https://login.example/realms/gov/';
    const described = (address: string): void =>
      void answers.mockResolvedValueOnce(new Response(JSON.stringify({ issuer: far, jwks_uri: address })));
    described('http://127.0.0.1:3000/keys');
    await expect(fetchKeys(far, AbortSignal.abort())).rejects.toThrow('no address of keys to trust');
    expect(answers).toHaveBeenCalledTimes(1);
    // Of two slashes one: the address is made of the issuer, which is compared as it is written.
    expect(answers.mock.calls[0]?.[0]).toEqual(new URL('https://login.example/realms/gov/.well-known/openid-configuration'));
    described('https://keys.example/jwks?policy=a');
    answers.mockResolvedValueOnce(new Response('{"keys":[]}'));
    expect(await fetchKeys(far, AbortSignal.abort())).toEqual([]);
  } finally {
    answers.mockRestore();
  }
});
