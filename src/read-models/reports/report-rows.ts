/** Acts and frozen tables of yearly reports, as the read model keeps them. */
import { one, type Preparing } from '../../sqlite/statements.js';
import type { ReportActDetail } from './reports.js';

interface Wanted {
  readonly agencyId: number;
  readonly year: number;
  /** The last event that is looked at. */
  readonly index: number;
  /** The report of the table with the agencies below; absent = of the agency's own. */
  readonly rollup?: boolean;
}

/** Parameters of a statement, in the order of its columns. */
const placeOf = ({ agencyId, year, rollup = false, index }: Wanted): [number, number, number, number] => [
  agencyId,
  year,
  rollup ? 1 : 0,
  index,
];

export interface ReportActRow {
  readonly index: number;
  readonly eventId: Buffer;
  /** ms. */
  readonly recordedAt: number;
  readonly type: string;
  /** Index of the compilation whose round it is. */
  readonly compiled: number;
  readonly detail: ReportActDetail;
}

const ACTS = `SELECT a.idx AS "index", e.event_id AS eventId, e.recorded_at AS recordedAt, a.type, a.compiled_idx AS compiled, a.detail
  FROM report_acts a JOIN events e USING (idx)
  WHERE a.agency_id = ? AND a.year = ? AND a.rollup = ? AND a.idx <= ? AND (a.voided_idx IS NULL OR a.voided_idx > ?) ORDER BY a.idx`;

/** What stands of a report, in the order of recording. */
export function reportActs(db: Preparing, wanted: Wanted): ReportActRow[] {
  const rows = db.prepare<unknown[], Omit<ReportActRow, 'detail'> & { detail: string }>(ACTS).all(...placeOf(wanted), wanted.index);
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as ReportActDetail }));
}

export interface FrozenRow {
  /** Index of the last event in the table. */
  readonly asOf: number;
  /** The table as JSON, byte for byte as it was frozen. */
  readonly body: string;
  /** The hash that the round signs. */
  readonly signed: string;
}

/** The table that a compilation froze, by the index of the compilation. */
export function frozenRow(db: Preparing, compiled: number): FrozenRow | undefined {
  return db
    .prepare<unknown[], FrozenRow>(
      `SELECT t.as_of AS asOf, t.body, a.detail ->> 'tableHash' AS signed FROM report_tables t JOIN report_acts a USING (idx) WHERE t.idx = ?`,
    )
    .get(compiled);
}

export interface PublicationRow {
  /** Indexes of the publication and of the compilation it publishes. */
  readonly published: number;
  readonly compiled: number;
}

/** The last publication by then. */
export function lastPublication(db: Preparing, wanted: Wanted): PublicationRow | undefined {
  return db
    .prepare<unknown[], PublicationRow>(
      `SELECT idx AS published, compiled_idx AS compiled FROM report_acts
       WHERE agency_id = ? AND year = ? AND rollup = ? AND type = 'report.published' AND idx <= ? ORDER BY idx DESC LIMIT 1`,
    )
    .get(...placeOf(wanted));
}

/** The publication of a table with this hash by then, also one superseded since; the last of several. */
export function publicationOf(db: Preparing, wanted: Wanted, hash: string): PublicationRow | undefined {
  return db
    .prepare<unknown[], PublicationRow>(
      `SELECT idx AS published, compiled_idx AS compiled FROM report_acts
       WHERE agency_id = ? AND year = ? AND rollup = ? AND type = 'report.published' AND idx <= ? AND detail ->> 'tableHash' = ? ORDER BY idx DESC LIMIT 1`,
    )
    .get(...placeOf(wanted), hash);
}

/** How often the year was published by then. */
export function publications(db: Preparing, wanted: Wanted): number {
  return one(
    db
      .prepare<unknown[], number>(
        `SELECT COUNT(*) FROM report_acts WHERE agency_id = ? AND year = ? AND rollup = ? AND type = 'report.published' AND idx <= ?`,
      )
      .pluck()
      .get(...placeOf(wanted)),
  );
}

/** Years of which the agency's own table was published, in their order. */
export function publishedYears(db: Preparing, agencyId: number): number[] {
  return db
    .prepare<unknown[], number>(
      `SELECT DISTINCT year FROM report_acts WHERE agency_id = ? AND rollup = 0 AND type = 'report.published' ORDER BY year`,
    )
    .pluck()
    .all(agencyId);
}

export interface StandingRow {
  readonly compiled: number;
  readonly hash: string;
  readonly form: string;
  readonly asOf: number;
}

/** What the last publication by then published. */
export function standingRow(db: Preparing, wanted: Wanted): StandingRow | undefined {
  return db
    .prepare<unknown[], StandingRow>(
      `SELECT a.compiled_idx AS compiled, a.detail ->> 'tableHash' AS hash, t.form, t.as_of AS asOf
       FROM report_acts a JOIN report_tables t ON t.idx = a.compiled_idx
       WHERE a.agency_id = ? AND a.year = ? AND a.rollup = ? AND a.type = 'report.published' AND a.idx <= ? ORDER BY a.idx DESC LIMIT 1`,
    )
    .get(...placeOf(wanted));
}
