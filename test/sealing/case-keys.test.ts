/**
 * Keys of cases: durable before they are handed out, handed out once, gone when destroyed; what they seal opens in its
 * place only.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CaseKey, CaseKeys } from '../../src/sealing/case-keys.js';
import { SqliteKeyStore } from '../../src/sealing/key-store.js';
import { budget } from '../support/budget.js';

let folder: string;
let store: SqliteKeyStore;
let keys: CaseKeys;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-case-keys-'));
  store = new SqliteKeyStore(join(folder, 'keys.db'));
  keys = new CaseKeys(store);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Names and keys as another process reads them from the file. */
function stored(): Map<string, Buffer> {
  const db = new Database(join(folder, 'keys.db'), { readonly: true });
  const rows = db.prepare("SELECT name, key FROM keys WHERE name LIKE 'case-%'").raw().all() as [string, Buffer][];
  db.close();
  return new Map(rows);
}

const onDisk = (bytes: Buffer): boolean => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(bytes));

test('a key handed out is in the file', async () => {
  // A key is in the file, as another process sees it, when it is handed out.
  const key = await keys.assign('application-a/1');
  expect(stored().has(`case-${key.id}`)).toBe(true);
  expect(keys.find(key.id)).toBe(key);
});

test('each case has its one key', async () => {
  // Each case has its own; the same case asked for again has the same.
  const streams = Array.from({ length: 500 }, (_, n) => `application-a/${n}`);
  const given = await Promise.all(streams.map((stream) => keys.assign(stream)));
  expect(new Set(given.map(({ id }) => id)).size).toBe(500);
  expect(await Promise.all(streams.map((stream) => keys.assign(stream)))).toEqual(given);
  // Made in batches: at most one more than twice as many as were needed.
  expect(stored().size).toBeLessThan(1100);
});

test('unused keys go when the service ends', async () => {
  // What was made and not handed out goes when the service ends; what was handed out stays.
  const key = await keys.assign('application-a/1');
  expect(stored().size).toBeGreaterThan(1);
  keys.close();
  expect([...stored().keys()]).toEqual([`case-${key.id}`]);
});

test('a later process hands out no earlier leftover', async () => {
  // A later process never hands out what an earlier one left.
  const first = await keys.assign('application-a/1');
  const left = new Set(stored().keys());
  const second = await new CaseKeys(store).assign('application-a/2');
  expect(left.has(`case-${second.id}`)).toBe(false);
  expect(first.id).not.toBe(second.id);
});

test('a destroyed key is in no file', async () => {
  // A destroyed key opens nothing any more, and its bytes are in no file, also among thousands.
  const given = await Promise.all(Array.from({ length: budget(800, 3000) }, (_, n) => keys.assign(`application-a/${n}`)));
  const bytes = stored();
  const doomed = given.filter((_, n) => n % 7 === 0);
  const sealed = doomed.map((key) => key.seal('place', '{}'));
  for (const { id } of doomed) expect(keys.destroy([id])).toBe(1);
  expect(keys.destroy(doomed.map(({ id }) => id))).toBe(0);
  expect(doomed.map(({ id }) => keys.find(id))).toEqual(doomed.map(() => null));
  expect(doomed.filter(({ id }) => onDisk(bytes.get(`case-${id}`) as Buffer))).toEqual([]);
  const others = given.filter((_, n) => n % 7 !== 0);
  expect(others.slice(0, 50).every(({ id }) => onDisk(bytes.get(`case-${id}`) as Buffer))).toBe(true);
  expect(sealed.filter((value) => others[0]?.open('place', value) !== null)).toEqual([]);
});

test('case keys are never destroyed for age', async () => {
  const key = await keys.assign('application-a/1');
  store.destroyBefore('refusal-', Date.parse('2100-01-01T00:00:00Z'));
  expect(stored().has(`case-${key.id}`)).toBe(true);
});

describe('sealing', () => {
  const key = new CaseKey('k', Buffer.alloc(32, 7));

  test('same text and place, same bytes, else others', () => {
    // The same text in the same place has the same bytes; in another place, or another text, all are others.
    const sealed = key.seal('stream\nevent\ntype', '{"note":"一"}');
    expect(key.seal('stream\nevent\ntype', '{"note":"一"}')).toEqual(sealed);
    for (const other of [key.seal('stream\nother\ntype', '{"note":"一"}'), key.seal('stream\nevent\ntype', '{"note":"二"}')]) {
      expect(other.iv).not.toBe(sealed.iv);
      expect(other.text).not.toBe(sealed.text);
    }
  });

  test('lengths step by 64 bytes, JSON reads back', () => {
    // Lengths come in steps of 64 bytes, and JSON reads back under its padding.
    const lengths = new Set<number>();
    for (let length = 0; length < 300; length += 1) {
      const text = JSON.stringify({ note: '字'.repeat(length) });
      const sealed = key.seal('p', text);
      const bytes = Buffer.from(sealed.text, 'base64').length;
      lengths.add(bytes % 64);
      expect(bytes - Buffer.byteLength(text)).toBeLessThan(64);
      expect(JSON.parse(key.open('p', sealed) ?? '')).toEqual({ note: '字'.repeat(length) });
    }
    expect([...lengths]).toEqual([0]);
  });

  test('a changed or misplaced one does not open', () => {
    // Elsewhere, changed, shortened or under another key it does not open.
    const sealed = key.seal('here', '{"a":1}');
    const flipped = Buffer.from(sealed.text, 'base64');
    flipped[3] = (flipped[3] ?? 0) ^ 1;
    expect(key.open('there', sealed)).toBeNull();
    expect(key.open('here', { ...sealed, text: flipped.toString('base64') })).toBeNull();
    expect(key.open('here', { ...sealed, tag: Buffer.from(sealed.tag, 'base64').subarray(0, 4).toString('base64') })).toBeNull();
    expect(key.open('here', { ...sealed, alg: 'SM4GCM' as 'A256GCM' })).toBeNull();
    expect(new CaseKey('k', Buffer.alloc(32, 8)).open('here', sealed)).toBeNull();
    expect(key.open('here', sealed)).toMatch(/^\{"a":1\} +$/);
  });

  test('digests are keyed, and name their algorithm', () => {
    expect(key.digest('x')).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
    expect(key.digest('x')).toBe(key.digest('x'));
    expect(new CaseKey('k', Buffer.alloc(32, 8)).digest('x')).not.toBe(key.digest('x'));
  });
});
