/** Two files of rows compared inside SQLite: only what is alike in every value is said to be. */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SameRows } from '../../src/read-models/same-rows.js';

const TABLE = 'CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, c, d BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID';
const ROWS = `INSERT INTO t VALUES (1, 'x', NULL, x'00ff'), (1, 'y', '7', NULL), (2, 'x', 7, x''), (3, '', 0.5, x'01')`;
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'disclosure-rows-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function counted(sql: string, table = TABLE): number | null {
  const files = ['one.db', 'other.db'].map((name) => join(folder, name));
  const [one, other] = files.map((file) => new Database(file));
  one?.exec(`${TABLE}; ${ROWS}`);
  other?.exec(`${table}; ${ROWS}; ${sql}`);
  other?.close();
  one?.exec('BEGIN');
  try {
    return one === undefined ? null : new SameRows(one, files[1] ?? '').count('t', 'a, b');
  } finally {
    one?.close();
  }
}

test('rows that are the same are counted', () => {
  expect(counted('')).toBe(4);
});

test.each([
  ['a value', `UPDATE t SET c = 8 WHERE a = 2`],
  ['a value of nothing', `UPDATE t SET c = '' WHERE c IS NULL`],
  ['a number as text', `UPDATE t SET c = '7' WHERE a = 2`],
  ['bytes', `UPDATE t SET d = x'00fe' WHERE b = 'x' AND a = 1`],
  ['a key', `UPDATE t SET a = 9 WHERE a = 3`],
  ['case', `UPDATE t SET b = 'Y' WHERE b = 'y'`],
  ['a row less', `DELETE FROM t WHERE a = 3`],
  ['a row more', `INSERT INTO t VALUES (4, '', NULL, NULL)`],
])('another is not: %s', (_name, sql) => {
  expect(counted(sql)).toBeNull();
});

test('another declaration says nothing', () => {
  // Of another collation x and X would be one.
  expect(counted('', TABLE.replace('b TEXT NOT NULL', 'b TEXT NOT NULL COLLATE NOCASE'))).toBeNull();
});
