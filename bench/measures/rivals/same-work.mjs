// The projection that every library builds, ours too: a count for each type of each agency, a row of the trail for each
// event, and the bookmark, all of one page of events in one transaction.
import { storedEvents } from '../events.mjs';

/** Events of one transaction. */
export const PAGE = 1000;

/** Each a statement of its own, for drivers that run one at a time. */
export const TABLES = [
  'CREATE TABLE counts (agency TEXT NOT NULL, type TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (agency, type)) STRICT, WITHOUT ROWID',
  'CREATE TABLE trail_rows (idx INTEGER PRIMARY KEY, stream TEXT NOT NULL, type TEXT NOT NULL, agency TEXT NOT NULL, at TEXT NOT NULL) STRICT',
];
export const DROP = ['DROP TABLE IF EXISTS counts', 'DROP TABLE IF EXISTS trail_rows'];
export const COUNT = 'INSERT INTO counts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1';
export const ADD = 'INSERT INTO trail_rows (stream, type, agency, at) VALUES (?, ?, ?, ?)';
export const TOTALS = 'SELECT (SELECT SUM(n) FROM counts) AS counted, (SELECT COUNT(*) FROM trail_rows) AS rows';

/** What COUNT and ADD take of an event. */
export const countedOf = ({ type, agency }) => [agency, type];
export const rowOf = ({ stream, type, agency, at }) => [stream, type, agency, at];

/** Many rows at once, for libraries where a statement for each is what takes longest. */
export function together(events) {
  const counts = new Map();
  for (const { agency, type } of events) {
    const key = `${agency} ${type}`;
    counts.set(key, { agency, type, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  const values = [...counts.values()];
  return [
    {
      sql: `INSERT INTO counts VALUES ${values.map(() => '(?, ?, ?)').join(', ')} ON CONFLICT DO UPDATE SET n = n + excluded.n`,
      values: values.flatMap(({ agency, type, n }) => [agency, type, n]),
    },
    {
      sql: `INSERT INTO trail_rows (stream, type, agency, at) VALUES ${events.map(() => '(?, ?, ?, ?)').join(', ')}`,
      values: events.flatMap(rowOf),
    },
  ];
}

/** A library that left something out was not measured. */
export function sureOf(name, { counted, rows }, count) {
  if (counted !== count || rows !== count) throw new Error(`${name} counted ${counted} and wrote ${rows} rows of ${count}`);
}

/** The first `count` events of an embedded log with their data as values. */
export function parsedEvents(log, count) {
  return storedEvents(log, count).map(({ stream, type, data, metadata }) => ({
    stream,
    type,
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
  }));
}
