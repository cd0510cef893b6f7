/** The write-ahead log of the read store is emptied beside who reads, and nobody who reads for long is waited for. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ReadStore } from '../../src/read-models/read-store.js';

const folder = mkdtempSync(join(tmpdir(), 'disclosure-wal-'));
const LIMIT = 10_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it is emptied when nobody reads an old state', () => {
  const store = new ReadStore(join(folder, 'read.db'));
  const size = (): number => statSync(`${store.file}-wal`).size;
  const write = (name: string): unknown => store.db.prepare('INSERT INTO names (name) VALUES (?)').run(name.repeat(LIMIT));
  const reader = new Database(store.file, { readonly: true });
  const count = reader.prepare('SELECT COUNT(*) FROM names').pluck();
  reader.exec('BEGIN');
  expect(count.get()).toBe(0);
  write('a');
  store.emptyWal(LIMIT);
  expect(size()).toBeGreaterThan(LIMIT);
  expect(count.get()).toBe(0);
  reader.exec('COMMIT');
  // Not at every chunk: only when it has grown.
  const before = size();
  store.emptyWal(LIMIT * 100);
  expect(size()).toBe(before);
  write('b');
  store.emptyWal(LIMIT);
  expect(size()).toBe(0);
  expect(count.get()).toBe(2);
  expect(store.db.pragma('busy_timeout', { simple: true })).toBe(5000);
  reader.close();
  store.close();
});
