/** Refusals that wait to be sent again, as the read model keeps them: sealed. */
import type Database from 'better-sqlite3';

export interface RefusalRow {
  readonly refusal_id: string;
  readonly sealed: string;
  readonly count: number;
  readonly last_at: number;
}

export interface ListedRefusalRow extends RefusalRow {
  /** Index of the last event recorded before it was last refused. */
  readonly last_idx: number;
}

/** Newest first; `since` in ms. */
export function openRefusals(db: Database.Database, since: number): IterableIterator<ListedRefusalRow> {
  return db
    .prepare<[number], ListedRefusalRow>(
      'SELECT refusal_id, sealed, count, last_at, last_idx FROM refusals WHERE settled = 0 AND last_at >= ? ORDER BY last_idx DESC',
    )
    .iterate(since);
}

export function openRefusal(db: Database.Database, refusalId: string): RefusalRow | undefined {
  return db
    .prepare<[string], RefusalRow>('SELECT refusal_id, sealed, count, last_at FROM refusals WHERE refusal_id = ? AND settled = 0')
    .get(refusalId);
}
