/** When the keys of a provider are fetched, on a clock and with fetches of the test. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IssuerKeys } from '../../../src/access/identity/issuer-keys.js';
import { KeptKeySets } from '../../../src/access/identity/kept-key-sets.js';
import { readKeySet, type PublicKey } from '../../../src/access/identity/public-keys.js';
import { sure } from '../../../src/encoding/unknown-values.js';
import { newKey } from '../../support/oidc-provider.js';
import { until } from '../../support/until.js';

const ISSUER = 'https://login.example';
const HOUR = 3_600_000;

let folder: string;
let now = 1_700_000_000_000;
let notices: string[] = [];
let fetches: { readonly end: (keys: readonly PublicKey[] | Error) => void; readonly signal: AbortSignal }[] = [];
let one: PublicKey;
let two: PublicKey;

beforeAll(async () => {
  [one, two] = readKeySet({ keys: [await newKey('ES256', 'one'), await newKey('ES256', 'two')] }) as [PublicKey, PublicKey];
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-keys-'));
  notices = [];
  fetches = [];
  answered = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const notice = (line: string): void => void notices.push(line);
const file = (): string => join(folder, 'oidc-keys.json');

function keysOf(): IssuerKeys {
  const fetch = (signal: AbortSignal): Promise<readonly PublicKey[]> =>
    new Promise((resolve, reject) => fetches.push({ signal, end: (keys) => (keys instanceof Error ? reject(keys) : resolve(keys)) }));
  return new IssuerKeys({ issuer: ISSUER, fetch, kept: new KeptKeySets(file(), notice), now: () => now, notice });
}

const find = (keys: IssuerKeys, kid: string): Promise<boolean> => keys.find({ alg: 'ES256', kid }).then((key) => key !== null);
let answered = 0;
/** Ends the next fetch, once it has begun; gives when what waits for it had its turn. */
async function answer(keys: readonly PublicKey[] | Error): Promise<void> {
  const { end } = sure(await until(() => fetches[answered]));
  answered += 1;
  end(keys);
  await new Promise((resolve) => setImmediate(resolve));
}

async function known(): Promise<IssuerKeys> {
  const keys = keysOf();
  keys.renew();
  await answer([one]);
  return keys;
}

test('one fetch in ten seconds', async () => {
  // Nothing that comes makes more than one fetch in ten seconds.
  const keys = await known();
  expect(await Promise.all(Array.from({ length: 100 }, (_, at) => find(keys, `guess-${at}`)))).not.toContain(true);
  expect(fetches).toHaveLength(1);
  now += 9_999;
  await find(keys, 'guess');
  expect(fetches).toHaveLength(1);
  now += 1;
  const guesses = Array.from({ length: 100 }, (_, at) => find(keys, `guess-${at}`));
  await answer([one, two]);
  expect(await Promise.all(guesses)).not.toContain(true);
  expect(fetches).toHaveLength(2);
});

test('a provider that is down is not pressed', async () => {
  // A provider that is down is asked no more often.
  const keys = keysOf();
  const first = find(keys, 'one');
  await answer(new Error('down'));
  expect(await first).toBe(false);
  for (let at = 0; at < 50; at += 1) expect(await find(keys, 'one')).toBe(false);
  keys.renew();
  expect(fetches).toHaveLength(1);
  now += 10_000;
  const next = find(keys, 'one');
  await answer([one]);
  expect(await next).toBe(true);
  expect(fetches).toHaveLength(2);
  expect(notices).toEqual([expect.stringContaining('down'), expect.stringContaining('fetched again')]);
});

test('keys are renewed within ten minutes', async () => {
  // Keys are renewed before they are ten minutes old, whether anybody calls or not.
  const keys = await known();
  now += 580_000;
  keys.renew();
  expect(fetches).toHaveLength(1);
  now += 10_000;
  keys.renew();
  // Meanwhile the known ones do.
  expect(await find(keys, 'one')).toBe(true);
  expect(fetches).toHaveLength(2);
  await answer([two]);
  expect(await find(keys, 'one')).toBe(false);
  expect(await find(keys, 'two')).toBe(true);
});

