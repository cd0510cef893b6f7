/**
 * Which event last moved the tables of an agency: of each year from which on it moves them. An event may be said to
 * move a table that it leaves as it is, never the other way about. So a table that was known behind the last of its
 * movers is still the same, and nothing is computed to find that out.
 *
 * A year moves every year after it too: balances, stocks and the rules that look at the year before carry it on.
 */
import type Database from 'better-sqlite3';
import type { Act, AnyFacts } from '../../domain/acts.js';
import { statisticsYear } from '../../domain/case.js';
import type { Counted } from '../../statistics/measures.js';
import { yearOf } from '../../time/calendar-date.js';
import { EVERY_ACT, NO_ACTS } from '../every-act.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS movers (
    agency_id INTEGER NOT NULL,
    from_year INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (agency_id, from_year)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS movers_by_event ON movers (idx);
`;

/** Stands for every agency: the journal gives no agency this id. */
export const EVERYBODY = 0;
/** Before every statistics year: every table of the agency moves. */
const EVERY_YEAR = 0;

/** Calendars hold for the agencies below, and a place in the hierarchy is a place of others too. Such acts are few. */
const MOVES_EVERYBODY: ReadonlySet<string> = new Set(['agency.registered', 'agency.changed', 'calendar.announced']);

/**
 * The first year an act can move. What is said of the agency itself, such as a role that ended earlier, is about acts
 * of any year. A figure and a table declared are about their own; a void about that of what it takes back.
 */
function firstYear(act: Act, counted: () => Counted): number {
  if (act.subject.kind === 'agency' && act.type !== 'agency.figure-declared' && act.type !== 'record.voided') return EVERY_YEAR;
  const { contributions, firsts, declaration, paper } = counted();
  const { voided, figure }: AnyFacts = act.derived;
  let first = statisticsYear(act);
  for (const rows of [contributions, firsts]) for (const { on } of rows) first = Math.min(first, yearOf(on));
  for (const about of [declaration, paper, figure]) if (about != null) first = Math.min(first, about.year);
  return voided === undefined ? first : Math.min(first, yearOf(voided.on));
}

/** What cannot be counted stops the model that counts it, which tables tell; here it moves everything. */
function firstYearOrEvery(act: Act, counted: () => Counted): number {
  try {
    return firstYear(act, counted);
  } catch {
    return EVERY_YEAR;
  }
}

class MoversApplier implements Applier {
  /** Agency → year → the last event since the last flush. */
  readonly #moved = new Map<number, Map<number, number>>();
  /**
   * Streams with an act whose id another case had used, and the first such event: a later act there may move what
   * counts once, of any year.
   */
  readonly #repeats = new Map<number, number>();
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      move: db.prepare(
        'INSERT INTO movers (agency_id, from_year, idx) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET idx = MAX(idx, excluded.idx)',
      ),
      repeats: db.prepare<unknown[], [number, number]>('SELECT stream_id, MIN(idx) FROM reused_ids GROUP BY stream_id').raw(),
    };
    this.#readRepeats();
  }

  apply({ act, counted, index, agencyId, streamId, reused }: ProjectedEvent): void {
    if (act === null) return;
    const afterRepeat = (this.#repeats.get(streamId) ?? index) < index;
    if (reused && !this.#repeats.has(streamId)) this.#repeats.set(streamId, index);
    if (MOVES_EVERYBODY.has(act.type)) this.#move(EVERYBODY, EVERY_YEAR, index);
    else this.#move(agencyId, afterRepeat ? EVERY_YEAR : firstYearOrEvery(act, counted), index);
  }

  #move(agencyId: number, fromYear: number, index: number): void {
    const own = this.#moved.get(agencyId);
    if (own === undefined) this.#moved.set(agencyId, new Map([[fromYear, index]]));
    else own.set(fromYear, index);
  }

  flush(): void {
    for (const [agencyId, years] of this.#moved) for (const [fromYear, index] of years) this.#sql.move.run(agencyId, fromYear, index);
    this.#moved.clear();
  }

  reset(): void {
    this.#moved.clear();
    this.#readRepeats();
  }

  #readRepeats(): void {
    this.#repeats.clear();
    for (const [streamId, index] of this.#sql.repeats.all()) this.#repeats.set(streamId, index);
  }
}

export const moversProjection: Projection = {
  name: 'movers',
  version: 1,
  figures: [],
  schema: SCHEMA,
  tables: { movers: 'agency_id, from_year' },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db) => new MoversApplier(db),
};
