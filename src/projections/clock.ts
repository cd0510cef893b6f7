/**
 * What deadlines are reckoned from: the clock acts of every application, and which calendars were announced. No due date is stored: a calendar announced later would make it wrong. Personal data stay out: an answer names the consultation it closed.
 */
import type Database from 'better-sqlite3';
import { basisOf, type Act, type CalendarUsed } from '../domain/case.js';
import { chinaCalendar } from '../calendars/china.js';
import { calendarYearOf, type CalendarData } from '../domain/calendar.js';
import { judgeAgain, verdictOn, type ClockAct, type Close, type CloseAct, type Law } from '../domain/clock.js';
import { closes } from '../domain/outcomes.js';
import { yearOf, type CalendarDate } from '../domain/values.js';
import { dayNumber, type WorkCalendar } from '../domain/working-days.js';
import type { StoredType } from '../events/catalog.js';
import { idBytes } from './journal.js';
import type { Applier, ProjectedEvent, Projection } from './projection.js';

/**
 * `clock_cases.span`: the class of how long a case was open, in powers of two of days, so that the cases open on a day are few ranges of the index;
 * `STILL_OPEN` without a close; `since`: the event from which on it is known so. `clock_before`: what was known of a case before, from the event `since` up to
 * the one `until` that made it otherwise; `lasted`: the class of how many events that was, in powers of two, so that what was known at any event is few ranges.
 * `clock_acts.of_idx`: the consultation an answer closed; `voided_idx`: the void that took the act back.
 *
 * `closes`: every close with the verdict it was recorded with. Those of one agency and year that were judged by the same announcements, from the same year
 * on, are one of `close_groups`: whether they have to be looked at again is asked once for all of them. `provisional`: their reckoning looked at a year
 * without a calendar. `announced`: `[[year, event id], …]`.
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
  CREATE INDEX IF NOT EXISTS clock_cases_by_day ON clock_cases (agency_id, span, received_on, closed_on, law, since);
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
  CREATE TABLE IF NOT EXISTS close_groups (
    group_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    from_year INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    announced TEXT NOT NULL,
    UNIQUE (agency_id, year, from_year, provisional, announced)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS closes (
    idx INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    on_day TEXT NOT NULL,
    instant INTEGER NOT NULL,
    how TEXT NOT NULL,
    law TEXT NOT NULL,
    verdict TEXT NOT NULL,
    voided_idx INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS closes_by_group ON closes (group_id, idx);
`;

/** A clock act as it is read back. */
export interface ClockActRow {
  readonly idx: number;
  readonly type: ClockAct['type'];
  readonly on: CalendarDate;
  readonly instant: number;
  readonly days: number | null;
  readonly ofIdx: number | null;
}

/** Acts of one case are told apart by their index; which party answered is no matter where the consultation is named. */
export function toClockAct({ idx, type, on, instant, days, ofIdx }: ClockActRow): ClockAct {
  const eventId = String(idx);
  switch (type) {
    case 'consulted':
      return { eventId, on, instant, type, party: null };
    case 'answered':
      return { eventId, on, instant, type, party: null, of: String(ofIdx) };
    case 'extended':
      return { eventId, on, instant, type, days: days ?? 0 };
    case 'received':
    case 'supplement-requested':
    case 'supplemented':
      return { eventId, on, instant, type };
  }
}

/** The acts a close was judged by: recorded before it and standing then, not dated after it. `idx` and `instant` are those of the close. */
export const ACTS_BEFORE_CLOSE = `SELECT idx, type, on_day AS "on", instant, days, of_idx AS ofIdx FROM clock_acts
  WHERE stream_id = @stream AND idx < @idx AND (voided_idx IS NULL OR voided_idx > @idx) AND type <> 'closed' AND instant <= @instant ORDER BY idx`;

/** Years behind that of an act that a due date may reach into: the longest lawful period with its extension ends well within two. */
export const YEARS_AHEAD = 2;

/** A close reckoned from a year that is built in, to the end of what is built in less this many days, looks at no other year. */
const SAFE_DAYS = 200;

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

/** What the decision on a close added to it. */
interface CloseFacts {
  readonly law: Law;
  readonly receivedOn: CalendarDate;
  readonly ordinaryEnd: CalendarDate | null;
  readonly lawfulEnd: CalendarDate | null;
  readonly calendar: CalendarUsed | null;
}

/** What an act is to the clock; null for one that does not move it. */
function clockTypeOf({ type, data }: Act): ActRowType | null {
  switch (type) {
    case 'application.received':
      return 'received';
    case 'application.supplement-requested':
      return 'supplement-requested';
    case 'application.supplemented':
      return 'supplemented';
    case 'application.third-party-consulted':
      return 'consulted';
    case 'application.third-party-answered':
      return 'answered';
    case 'application.extended':
      return 'extended';
    case 'application.replied':
      return closes(data['outcome'] as string) ? 'closed' : null;
    case 'application.abandoned':
    case 'application.withdrawn':
      return 'closed';
    default:
      return null;
  }
}

