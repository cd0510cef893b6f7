/** Acts of the cases that were under way in a year of an agency, without those that were taken back. */
import type Database from 'better-sqlite3';
import { idText } from '../journal/journal.js';
import type { TrailDetail } from './audit-trail.js';

export interface StandingAct {
  /** The case, by its row id. */
  readonly item: number;
  readonly eventId: string;
  readonly type: string;
  readonly instant: number;
  readonly on: string;
  readonly detail: TrailDetail;
}

interface Row extends Omit<StandingAct, 'eventId' | 'detail'> {
  readonly eventId: Buffer;
  readonly detail: string;
}

/** Of whom, up to the event of which index, of which year and which kinds of cases. */
export interface StandingAsked {
  readonly agencyId: number;
  readonly index: number;
  readonly year: number;
  readonly kinds: readonly string[];
}

/**
 * Rows of `trail` as `tr`, of `events` as `e` and of `names` as `t`: every act that stands of the cases that were under
 * way in the year, from their first act ever to their last. The parameters are those of `standingParameters`.
 */
export const standingRows = ({ kinds }: StandingAsked): string =>
  `FROM cases c JOIN trail tr USING (stream_id) JOIN events e USING (idx) JOIN names t ON t.name_id = e.type_id
   WHERE c.agency_id = ? AND c.kind IN (${kinds.map(() => '?').join(', ')}) AND c.last_on >= ? AND c.first_on <= ?
     AND tr.idx <= ? AND (tr.voided_idx IS NULL OR tr.voided_idx > ?)`;

export const standingParameters = ({ agencyId, index, year, kinds }: StandingAsked): readonly unknown[] => [
  agencyId,
  ...kinds,
  `${year}-01-01`,
  `${year}-12-31`,
  index,
  index,
];

/** By case, and within a case in the order of time. */
export function standingActs(db: Database.Database, asked: StandingAsked): StandingAct[] {
  return db
    .prepare<unknown[], Row>(
      `SELECT tr.stream_id AS item, t.name AS type, tr.instant, tr.on_day AS "on", tr.detail, e.event_id AS eventId
       ${standingRows(asked)} ORDER BY tr.stream_id, tr.instant, tr.idx`,
    )
    .all(...standingParameters(asked))
    .map((row) => ({ ...row, eventId: idText(row.eventId), detail: detailOf(row) }));
}

/** As the projection wrote it. */
export const detailOf = ({ detail }: { readonly detail: string }): TrailDetail => JSON.parse(detail) as TrailDetail;
