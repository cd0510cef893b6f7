/**
 * What deadlines are reckoned from: the clock acts of every application, and which calendars were announced. No due
 * date is stored: a calendar announced later would make it wrong. Personal data stay out: an answer names the
 * consultation it closed.
 */
import type Database from 'better-sqlite3';
import { basisOf } from '../../domain/case.js';
import type { Act, ActOf, ActType } from '../../domain/acts.js';
import type { ClockAct, Law } from '../../domain/application/clock.js';
import { closes } from '../../domain/application/outcomes.js';
import { dayNumber } from '../../time/working-days.js';
import type { StoredType } from '../../events/catalog.js';
import { Closes, CLOSES_INDEXES, CLOSES_SCHEMA } from './closes.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';
import { ACTS_OF_NO_MODEL, NO_ACTS } from '../every-act.js';

/**
 * `clock_cases.span`: the class of how long a case was open, in powers of two of days, so that the cases open on a day
 * are few ranges of the index; `STILL_OPEN` without a close; `since`: the event from which on it is known so.
 * `clock_before`: what was known of a case before, from the event `since` up to the one `until` that made it otherwise;
 * `lasted`: the class of how many events that was, in powers of two, so that what was known at any event is few ranges.
 * `clock_acts.of_idx`: the consultation an answer closed; `voided_idx`: the void that took the act back.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS clock_cases (
    stream_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    law TEXT NOT NULL,
    received_on TEXT NOT NULL,
    closed_on TEXT,
    span INTEGER NOT NULL,
    since INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS clock_before (
    agency_id INTEGER NOT NULL,
    lasted INTEGER NOT NULL,
    since INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    until INTEGER NOT NULL,
    law TEXT NOT NULL,
    received_on TEXT NOT NULL,
    closed_on TEXT,
    PRIMARY KEY (agency_id, lasted, since, stream_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS clock_before_by_case ON clock_before (stream_id);
  CREATE TABLE IF NOT EXISTS clock_acts (
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    type TEXT NOT NULL,
    on_day TEXT NOT NULL,
    instant INTEGER NOT NULL,
    days INTEGER,
    of_idx INTEGER,
    law TEXT,
    voided_idx INTEGER,
    PRIMARY KEY (stream_id, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS calendar_years (
    agency_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    year INTEGER NOT NULL,
    announced TEXT NOT NULL,
    PRIMARY KEY (agency_id, idx)
  ) STRICT, WITHOUT ROWID;
${CLOSES_SCHEMA}`;

const INDEXES = {
  clock_cases_by_day: 'clock_cases (agency_id, span, received_on, closed_on, law, since)',
  ...CLOSES_INDEXES,
};

export const STILL_OPEN = -1;
/** Classes of span there are: the last holds more than a century. */
export const SPANS = 16;

/** Classes of how many events something was known for: more than any ledger has. */
export const LASTED = 40;

/** Days a closed case of this class was open at most, its day of receipt not counted. */
export function longestOf(span: number): number {
  return 2 ** (span + 1) - 2;
}

function spanOf(receivedOn: string, closedOn: string | null): number {
  if (closedOn === null) return STILL_OPEN;
  const days = Math.max(0, dayNumber(closedOn) - dayNumber(receivedOn));
  return Math.min(SPANS - 1, Math.floor(Math.log2(days + 1)));
}

type ActRowType = ClockAct['type'] | 'closed';

interface ActRow {
  readonly type: ActRowType;
  readonly on: string;
  readonly law: Law | null;
}

interface CaseRow {
  readonly law: string;
  readonly receivedOn: string;
  readonly closedOn: string | null;
  /** Index of the event from which on it is known so. */
  readonly since: number;
}

/** What an act is to the clock. */
const CLOCK_TYPES: { readonly [T in ActType]?: ActRowType } = {
  'application.received': 'received',
  'application.supplement-requested': 'supplement-requested',
  'application.supplemented': 'supplemented',
  'application.third-party-consulted': 'consulted',
  'application.third-party-answered': 'answered',
  'application.extended': 'extended',
  'application.replied': 'closed',
  'application.abandoned': 'closed',
  'application.withdrawn': 'closed',
};