const HOW: Readonly<Record<string, Close>> = {
  'application.replied': 'reply',
  'application.abandoned': 'abandonment',
  'application.withdrawn': 'withdrawal',
};

const BUILT_IN_YEARS = [...chinaCalendar.keys()];
const [FIRST_BUILT_IN, LAST_BUILT_IN] = [Math.min(...BUILT_IN_YEARS), Math.max(...BUILT_IN_YEARS)];

/** Whether a close can have looked at no year but built-in ones: so it is with nearly all, and they need not be reckoned again. */
function surelyBuiltIn(receivedOn: CalendarDate, on: CalendarDate): boolean {
  return yearOf(receivedOn) >= FIRST_BUILT_IN && dayNumber(on) + SAFE_DAYS <= dayNumber(`${LAST_BUILT_IN}-12-31`);
}

class ClockApplier implements Applier {
  readonly #sql: Record<
    | 'act'
    | 'index'
    | 'takeBack'
    | 'acts'
    | 'case'
    | 'put'
    | 'before'
    | 'drop'
    | 'announce'
    | 'announced'
    | 'group'
    | 'addGroup'
    | 'close'
    | 'takeCloseBack'
    | 'actsBefore',
    Database.Statement
  >;

  constructor(db: Database.Database) {
    this.#sql = {
      act: db.prepare('INSERT INTO clock_acts (stream_id, idx, type, on_day, instant, days, of_idx, law) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      index: db.prepare('SELECT idx FROM events WHERE event_id = ? AND stream_id = ? ORDER BY idx LIMIT 1').pluck(),
      takeBack: db.prepare('UPDATE clock_acts SET voided_idx = ? WHERE stream_id = ? AND idx = ?'),
      acts: db.prepare(
        `SELECT type, on_day AS "on", law FROM clock_acts WHERE stream_id = ? AND type IN ('received', 'closed') AND voided_idx IS NULL ORDER BY idx`,
      ),
      case: db.prepare('SELECT law, received_on AS receivedOn, closed_on AS closedOn, since FROM clock_cases WHERE stream_id = ?'),
      put: db.prepare(`
        INSERT INTO clock_cases (stream_id, agency_id, law, received_on, closed_on, span, since) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET law = excluded.law, received_on = excluded.received_on, closed_on = excluded.closed_on, span = excluded.span, since = excluded.since`),
      before: db.prepare(
        'INSERT INTO clock_before (agency_id, lasted, since, stream_id, until, law, received_on, closed_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      drop: db.prepare('DELETE FROM clock_cases WHERE stream_id = ?'),
      announce: db.prepare('INSERT INTO calendar_years (agency_id, idx, year, announced) VALUES (?, ?, ?, ?)'),
      announced: db.prepare('SELECT c.announced FROM events e JOIN calendar_years c USING (idx) WHERE e.event_id = ?').pluck(),
      group: db
        .prepare(
          'SELECT group_id FROM close_groups WHERE agency_id = ? AND year = ? AND from_year = ? AND provisional = ? AND announced = ?',
        )
        .pluck(),
      addGroup: db.prepare('INSERT INTO close_groups (agency_id, year, from_year, provisional, announced) VALUES (?, ?, ?, ?, ?)'),
      close: db.prepare(
        'INSERT INTO closes (idx, group_id, stream_id, on_day, instant, how, law, verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      takeCloseBack: db.prepare('UPDATE closes SET voided_idx = ? WHERE idx = ?'),
      actsBefore: db.prepare(ACTS_BEFORE_CLOSE),
    };
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
    switch (act.type) {
      case 'calendar.announced': {
        const { year, off, worked, notice } = act.data as unknown as CalendarData;
        this.#sql.announce.run(agencyId, index, year, JSON.stringify({ year, off, worked, notice }));
        return;
      }
      case 'record.voided':
        if (act.subject.kind === 'application') this.#takeBack(event, act);
        return;
      default:
        this.#move(event, act);
    }
  }

  #move(event: ProjectedEvent, act: Act): void {
    const { index, streamId, agencyId, reused } = event;
    const type = clockTypeOf(act);
    if (type === null) return;
    const days = type === 'extended' ? (act.data['days'] as number) : null;
    const law = type === 'received' ? (act.derived['law'] as Law) : null;
    this.#sql.act.run(streamId, index, type, act.on, act.instant, days, type === 'answered' ? this.#closedBy(act, streamId) : null, law);
    // One whose id was another case's counts nothing, so nothing is said of how it was judged.
    if (type === 'closed' && !reused) this.#keepClose(event, act);
    if (type === 'received' || type === 'closed') this.#keepCase(streamId, agencyId, index);
  }

  /** The consultation an answer rests on. */
  #closedBy(act: Act, streamId: number): number {
    const [consultation] = basisOf(act);
    const index = consultation === undefined ? undefined : (this.#sql.index.get(idBytes(consultation), streamId) as number | undefined);
    if (index === undefined) throw new Error(`the answer ${act.eventId} names no consultation of its case`);
    return index;
  }

  #takeBack({ index, streamId, agencyId }: ProjectedEvent, act: Act): void {
    const { eventId } = act.derived['voided'] as { eventId: string };
    const target = this.#sql.index.get(idBytes(eventId), streamId);
    this.#sql.takeBack.run(index, streamId, target);
    this.#sql.takeCloseBack.run(index, target);
    this.#keepCase(streamId, agencyId, index);
  }

