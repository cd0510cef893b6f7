/** Tokens that are not good: each is refused with the code of the contract, and nothing is thrown. */
import { createHmac, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { importJWK, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';
import { Identity } from '../../../src/access/identity/identity.js';
import { issueToken } from '../../../src/access/identity/local-issuer.js';
import type { TokenVerdict } from '../../../src/access/identity/verdict.js';
import { budget } from '../../support/budget.js';
import { AUDIENCE, newKey, TestProvider } from '../../support/oidc-provider.js';

/** Seconds since 1970. */
const NOW = 1_700_000_000;

let folder: string;
let provider: TestProvider;
let identity: Identity;
let rsa: JWK;
let ec: JWK;
let short: JWK;
const wrap = (jwk: JWK): Promise<CryptoKey> => importJWK(jwk) as Promise<CryptoKey>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-tokens-'));
  [rsa, ec, short] = await Promise.all([newKey('RS256', 'rsa'), newKey('ES256', 'ec'), newKey('PS256', 'encrypts')]);
  provider = await TestProvider.begin([rsa, ec]);
  const issuers = [
    { issuer: provider.issuer, audience: AUDIENCE, actorClaim: 'officer' },
    { issuer: 'local', audience: 'http://127.0.0.1' },
  ];
  identity = await Identity.open({ issuers, folder, now: () => NOW * 1000, notice: () => undefined });
});
afterAll(async () => {
  identity.stop();
  await provider.down();
  rmSync(folder, { recursive: true, force: true });
});

type Claims = Readonly<Record<string, unknown>>;

