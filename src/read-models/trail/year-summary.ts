/** What a year of an agency's publications looked like. */
import type Database from 'better-sqlite3';
import { median } from './review-waits.js';
import { standingParameters, standingRows, type StandingAsked } from './standing-acts.js';

export interface YearSummary {
  readonly agency: string;
  readonly year: number;
  /** Items with a clearance step decided in the year. */
  readonly reviewed: number;
  /** Items returned at least once in the year. */
  readonly returned: number;
  /** Items first released in the year. */
  readonly released: number;
  /**
   * Items with a release in the year, the first or a later one on another channel, that was made without review. No
   * part of `released`.
   */
  readonly releasedWithoutReview: number;
  /** Median of the days from draft to first release, one decimal; null where nothing was released. */
  readonly medianDaysToRelease: number | null;
}

/** An act that stands; of its detail what is asked for here: to take all of it apart costs more than to read it. */
interface Row {
  readonly item: number;
  readonly type: string;
  readonly instant: number;
  readonly on: string;
  readonly returned: number | null;
  readonly unreviewed: number | null;
}

const COLUMNS = `tr.stream_id AS item, t.name AS type, tr.instant, tr.on_day AS "on", tr.detail ->> '$.verdict' = 'returned' AS returned,
  tr.detail ->> '$.unreviewed' AS unreviewed`;

/** Within a case in the order of time; cases in any. */
function rowsOf(db: Database.Database, asked: StandingAsked): Row[] {
  return db
    .prepare<unknown[], Row>(`SELECT ${COLUMNS} ${standingRows(asked)} ORDER BY tr.stream_id, tr.instant, tr.idx`)
    .all(...standingParameters(asked));
}

/** `agency` and `year` are given back as they are. */
export function yearSummary(db: Database.Database, agency: string, asked: Omit<StandingAsked, 'kinds'>): YearSummary {
  const { year } = asked;
  const standing = rowsOf(db, { ...asked, kinds: ['publication'] });
  const inYear = standing.filter(({ on }) => on.startsWith(`${year}-`));
  const itemsOf = (some: readonly Row[]): number => new Set(some.map(({ item }) => item)).size;
  const drafted = new Map(standing.filter(({ type }) => type === 'publication.drafted').map((row) => [row.item, row.instant]));
  const firsts = new Map<number, Row>();
  for (const row of standing) if (row.type === 'publication.released' && !firsts.has(row.item)) firsts.set(row.item, row);
  const released = [...firsts.values()].filter(({ on }) => on.startsWith(`${year}-`));
  return {
    agency,
    year,
    reviewed: itemsOf(inYear.filter(({ type }) => type === 'publication.cleared')),
    returned: itemsOf(inYear.filter(({ returned }) => returned === 1)),
    released: released.length,
    releasedWithoutReview: itemsOf(inYear.filter(({ type, unreviewed }) => type === 'publication.released' && unreviewed === 1)),
    medianDaysToRelease: median(released.map(({ item, instant }) => (instant - (drafted.get(item) ?? instant)) / 86_400_000)),
  };
}
