/** A statement that is run again is not planned again, and says the same. */
import Database from 'better-sqlite3';
import { plannedOnce, preparedOnce } from '../../src/sqlite/statements.js';

let db: Database.Database;
beforeEach(() => {
  db = new Database(':memory:');
  db.exec(`CREATE TABLE cases (id INTEGER PRIMARY KEY, name TEXT, closed ANY) STRICT;
    CREATE TABLE acts (case_id INTEGER NOT NULL, n INTEGER NOT NULL, actor INTEGER NOT NULL, PRIMARY KEY (case_id, n)) STRICT, WITHOUT ROWID;
    CREATE TABLE actors (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    INSERT INTO cases VALUES (1, 'a?', NULL), (2, '@b', 0), (3, 'c', x'00ff'), (4, 'd', '3');
    INSERT INTO acts VALUES (1, 1, 7), (2, 1, 8), (2, 2, 7), (3, 1, 8);
    INSERT INTO actors VALUES (7, 'x'), (8, 'y')`);
});
afterEach(() => db.close());

test.each([
  ['a = ? AND b IN (?, ?)', 'a = +? AND b IN (+?, +?)'],
  ['a = @from LIMIT @count', 'a = +@from LIMIT +@count'],
  [`a = '?' AND b = 'it''s @you' AND c = ?`, `a = '?' AND b = 'it''s @you' AND c = +?`],
  ['a = +? AND b = +@c', 'a = +? AND b = +@c'],
])('%s has its signs', (sql, signed) => {
  expect(plannedOnce(sql)).toBe(signed);
  expect(plannedOnce(signed)).toBe(signed);
});

test.each([null, 0, 3, '3', '@b', Buffer.from([0, 255]), 1.5])('finds the same with %p', (value) => {
  for (const sql of ['SELECT id FROM cases WHERE closed IS ?', 'SELECT id FROM cases WHERE name = ?', 'SELECT id FROM cases WHERE id < ?'])
    expect(db.prepare(plannedOnce(sql)).all(value)).toEqual(db.prepare(sql).all(value));
  const written = db.prepare(plannedOnce('INSERT INTO cases (closed) VALUES (@value) RETURNING closed, typeof(closed) AS type'));
  expect(written.get({ value })).toEqual(
    db.prepare('INSERT INTO cases (closed) VALUES (@value) RETURNING closed, typeof(closed) AS type').get({ value }),
  );
});

test('costs less than planning it each time', () => {
  const sql = `SELECT c.name, x.name AS actor FROM acts a JOIN cases c ON c.id = a.case_id JOIN actors x ON x.id = a.actor
    WHERE a.case_id = ? AND a.n >= ? AND c.id = ? ORDER BY a.n LIMIT ?`;
  const each = db.prepare(sql);
  const once = preparedOnce(db).prepare(sql);
  expect(once.all(2, 1, 2, 5)).toEqual(each.all(2, 1, 2, 5));
  const took = (statement: Database.Statement): number => {
    const begun = performance.now();
    for (let run = 0; run < 500; run += 1) statement.all((run % 3) + 1, 1, (run % 3) + 1, 5);
    return performance.now() - begun;
  };
  // The fastest of many: a machine that is busy with others makes some of them slow, and hardly ever all of one kind.
  const fastest = { each: Infinity, once: Infinity };
  for (let round = 0; round < 20; round += 1) {
    fastest.each = Math.min(fastest.each, took(each));
    fastest.once = Math.min(fastest.once, took(once));
  }
  expect(fastest.once).toBeLessThan(fastest.each / 2);
});
