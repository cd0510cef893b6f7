/**
 * Closes of applications as the read model of the clock keeps them: each with the verdict it was recorded with, so that
 * a table can say which a later calendar judges otherwise, or which rest on a year without one.
 */
import type Database from 'better-sqlite3';
import { chinaCalendar } from '../../calendars/china.js';
import type { CalendarUsed } from '../../domain/facts.js';
import { calendarYearOf, type CalendarData } from '../../domain/small-kinds/calendar.js';
import type { Act, ActOf } from '../../domain/acts.js';
import { judgeAgain, verdictOn, type ClockAct, type Close, type CloseAct } from '../../domain/application/clock.js';
import { yearOf, type CalendarDate } from '../../time/calendar-date.js';
import { dayNumber, type WorkCalendar } from '../../time/working-days.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { ProjectedEvent } from '../projection.js';

/**
 * `closes`: every close with the verdict it was recorded with. Those of one agency and year that were judged by the
 * same announcements, from the same year on, are one of `close_groups`: whether they have to be looked at again is
 * asked once for all of them. `provisional`: their reckoning looked at a year without a calendar. `announced`:
 * `[[year, event id], …]`.
 */
export const CLOSES_SCHEMA = `
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
`;

export const CLOSES_INDEXES = { closes_by_group: 'closes (group_id, idx)' } as const;

/** A clock act as it is read back. */
export interface ClockActRow {
  readonly idx: number;
  readonly type: ClockAct['type'];
  readonly on: CalendarDate;
  readonly instant: number;
  readonly days: number | null;
  readonly ofIdx: number | null;
}

/**
 * Acts of one case are told apart by their index; which party answered is no matter where the consultation is named.
 */
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

/**
 * The acts a close was judged by: recorded before it and standing then, not dated after it. `idx` and `instant` are
 * those of the close.
 */
export const ACTS_BEFORE_CLOSE = `SELECT idx, type, on_day AS "on", instant, days, of_idx AS ofIdx FROM clock_acts
  WHERE stream_id = @stream AND idx < @idx AND (voided_idx IS NULL OR voided_idx > @idx) AND type <> 'closed' AND instant <= @instant ORDER BY idx`;

/**
 * Years behind that of an act that a due date may reach into: the longest lawful period with its extension ends well
 * within two.
 */
export const YEARS_AHEAD = 2;

/**
 * A close reckoned from a year that is built in, to the end of what is built in less this many days, looks at no other
 * year.
 */
const SAFE_DAYS = 200;

type Closing = ActOf<'application.replied' | 'application.abandoned' | 'application.withdrawn'>;

function isClosing(act: Act): act is Closing {
  return Object.hasOwn(HOW, act.type);
}

const HOW: Readonly<Record<Closing['type'], Close>> = {
  'application.replied': 'reply',
  'application.abandoned': 'abandonment',
  'application.withdrawn': 'withdrawal',
};

const BUILT_IN_YEARS = [...chinaCalendar.keys()];
const [FIRST_BUILT_IN, LAST_BUILT_IN] = [Math.min(...BUILT_IN_YEARS), Math.max(...BUILT_IN_YEARS)];

/**
 * Whether a close can have looked at no year but built-in ones: so it is with nearly all, and they need not be reckoned
 * again.
 */
function surelyBuiltIn(receivedOn: CalendarDate, on: CalendarDate): boolean {
  return yearOf(receivedOn) >= FIRST_BUILT_IN && dayNumber(on) + SAFE_DAYS <= dayNumber(`${LAST_BUILT_IN}-12-31`);
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    announced: db
      .prepare<unknown[], string>(
        'SELECT announced FROM calendar_years WHERE agency_id = (SELECT agency_id FROM events WHERE idx = @idx) AND idx = @idx',
      )
      .pluck(),
    group: db
      .prepare('SELECT group_id FROM close_groups WHERE agency_id = ? AND year = ? AND from_year = ? AND provisional = ? AND announced = ?')
      .pluck(),
    addGroup: db.prepare('INSERT INTO close_groups (agency_id, year, from_year, provisional, announced) VALUES (?, ?, ?, ?, ?)'),
    close: db.prepare('INSERT INTO closes (idx, group_id, stream_id, on_day, instant, how, law, verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    takeBack: db.prepare('UPDATE closes SET voided_idx = ? WHERE idx = ?'),
    actsBefore: db.prepare<unknown[], ClockActRow>(ACTS_BEFORE_CLOSE),
  };
}

export class Closes {
  readonly #sql: ReturnType<typeof statements>;
  readonly #events: EventsById;

  constructor(db: Database.Database, events: EventsById) {
    this.#events = events;
    this.#sql = statements(db);
  }

  /** A close is recorded. */
  keep({ index, streamId, agencyId }: ProjectedEvent, act: Act): void {
    // An answer that leaves the application open is judged by nothing.
    if (!isClosing(act) || !('receivedOn' in act.derived)) return;
    const { law, receivedOn, ordinaryEnd, lawfulEnd, calendar } = act.derived;
    const close: CloseAct = { law, on: act.on, how: HOW[act.type] };
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
      const text = this.#announced(eventId);
      if (text !== undefined) years.set(year, calendarYearOf(eventId, JSON.parse(text) as CalendarData));
    }
    return years;
  }

  /** What was announced by an event, as it is kept. */
  #announced(eventId: string): string | undefined {
    for (const [index] of this.#events.places(idBytes(eventId))) {
      const text = this.#sql.announced.get({ idx: index });
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #actsBefore(stream: number, idx: number, instant: number): ClockAct[] {
    return this.#sql.actsBefore.all({ stream, idx, instant }).map(toClockAct);
  }

  /** A void, at `index`, takes an act back: a close where it is one. */
  takeBack(index: number, target: number | undefined): void {
    this.#sql.takeBack.run(index, target);
  }
}