/** null for an act that does not move the clock, such as an answer that leaves the application open. */
function clockTypeOf(act: Act): ActRowType | null {
  if (act.type === 'application.replied' && !closes(act.data.outcome)) return null;
  return CLOCK_TYPES[act.type] ?? null;
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    act: db.prepare('INSERT INTO clock_acts (stream_id, idx, type, on_day, instant, days, of_idx, law) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    takeBack: db.prepare('UPDATE clock_acts SET voided_idx = ? WHERE stream_id = ? AND idx = ?'),
    acts: db.prepare<unknown[], ActRow>(
      `SELECT type, on_day AS "on", law FROM clock_acts WHERE stream_id = ? AND type IN ('received', 'closed') AND voided_idx IS NULL ORDER BY idx`,
    ),
    case: db.prepare<unknown[], CaseRow>(
      'SELECT law, received_on AS receivedOn, closed_on AS closedOn, since FROM clock_cases WHERE stream_id = ?',
    ),
    put: db.prepare(`
        INSERT INTO clock_cases (stream_id, agency_id, law, received_on, closed_on, span, since) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET law = excluded.law, received_on = excluded.received_on, closed_on = excluded.closed_on, span = excluded.span, since = excluded.since`),
    before: db.prepare(
      'INSERT INTO clock_before (agency_id, lasted, since, stream_id, until, law, received_on, closed_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    drop: db.prepare('DELETE FROM clock_cases WHERE stream_id = ?'),
    announce: db.prepare('INSERT INTO calendar_years (agency_id, idx, year, announced) VALUES (?, ?, ?, ?)'),
  };
}

class ClockApplier implements Applier {
  readonly #sql: ReturnType<typeof statements>;
  readonly #events: EventsById;
  readonly #closes: Closes;

  constructor(db: Database.Database, events: EventsById) {
    this.#events = events;
    this.#closes = new Closes(db, events);
    this.#sql = statements(db);
  }

  flush(): void {
    // nothing is held back
  }

  reset(): void {
    // nothing is remembered between events
  }

  apply(event: ProjectedEvent): void {
    const { act, index, agencyId } = event;
    if (act === null) return;
    if (act.type === 'calendar.announced') {
      const { year, off, worked, notice } = act.data;
      this.#sql.announce.run(agencyId, index, year, JSON.stringify({ year, off, worked, notice }));
    } else if (act.type !== 'record.voided') this.#move(event, act);
    else if (act.subject.kind === 'application') this.#takeBack(event, act);
  }

  #move(event: ProjectedEvent, act: Act): void {
    const { index, streamId, agencyId, reused } = event;
    const type = clockTypeOf(act);
    if (type === null) return;
    const days = act.type === 'application.extended' ? act.data.days : null;
    const law = act.type === 'application.received' ? act.derived.law : null;
    this.#sql.act.run(streamId, index, type, act.on, act.instant, days, type === 'answered' ? this.#closedBy(act, streamId) : null, law);
    // One whose id was another case's counts nothing, so nothing is said of how it was judged.
    if (type === 'closed' && !reused) this.#closes.keep(event, act);
    if (type === 'received' || type === 'closed') this.#keepCase(streamId, agencyId, index);
  }

  /** The consultation an answer rests on. */
  #closedBy(act: Act, streamId: number): number {
    const [consultation] = basisOf(act);
    const index = consultation === undefined ? undefined : this.#events.inStream(idBytes(consultation), streamId);
    if (index === undefined) throw new Error(`the answer ${act.eventId} names no consultation of its case`);
    return index;
  }

  #takeBack({ index, streamId, agencyId }: ProjectedEvent, act: ActOf<'record.voided'>): void {
    const { eventId } = act.derived.voided;
    const target = this.#events.inStream(idBytes(eventId), streamId);
    this.#sql.takeBack.run(index, streamId, target);
    this.#closes.takeBack(index, target);
    this.#keepCase(streamId, agencyId, index);
  }

  /** What is known of the case from this event on, where that is something else than before. */
  #keepCase(streamId: number, agencyId: number, index: number): void {
    const acts = this.#sql.acts.all(streamId);
    const received = acts.find(({ type }) => type === 'received');
    const closedOn = acts.find(({ type }) => type === 'closed')?.on ?? null;
    const before = this.#sql.case.get(streamId);
    if (before !== undefined) {
      if (before.law === received?.law && before.receivedOn === received.on && before.closedOn === closedOn) return;
      const lasted = Math.floor(Math.log2(index - before.since));
      this.#sql.before.run(agencyId, lasted, before.since, streamId, index, before.law, before.receivedOn, before.closedOn);
    }
    if (received === undefined) this.#sql.drop.run(streamId);
    else this.#sql.put.run(streamId, agencyId, received.law, received.on, closedOn, spanOf(received.on, closedOn), index);
  }
}

const HANDLED = [
  'application.received',
  'application.supplement-requested',
  'application.supplemented',
  'application.third-party-consulted',
  'application.third-party-answered',
  'application.extended',
  'application.replied',
  'application.abandoned',
  'application.withdrawn',
  'calendar.announced',
  'record.voided',
];

/** By hand: a new type is placed here on purpose. */
const IGNORED: readonly StoredType[] = [
  ...ACTS_OF_NO_MODEL,
  'agency.permission-granted',
  'agency.permission-ended',
  'publication.drafted',
  'report.compiled',
  'report.text-drafted',
  'report.text-revised',
  'report.cleared',
  'report.approved',
  'report.published',
  'record.erased',
  ...NO_ACTS,
];

export const clockProjection: Projection = {
  name: 'clock',
  version: 3,
  figures: ['close_groups', 'closes'],
  schema: SCHEMA,
  indexes: INDEXES,
  tables: {
    clock_cases: 'stream_id',
    clock_before: 'agency_id, lasted, since, stream_id',
    clock_acts: 'stream_id, idx',
    calendar_years: 'agency_id, idx',
    close_groups: 'group_id',
    closes: 'idx',
  },
  handles: HANDLED,
  ignores: IGNORED,
  open: (db, events) => new ClockApplier(db, events),
};
