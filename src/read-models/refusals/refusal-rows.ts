/** Refusals that wait to be sent again, as the read model keeps them: sealed. */
import type Database from 'better-sqlite3';
import type { Caller } from '../../domain/agency/acts.js';

export interface RefusalRow {
  readonly refusal_id: string;
  readonly sealed: string;
  readonly count: number;
  readonly last_at: number;
}

/** What is known of a refusal without opening it. */
export interface ListedRefusalRow extends Omit<RefusalRow, 'sealed'> {
  /** The registered agency it names; null where it named none, and for what was kept before this was noted. */
  readonly agency: string | null;
  /** Index of its first keeping: the order of lists, which no repeat moves. */
  readonly first_idx: number;
  /** Index of the last event recorded before it was last refused. */
  readonly last_idx: number;
  /** Whether the caller of the question sent it, 0 or 1. */
  readonly own: number;
}

export interface RefusalFilter {
  /** ms; only what was refused since. */
  readonly since: number;
  /** Only what was first kept before this index. */
  readonly before: number;
  readonly code: string | null;
  /** Those that name it, and those of which it is not known without opening them. */
  readonly agency: string | null;
  /** Whose refusals are `own`. */
  readonly caller: Caller | null;
  /** Whether no others are wanted: found by an index. */
  readonly onlyOwn: boolean;
}

const COLUMNS = 'r.refusal_id, r.agency, r.count, r.last_at, r.first_idx, r.last_idx';
const WANTED = `r.settled = 0 AND r.last_at >= @since AND r.first_idx < @before AND (@code IS NULL OR r.code = @code)
  AND (@agency IS NULL OR r.agency IS NULL OR r.agency = @agency) ORDER BY r.first_idx DESC`;
const SENT_BY = 's.issuer = @issuer AND s.subject = @subject';

/** Newest first, by their first keeping. */
export function openRefusals(db: Database.Database, { caller, onlyOwn, ...wanted }: RefusalFilter): IterableIterator<ListedRefusalRow> {
  const sql = onlyOwn
    ? `SELECT ${COLUMNS}, 1 AS own FROM refusal_senders s JOIN refusals r USING (stream_id) WHERE ${SENT_BY} AND ${WANTED}`
    : `SELECT ${COLUMNS}, EXISTS (SELECT 1 FROM refusal_senders s WHERE ${SENT_BY} AND s.stream_id = r.stream_id) AS own
       FROM refusals r WHERE ${WANTED}`;
  const { issuer = null, subject = null } = caller ?? {};
  return db.prepare<[object], ListedRefusalRow>(sql).iterate({ ...wanted, issuer, subject });
}

export function openRefusal(db: Database.Database, refusalId: string): RefusalRow | undefined {
  return db
    .prepare<[string], RefusalRow>('SELECT refusal_id, sealed, count, last_at FROM refusals WHERE refusal_id = ? AND settled = 0')
    .get(refusalId);
}

/** Of which agency a refusal is, settled ones too, and whether the caller sent it; undefined where there is none. */
export function placeOfRefusal(
  db: Database.Database,
  refusalId: string,
  { issuer, subject }: Caller,
): Pick<ListedRefusalRow, 'agency' | 'own'> | undefined {
  return db
    .prepare<[object], Pick<ListedRefusalRow, 'agency' | 'own'>>(
      `SELECT r.agency, EXISTS (SELECT 1 FROM refusal_senders s WHERE ${SENT_BY} AND s.stream_id = r.stream_id) AS own
       FROM refusals r WHERE r.refusal_id = @refusalId`,
    )
    .get({ refusalId, issuer, subject });
}
