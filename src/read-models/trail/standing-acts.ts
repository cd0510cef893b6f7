/** Acts of the cases in which an agency acted in a year, without those that were taken back. */
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

interface Asked {
  readonly agencyId: number;
  /** Up to the event of this index. */
  readonly index: number;
  readonly year: number;
  readonly kinds: readonly string[];
}

interface Row extends Omit<StandingAct, 'eventId' | 'detail'> {
  readonly eventId: Buffer;
  readonly detail: string;
}

/** What had no act in the year is no part of it; of the others every act is given, by case in the order of time. */
export function standingActs(db: Database.Database, { agencyId, index, year, kinds }: Asked): StandingAct[] {
  const rows = db
    .prepare<unknown[], Row>(
      `SELECT tr.stream_id AS item, t.name AS type, tr.instant, tr.on_day AS "on", tr.detail, e.event_id AS eventId
       FROM streams s JOIN trail tr USING (stream_id) JOIN events e USING (idx) JOIN names t ON t.name_id = e.type_id
       WHERE s.agency_id = ? AND (${kinds.map(() => 's.stream LIKE ?').join(' OR ')}) AND tr.idx <= ?
         AND EXISTS (SELECT 1 FROM trail y WHERE y.stream_id = s.stream_id AND y.on_day BETWEEN ? AND ?)
       ORDER BY tr.stream_id, tr.instant, tr.idx`,
    )
    .all(agencyId, ...kinds.map((kind) => `${kind}-%`), index, `${year}-01-01`, `${year}-12-31`);
  const acts = rows.map((row): StandingAct => ({ ...row, eventId: idText(row.eventId), detail: detailOf(row) }));
  const voided = new Set(acts.flatMap(({ detail: { voids } }) => (voids === undefined ? [] : [voids])));
  return acts.filter(({ eventId }) => !voided.has(eventId));
}

/** As the projection wrote it. */
export const detailOf = ({ detail }: { readonly detail: string }): TrailDetail => JSON.parse(detail) as TrailDetail;