  #keepClose({ index, streamId, agencyId }: ProjectedEvent, act: Act): void {
    const { law, receivedOn, ordinaryEnd, lawfulEnd, calendar } = act.derived as unknown as CloseFacts;
    const close: CloseAct = { law, on: act.on, how: HOW[act.type] as Close };
    const announced = [...(calendar?.announced ?? [])].sort((a, b) => a.year - b.year);
    const provisional =
      (announced.length > 0 || !surelyBuiltIn(receivedOn, act.on)) &&
      judgeAgain(this.#calendarOf(announced), close, this.#actsBefore(streamId, index, act.instant)).provisional;
    const group = [
      agencyId,
      yearOf(act.on),
      Math.min(yearOf(receivedOn), yearOf(act.on)),
      provisional ? 1 : 0,
      JSON.stringify(announced.map(({ year, eventId }) => [year, eventId])),
    ];
    const groupId = this.#sql.group.get(...group) ?? this.#sql.addGroup.run(...group).lastInsertRowid;
    const verdict = verdictOn({ ordinaryEnd, lawfulEnd }, act.on);
    this.#sql.close.run(index, groupId, streamId, act.on, act.instant, close.how, law, verdict);
  }

  /** The calendar a close was judged by: the built-in years and the announcements its event names. */
  #calendarOf(announced: CalendarUsed['announced']): WorkCalendar {
    const years = new Map(chinaCalendar);
    for (const { year, eventId } of announced) {
      const text = this.#sql.announced.get(idBytes(eventId)) as string | undefined;
      if (text !== undefined) years.set(year, calendarYearOf(eventId, JSON.parse(text) as CalendarData));
    }
    return years;
  }

  #actsBefore(stream: number, idx: number, instant: number): ClockAct[] {
    return (this.#sql.actsBefore.all({ stream, idx, instant }) as ClockActRow[]).map(toClockAct);
  }

  /** What is known of the case from this event on, where that is something else than before. */
  #keepCase(streamId: number, agencyId: number, index: number): void {
    const acts = this.#sql.acts.all(streamId) as ActRow[];
    const received = acts.find(({ type }) => type === 'received');
    const closedOn = acts.find(({ type }) => type === 'closed')?.on ?? null;
    const before = this.#sql.case.get(streamId) as CaseRow | undefined;
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
  'agency.registered',
  'agency.changed',
  'agency.clearance-chain-set',
  'agency.role-assigned',
  'agency.role-ended',
  'agency.figure-declared',
  'publication.drafted',
  'publication.revised',
  'publication.cleared',
  'publication.approved',
  'publication.rejected',
  'publication.released',
  'publication.checked',
  'publication.corrected',
  'publication.withdrawn',
  'application.reply-drafted',
  'application.reply-revised',
  'application.cleared',
  'application.approved',
  'application.reply-remade',
  'application.fee-charged',
  'application.fee-waived',
  'reconsideration.filed',
  'reconsideration.decided',
  'lawsuit.filed',
  'lawsuit.decided',
  'complaint.received',
  'complaint.decided',
  'site.checked',
  'normative-document.issued',
  'normative-document.repealed',
  'hotspot.answered',
  'press-conference.held',
  'interpretation.published',
  'delivery.made',
  'meeting.held',
  'training.held',
  'table.declared',
  'report.compiled',
  'report.cleared',
  'report.approved',
  'report.published',
  'record.erased',
  'access.granted',
  'access.refused',
  'refusal.kept',
  'refusal.repeated',
  'refusal.settled',
];

export const clockProjection: Projection = {
  name: 'clock',
  version: 3,
  schema: SCHEMA,
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
  open: (db) => new ClockApplier(db),
};
