/**
 * Contributions written as the read model would, for measures no message gives yet. What is written so stands in no
 * event: a rebuild would not find it, so such a ledger is discarded, not finished.
 */
import type { TestLedger } from './ledger.js';

/** Adds a contribution of the nth (from 0) recorded event of this type, in its agency and case. */
export type Contribute = (nth: number, year: number, measure: string, dimensions: Record<string, string>, amount: number) => void;

export function contributing({ store }: TestLedger, type: string): Contribute {
  const { db } = store;
  const events = db
    .prepare(
      'SELECT e.idx, e.stream_id AS stream, s.agency_id AS agency FROM events e JOIN streams s USING (stream_id) JOIN names n ON n.name_id = e.type_id WHERE n.name = ? ORDER BY e.idx',
    )
    .all(type) as { idx: number; stream: number; agency: number }[];
  const keyOf = (measure: string, dimensions: Record<string, string>): number => {
    const written = JSON.stringify(Object.fromEntries(Object.entries(dimensions).sort()));
    const known = db.prepare('SELECT key_id FROM measures WHERE measure = ? AND dimensions = ?').pluck().get(measure, written);
    if (known !== undefined) return known as number;
    return Number(db.prepare('INSERT INTO measures (measure, dimensions) VALUES (?, ?)').run(measure, written).lastInsertRowid);
  };
  let n = 10;
  return (nth, year, measure, dimensions, amount) => {
    const { idx, stream, agency } = events[nth] as (typeof events)[number];
    const key = keyOf(measure, dimensions);
    db.prepare('INSERT INTO contributions (idx, n, agency_id, year, key_id, amount, first, stream_id) VALUES (?, ?, ?, ?, ?, ?, 0, ?)').run(
      ...[idx, n++, agency, year, key, amount, stream],
    );
    db.prepare(
      'INSERT INTO sums (agency_id, year, key_id, block, amount) VALUES (?, ?, ?, 0, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount',
    ).run(agency, year, key, amount);
  };
}
