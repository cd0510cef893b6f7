/** A file of the embedded log that is no part of a running one: a copy of it. */
import type Database from 'better-sqlite3';
import { one } from '../sqlite/statements.js';

export interface LogContent {
  readonly events: number;
  /** Of the last event; null in an empty log. */
  readonly position: string | null;
}

/** Errors: where the revisions of a stream do not follow one another. */
export function describeLog(db: Database.Database): LogContent {
  const gap = db
    .prepare<unknown[], string>(
      'SELECT name FROM events JOIN streams USING (stream_id) GROUP BY stream_id HAVING COUNT(*) <> MAX(revision) + 1 OR MIN(revision) <> 0 LIMIT 1',
    )
    .pluck()
    .get();
  if (gap !== undefined) throw new Error(`the revisions of ${gap} do not follow one another`);
  return one(db.prepare<unknown[], LogContent>('SELECT COUNT(*) AS events, CAST(MAX(position) AS TEXT) AS position FROM events').get());
}