test('keys are believed for a day', async () => {
  // Keys are believed for a day, also on a clock that is put back.
  const keys = await known();
  now += 24 * HOUR;
  expect(await find(keys, 'one')).toBe(true);
  now += 1;
  const late = find(keys, 'one');
  await answer(new Error('down'));
  expect(await late).toBe(false);
  now -= 48 * HOUR + 2;
  const early = find(keys, 'one');
  await answer(new Error('down'));
  expect(await early).toBe(false);
});

test('the end of the service ends a fetch', async () => {
  // The end of the service ends a fetch, and none begins behind it.
  const keys = await known();
  now += 10_000;
  const waiting = find(keys, 'two');
  const { signal } = sure(await until(() => fetches[1]));
  keys.stop();
  expect(signal.aborted).toBe(true);
  await answer(new Error('aborted'));
  expect(await waiting).toBe(false);
  now += HOUR;
  keys.renew();
  expect(fetches).toHaveLength(2);
  expect(notices).toEqual([]);
});

test('no key for the header, none found', async () => {
  // A set without a key for a header finds none.
  const keys = keysOf();
  keys.renew();
  await answer([
    { ...one, use: 'enc' },
    { ...two, kid: 'encrypts', key_ops: ['encrypt'] },
    { ...two, kid: 'damaged', x: 'AA' },
    { ...two, kid: 'twice' },
    { ...one, kid: 'twice' },
    { ...one, kid: 'of another', alg: 'ES384' },
  ]);
  for (const kid of ['one', 'encrypts', 'damaged', 'twice', 'of another']) expect([kid, await find(keys, kid)]).toEqual([kid, false]);
});

test('only what verifies is read', async () => {
  // Of a key set only what verifies is read.
  const secret = await newKey('RS256', 'published by mistake');
  const [read] = readKeySet({ keys: [secret] }) ?? [];
  expect(Object.keys(read ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  const others = [
    { kty: 'oct', k: 'c2VjcmV0' },
    { kty: 'EC', crv: 'P-521', x: 'a', y: 'b' },
    { kty: 'RSA', n: 1, e: 'AQAB' },
    { ...one, kid: 7 },
    null,
    'key',
  ];
  expect(readKeySet({ keys: others })).toEqual([]);
  for (const none of [null, [], {}, { keys: {} }, 'keys']) expect(readKeySet(none)).toBeNull();
});

describe('the kept file', () => {
  test('keys of each issuer, read at a start', async () => {
    // Holds the keys of each issuer, and is read at a start.
    const secret = await newKey('RS256', 'rsa');
    new KeptKeySets(file(), notice).keep('https://other.example', { keys: readKeySet({ keys: [secret] }) ?? [], fetchedAt: now });
    await known();
    expect(readFileSync(file(), 'utf8')).not.toContain(secret.d);
    expect(new KeptKeySets(file(), notice).of('https://other.example')?.keys).toMatchObject([{ kid: 'rsa' }]);
    now += HOUR;
    expect(await find(keysOf(), 'one')).toBe(true);
    // Its renewal has begun, and nobody waited for it.
    expect(fetches).toHaveLength(2);
    expect(notices).toEqual([]);
  });

  test.each([
    ['cut off', '{"issuers":[{"issuer":"https://login.example","fetched'],
    ['no object', '7'],
    [
      'of other shapes',
      JSON.stringify({ issuers: [7, { issuer: ISSUER, fetchedAt: 'today', keys: [] }, { issuer: ISSUER, fetchedAt: 7 }] }),
    ],
  ])('that is %s says nothing', async (_name, content) => {
    writeFileSync(file(), content, { mode: 0o600 });
    expect(new KeptKeySets(file(), notice).of(ISSUER)).toBeNull();
    await known();
    expect(new KeptKeySets(file(), notice).of(ISSUER)?.keys).toMatchObject([{ kid: 'one' }]);
  });

  test('that others may write is not believed', async () => {
    await known();
    chmodSync(file(), 0o620);
    expect(new KeptKeySets(file(), notice).of(ISSUER)).toBeNull();
    expect(notices).toEqual([expect.stringContaining('other accounts')]);
    // Replaced by one of its owner alone.
    now += HOUR;
    await known();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('that cannot be written stops nobody', async () => {
    rmSync(folder, { recursive: true });
    expect(await find(await known(), 'one')).toBe(true);
    expect(notices).toEqual([expect.stringContaining('until the next start only')]);
  });
});