const good = (): Claims => ({ iss: provider.issuer, aud: AUDIENCE, sub: 'clerk', iat: NOW, exp: NOW + 600 });
const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const sign = async (claims: Claims, header: Partial<JWTHeaderParameters> = {}, key = rsa): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: key.alg as string, kid: key.kid, ...header }).sign(await wrap(key));
/** Signed as it stands, whatever the claims or the header are: no library is asked. */
const signRaw = async (header: unknown, payload: unknown): Promise<string> => {
  const content = `${encode(header)}.${encode(payload)}`;
  const bytes = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', await wrap(rsa), Buffer.from(content));
  return `${content}.${Buffer.from(bytes).toString('base64url')}`;
};
const check = (token: string): Promise<TokenVerdict> => identity.check([`Bearer ${token}`]);
const without = (name: string): Claims => Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));
const pem = (jwk: JWK): string =>
  createPublicKey({ key: jwk as never, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();

/** As a public key would be taken for a secret. */
function hs256(secret: string, kid: string): string {
  const content = `${encode({ alg: 'HS256', kid })}.${encode(good())}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

test('good tokens pass', async () => {
  // What is good passes, so that what is refused is refused for its fault.
  expect(await check(await sign(good()))).toEqual({
    ok: true,
    caller: { issuer: provider.issuer, subject: 'clerk' },
    expiresAt: (NOW + 600) * 1000,
  });
  expect(await check(await sign(good(), {}, ec))).toMatchObject({ ok: true });
  expect(await check(await signRaw({ alg: 'RS256', kid: 'rsa' }, good()))).toMatchObject({ ok: true });
  expect(await check(await sign({ ...good(), aud: ['another', AUDIENCE] }))).toMatchObject({ ok: true });
  expect(await check(await sign({ ...good(), sub: '字'.repeat(255) }))).toMatchObject({ ok: true });
  expect(await check(await sign({ ...good(), exp: NOW - 59 }))).toMatchObject({ ok: true });
  expect(await check(await sign({ ...good(), nbf: NOW + 60, iat: NOW + 60 }))).toMatchObject({ ok: true });
  // One key fits: a header need not name it.
  expect(await check(await sign(good(), { kid: undefined }))).toMatchObject({ ok: true });
  expect(await check(await sign({ ...good(), exp: 1e306 }))).toMatchObject({ ok: true, expiresAt: 8.64e15 });
});

test('the officer’s claim is handed on', async () => {
  // The claim of the officer is handed on where it is a text.
  expect(await check(await sign({ ...good(), officer: '李四' }))).toMatchObject({ actor: '李四' });
  for (const officer of [7, ['李四'], null, { name: '李四' }])
    expect(await check(await sign({ ...good(), officer }))).not.toHaveProperty('actor');
});

test.each<[string, string, () => string | Promise<string>]>([
  ['expired', 'expired', () => sign({ ...good(), exp: NOW - 60 })],
  ['expired long ago', 'expired', () => sign({ ...good(), exp: 0 })],
  ['not yet valid', 'not-yet-valid', () => sign({ ...good(), nbf: NOW + 61 })],
  ['issued in the future', 'not-yet-valid', () => sign({ ...good(), iat: NOW + 62 })],
  ['of another issuer', 'unknown-issuer', () => sign({ ...good(), iss: 'https://other.example' })],
  ['of an issuer with a slash more', 'unknown-issuer', () => sign({ ...good(), iss: `${provider.issuer}/` })],
  ['of the local issuer, by a key of the other', 'unknown-key', () => sign({ ...good(), iss: 'local', aud: 'http://127.0.0.1' })],
  ['of no issuer', 'claims', () => sign(without('iss'))],
  ['of a list of issuers', 'claims', () => sign({ ...good(), iss: [provider.issuer] })],
  ['for another audience', 'audience', () => sign({ ...good(), aud: 'another' })],
  ['for no audience', 'audience', () => sign(without('aud'))],
  ['for an audience within', 'audience', () => sign({ ...good(), aud: `${AUDIENCE}2` })],
  ['for a list without us', 'audience', () => sign({ ...good(), aud: ['another'] })],
  ['without exp', 'claims', () => sign(without('exp'))],
  ['with exp as a text', 'claims', () => signRaw({ alg: 'RS256', kid: 'rsa' }, { ...good(), exp: String(NOW + 600) })],
  ['with exp null', 'claims', () => signRaw({ alg: 'RS256', kid: 'rsa' }, { ...good(), exp: null })],
  ['with nbf as a text', 'claims', () => signRaw({ alg: 'RS256', kid: 'rsa' }, { ...good(), nbf: '0' })],
  ['with iat as a text', 'claims', () => signRaw({ alg: 'RS256', kid: 'rsa' }, { ...good(), iat: '0' })],
  ['without sub', 'claims', () => sign(without('sub'))],
  ['with sub as a number', 'claims', () => signRaw({ alg: 'RS256', kid: 'rsa' }, { ...good(), sub: 7 })],
  ['with an empty sub', 'claims', () => sign({ ...good(), sub: '' })],
  ['with a sub of 256 characters', 'claims', () => sign({ ...good(), sub: 'x'.repeat(256) })],
  ['with half a character as sub', 'claims', () => sign({ ...good(), sub: '\ud800' })],
  ['with alg none', 'algorithm', () => `${encode({ alg: 'none' })}.${encode(good())}.`],
  ['with alg None and a signature', 'algorithm', () => `${encode({ alg: 'None', kid: 'rsa' })}.${encode(good())}.AAAA`],
  ['without alg', 'algorithm', () => `${encode({ kid: 'rsa' })}.${encode(good())}.AAAA`],
  ['with HS256 and the public key as secret', 'algorithm', () => hs256(pem(rsa), 'rsa')],
  ['with RS512', 'algorithm', () => `${encode({ alg: 'RS512', kid: 'rsa' })}.${encode(good())}.AAAA`],
  // The key says RS256.
  ['with PS256 by a key of RS256', 'unknown-key', async () => sign(good(), { alg: 'PS256' }, { ...rsa, alg: 'PS256' })],
  ['with ES256 by the name of an RSA key', 'unknown-key', () => sign(good(), { kid: 'rsa' }, ec)],
  ['with an unknown kid', 'unknown-key', () => sign(good(), { kid: 'nobody' })],
  ['with a path as kid', 'unknown-key', () => sign(good(), { kid: '../../../../etc/passwd' })],
  ['with an address as kid', 'unknown-key', () => sign(good(), { kid: 'http://127.0.0.1:9/jwks' })],
  ['with a number as kid', 'malformed', () => signRaw({ alg: 'RS256', kid: 7 }, good())],
  ['with crit', 'malformed', () => signRaw({ alg: 'RS256', kid: 'rsa', crit: ['exp'], exp: 1 }, good())],
  ['with crit of what is known', 'malformed', () => signRaw({ alg: 'RS256', kid: 'rsa', crit: ['b64'], b64: true }, good())],
  ['signed by another key of that name', 'signature', () => sign(good(), { kid: 'rsa', alg: 'RS256' }, { ...short, alg: 'RS256' })],
  ['with the signature of another', 'signature', async () => swapped(await sign(good()), await sign({ ...good(), sub: 'chief' }))],
  ['without a signature', 'signature', async () => (await sign(good())).replace(/[^.]+$/, '')],
  ['whose claims are a list', 'malformed', () => signRaw({ alg: 'RS256', kid: 'rsa' }, [good()])],
  ['whose claims are no JSON', 'malformed', () => signRaw({ alg: 'RS256', kid: 'rsa' }, 'claims')],
  ['whose header is null', 'malformed', () => `${encode('null')}.${encode(good())}.AAAA`],
  ['of two parts', 'malformed', () => `${encode({ alg: 'RS256' })}.${encode(good())}`],
  ['of five parts', 'malformed', async () => `${await sign(good())}.AAAA.AAAA`],
  ['with padding', 'malformed', async () => `${await sign(good())}==`],
  ['with blanks', 'malformed', async () => (await sign(good())).replace('.', ' .')],
  ['twice', 'malformed', async () => `${await sign(good())} ${await sign(good())}`],
  ['twice, with a comma', 'malformed', async () => `${await sign(good())}, Bearer ${await sign(good())}`],
  ['of no characters', 'malformed', () => ''],
  ['of 8,193 characters', 'too-long', () => 'x'.repeat(8193)],
  ['of 100 kB', 'too-long', () => sign({ ...good(), filler: 'x'.repeat(100_000) })],
])('a token %s is a bad one', async (_name, why, make) => {
  expect(await check(await make())).toEqual({ ok: false, code: 'bad-token', why });
});

function swapped(one: string, other: string): string {
  return [...one.split('.').slice(0, 2), other.split('.')[2]].join('.');
}

test('without a bearer there is no token', async () => {
  for (const header of [[], [''], ['Basic YTpi'], ['Bearerish abc']])
    expect(await identity.check(header)).toEqual({ ok: false, code: 'no-token', why: 'no-token' });
  expect(await identity.check([`bEARER  ${await sign(good())}`])).toMatchObject({ ok: true });
  const token = `Bearer ${await sign(good())}`;
  expect(await identity.check([token, token])).toEqual({ ok: false, code: 'bad-token', why: 'twice' });
  expect(await identity.check(['Basic YTpi', token])).toEqual({ ok: false, code: 'bad-token', why: 'twice' });
  expect(await identity.check([`Basic ${'x'.repeat(9000)}`])).toEqual({ ok: false, code: 'bad-token', why: 'too-long' });
});

test('the local issuer takes its own tokens only', async () => {
  const { token } = await issueToken({ folder, subject: 'ops', minutes: 1, now: NOW * 1000 });
  expect(await check(token)).toEqual({ ok: true, caller: { issuer: 'local', subject: 'ops' }, expiresAt: (NOW + 60) * 1000 });
  const elsewhere = mkdtempSync(join(tmpdir(), 'disclosure-tokens-'));
  const other = await issueToken({ folder: elsewhere, subject: 'ops', minutes: 1, now: NOW * 1000 });
  rmSync(elsewhere, { recursive: true });
  expect(await check(other.token)).toEqual({ ok: false, code: 'bad-token', why: 'unknown-key' });
});

test('another spelling is no token', async () => {
  // No other spelling of a good token is good.
  const tokens = [
    await sign(good()),
    await sign(good(), {}, ec),
    (await issueToken({ folder, subject: 'a', minutes: 9, now: NOW * 1000 })).token,
  ];
  const CHARACTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ,%\n\u0000\u00e9'];
  const anywhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const change = fc.record({
    token: fc.constantFrom(...tokens),
    // The end too, whose last bits say nothing.
    at: fc.oneof(anywhere, fc.constant(1 - Number.EPSILON)),
    removed: fc.constantFrom(0, 1, 1, 1, 2),
    put: fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ token, at, removed, put }) => {
      const place = Math.floor(at * token.length);
      const changed = token.slice(0, place) + put.join('') + token.slice(place + removed);
      // Blanks around a header's value are not its own.
      fc.pre(changed.trim() !== token);
      expect(await check(changed)).toMatchObject({ ok: false, code: 'bad-token' });
    }),
    { numRuns: budget(600, 20_000) },
  );
});

test('every last character but one is another token', async () => {
  // A signature of 64 bytes leaves four bits of its last character unused.
  const token = await sign(good(), {}, ec);
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    expect((await check(token.slice(0, -1) + last)).ok).toBe(token.endsWith(last));
});

test('any header is answered, none throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json().map(encode)), fc.json(), async (first, second) => {
      for (const header of [first, `Bearer ${first}`, `Bearer ${first}.${encode(second)}.${encode(first)}`])
        expect((await identity.check([header])).ok).toBe(false);
    }),
    { numRuns: budget(300, 10_000) },
  );
});
