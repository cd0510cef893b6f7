/** Keys: one per name, durable before they are given out, gone for good when destroyed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteKeyStore } from '../../src/sealing/key-store.js';
import { seal, unseal } from '../../src/sealing/seal.js';

let folder: string;
let file: string;
let keys: SqliteKeyStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-keys-'));
  file = join(folder, 'keys.db');
  keys = new SqliteKeyStore(file);
});

afterEach(() => {
  keys.close();
  rmSync(folder, { recursive: true, force: true });
});

function reopen(): void {
  keys.close();
  keys = new SqliteKeyStore(file);
}

test('a name has one key for all askers', async () => {
  // A name has one key, no matter who asks first, also when many ask at once.
  const given = await Promise.all([keys.create('a', 1), keys.create('a', 2), keys.create('b', 1), keys.create('a', 3)]);
  expect(given[0]).toHaveLength(32);
  expect(new Set(given.map((key) => key.toString('hex'))).size).toBe(2);
  expect(given[1]).toEqual(given[0]);
  expect(await keys.create('a', 9)).toEqual(given[0]);
  expect(keys.get('a')).toEqual(given[0]);
  expect(keys.get('none')).toBeNull();
});

test('keys and secret survive reopening', async () => {
  // Keys and the secret of the store are there after it was opened again.
  const key = await keys.create('a', 1);
  const { secret } = keys;
  reopen();
  expect(keys.get('a')).toEqual(key);
  expect(keys.secret).toEqual(secret);
  expect(secret).toHaveLength(32);
});

test('a key is durable when given out', async () => {
  // A key is durable when it is given out: another process that opens the file at that moment has it.
  const key = await keys.create('a', 1);
  const script = `const Database = require(process.argv[1]); const db = new Database(process.argv[2], { readonly: true });
    process.stdout.write(db.prepare("SELECT hex(key) FROM keys WHERE name = 'a'").pluck().get().toLowerCase());`;
  const { stdout } = spawnSync(process.execPath, ['-e', script, require.resolve('better-sqlite3'), file], { encoding: 'utf8' });
  expect(stdout).toBe(key.toString('hex'));
});

test('every commit reaches the disk', () => {
  // The store's own connection is private; what it asks of SQLite is seen in the file: WAL, and no key before its
  // flush.
  const db = new Database(file, { readonly: true });
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  db.close();
});

test('a destroyed key’s seals never open again', async () => {
  // A destroyed key is gone: what it sealed never opens again, also not from the bytes of the files.
  const old = await keys.create('kept-old', 1000);
  const young = await keys.create('kept-young', 2000);
  const sealed = seal(old, 'place', '张三');
  expect(keys.destroyBefore('kept-', 2000)).toBe(1);
  expect(keys.get('kept-old')).toBeNull();
  expect(keys.get('kept-young')).toEqual(young);
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(old)).toBe(false);
  reopen();
  expect(keys.get('kept-old')).toBeNull();
  const again = await keys.create('kept-old', 3000);
  expect(again).not.toEqual(old);
  expect(unseal(again, 'place', sealed)).toBeNull();
});

test('keys of another scope stay, however old', async () => {
  // Keys of another scope are not destroyed, however old.
  const others = ['case-1', 'kept', 'Kept-1', 'a-kept-1'];
  await Promise.all([...others, 'kept-1', 'kept-2'].map((name) => keys.create(name, 1)));
  expect(keys.destroyBefore('kept-', Date.parse('2100-01-01T00:00:00Z'))).toBe(2);
  expect(others.map((name) => keys.get(name) === null)).toEqual([false, false, false, false]);
  expect(keys.get('kept-1')).toBeNull();
});

test('destroying counts keys and leaves the secret', async () => {
  // Destroying leaves the secret, and says how many keys it took.
  const { secret } = keys;
  await Promise.all([keys.create('a', 1), keys.create('b', 2)]);
  expect(keys.destroyBefore('', Date.parse('2100-01-01T00:00:00Z'))).toBe(2);
  expect(keys.destroyBefore('', Date.parse('2100-01-01T00:00:00Z'))).toBe(0);
  reopen();
  expect(keys.secret).toEqual(secret);
});

test('a held file is overwritten next time', async () => {
  // Where another process holds the file a destruction says so, and the next one overwrites what was left.
  const key = await keys.create('case-held', 1);
  const reader = new Database(file);
  reader.exec('BEGIN');
  expect(reader.prepare('SELECT COUNT(*) FROM keys').pluck().get()).toBe(2);
  const inFiles = (): boolean => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(key));
  expect(() => keys.destroy(['case-held'])).toThrow(/holds the key store/);
  expect([keys.get('case-held'), inFiles()]).toEqual([null, true]);
  reader.exec('ROLLBACK');
  reader.close();
  expect(keys.destroy(['case-held'])).toBe(0);
  expect(inFiles()).toBe(false);
});
