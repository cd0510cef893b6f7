/** Refusals that wait to be sent again, as the read model keeps them: sealed. */
import type { Caller } from '../../domain/agency/acts.js';
import type { Preparing } from '../../sqlite/statements.js';

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

/** A refusal as the place behind which a list goes on. */
export interface FirstKept {
  /** Of its first keeping. */
  readonly index: number;
  readonly streamId: number;
}

export interface RefusalFilter {
  /** ms; only what was refused since. */
  readonly since: number;
  /** Only what was first kept before this one; null = all. */
  readonly before: FirstKept | null;
  readonly code: string | null;
  /** Those that name it, and those of which it is not known without opening them. */
  readonly agency: string | null;
  /** Whose refusals are `own`. */
  readonly caller: Caller | null;
  /** Whether no others are wanted. */
  readonly onlyOwn: boolean;
}

const COLUMNS = 'r.refusal_id, r.agency, r.count, r.last_at, r.first_idx, r.last_idx';
const SENT_BY = 's.issuer = @issuer AND s.subject = @subject';
const OWN = `EXISTS (SELECT 1 FROM refusal_senders s WHERE ${SENT_BY} AND s.stream_id = r.stream_id) AS own`;
const WAITING = 'r.settled = 0 AND r.last_at >= @since';

/**
 * How they are found, each filter by an index and without sorting; test/read-models/refusal-plans.test.ts looks at how
 * it is run. Streams are numbered as they begin, so in the order of first keeping.
 */
export function refusalsSql({ code, agency, onlyOwn }: Pick<RefusalFilter, 'code' | 'agency' | 'onlyOwn'>): string {
  const ofCode = code === null ? [] : ['r.code = @code'];
  if (onlyOwn) {
    const wanted = [
      SENT_BY,
      's.stream_id < @streamId',
      WAITING,
      ...ofCode,
      ...(agency === null ? [] : ['(r.agency IS NULL OR r.agency = @agency)']),
    ];
    return `SELECT ${COLUMNS}, 1 AS own FROM refusal_senders s CROSS JOIN refusals r USING (stream_id)
      WHERE ${wanted.join(' AND ')} ORDER BY s.stream_id DESC`;
  }
  const found = (...of: readonly string[]): string =>
    `SELECT ${COLUMNS}, ${OWN} FROM refusals r WHERE ${[...of, ...ofCode, WAITING, 'r.first_idx < @index'].join(' AND ')}`;
  const lists = agency === null ? [found()] : [found('r.agency = @agency'), found('r.agency IS NULL')];
  return `${lists.join(' UNION ALL ')} ORDER BY first_idx DESC`;
}

const NEWEST: FirstKept = { index: Number.MAX_SAFE_INTEGER, streamId: Number.MAX_SAFE_INTEGER };

/** Newest first, by their first keeping. */
export function openRefusals(db: Preparing, { caller, before, ...wanted }: RefusalFilter): IterableIterator<ListedRefusalRow> {
  const { issuer = null, subject = null } = caller ?? {};
  const { since, code, agency } = wanted;
  return db
    .prepare<[object], ListedRefusalRow>(refusalsSql(wanted))
    .iterate({ since, code, agency, issuer, subject, ...(before ?? NEWEST) });
}

/** The refusal that was first kept there, settled ones too; undefined where none was. */
export function firstKeptAt(db: Preparing, index: number): FirstKept | undefined {
  return db
    .prepare<[number], FirstKept>(
      'SELECT first_idx AS "index", stream_id AS streamId FROM refusals WHERE settled IN (0, 1) AND first_idx = ?',
    )
    .get(index);
}

export function openRefusal(db: Preparing, refusalId: string): RefusalRow | undefined {
  return db
    .prepare<[string], RefusalRow>('SELECT refusal_id, sealed, count, last_at FROM refusals WHERE refusal_id = ? AND settled = 0')
    .get(refusalId);
}

/** Of which agency a refusal is, settled ones too, and whether the caller sent it; undefined where there is none. */
export function placeOfRefusal(
  db: Preparing,
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
