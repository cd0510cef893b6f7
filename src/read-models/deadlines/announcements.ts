/**
 * The calendars that hold for an agency, from the read store: the built-in years, and what it or an agency above it
 * announced instead.
 */
import type { Preparing } from '../../sqlite/statements.js';
import { chinaCalendar } from '../../calendars/china.js';
import { calendarInForce, calendarYearOf, type CalendarData } from '../../domain/small-kinds/calendar.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { CalendarYear, WorkCalendar } from '../../time/working-days.js';
import { idText } from '../journal/journal.js';

export interface Announcement {
  /** Index of its event. */
  readonly idx: number;
  readonly eventId: string;
  readonly recordedAt: number;
  readonly calendarYear: CalendarYear;
  /** How far above the agency it was made; 0 = by the agency itself. */
  readonly above: number;
}

/** The end of a day of an agency, as it was known at an event of the ledger. */
interface Day {
  /** Row id. */
  readonly agency: number;
  readonly on: CalendarDate;
  readonly index: number;
}

const PARENT = `SELECT a.name_id FROM (
    SELECT parent FROM agency_profiles WHERE agency_id = ? AND idx <= ? AND (registered = 1 OR (parent IS NOT NULL AND from_day <= ?))
    ORDER BY registered, from_day DESC, idx DESC LIMIT 1) p JOIN names a ON a.name = p.parent`;

/** The agency and those above it that day, nearest first. A circle is walked once. */
function lineOn(db: Preparing, { agency, on, index }: Day): number[] {
  const line: number[] = [];
  const parent = db.prepare<unknown[], number>(PARENT).pluck();
  for (let id: number | undefined = agency; id !== undefined && !line.includes(id);) {
    line.push(id);
    id = parent.get(id, index, on);
  }
  return line;
}

/** What the agency and those above it that day announced, in the order of recording. */
export function announcementsOn(db: Preparing, day: Day): Announcement[] {
  const announced = db.prepare<unknown[], Row>(
    `SELECT c.idx, e.event_id AS eventId, e.recorded_at AS recordedAt, c.announced FROM calendar_years c JOIN events e USING (idx)
     WHERE c.agency_id = ? AND c.idx <= ? ORDER BY c.idx`,
  );
  type Row = { readonly idx: number; readonly eventId: Buffer; readonly recordedAt: number; readonly announced: string };
  const found = lineOn(db, day).flatMap((id, above) =>
    announced.all(id, day.index).map((row): Announcement => {
      const eventId = idText(row.eventId);
      const calendarYear = calendarYearOf(eventId, JSON.parse(row.announced) as CalendarData);
      return { idx: row.idx, eventId, recordedAt: row.recordedAt, calendarYear, above };
    }),
  );
  return found.sort((a, b) => a.idx - b.idx);
}

/** The calendar they leave in force: the last announcement of a year by the nearest agency holds. */
export function calendarOf(announcements: readonly Announcement[]): WorkCalendar {
  if (announcements.length === 0) return chinaCalendar;
  const line: CalendarYear[][] = [];
  for (const { above, calendarYear } of announcements) (line[above] ??= []).push(calendarYear);
  return calendarInForce(
    chinaCalendar,
    Array.from(line, (own) => own ?? []),
  );
}

/** Days of a year from which on the agency may stand under others, its first day the first of them. */
export function movesIn(db: Preparing, { agency, index }: Omit<Day, 'on'>, year: number): CalendarDate[] {
  const named = db.prepare<unknown[], Row>(
    `SELECT p.from_day AS "from", p.registered, n.name_id AS parent FROM agency_profiles p JOIN names n ON n.name = p.parent
     WHERE p.agency_id = ? AND p.idx <= ?`,
  );
  type Row = { readonly from: CalendarDate; readonly registered: number; readonly parent: number };
  const days = new Set([`${year}-01-01`]);
  const seen = new Set([agency]);
  // Grows while it is walked: everybody it was ever under, and whom those were under.
  for (const id of seen)
    for (const { from, registered, parent } of named.all(id, index)) {
      seen.add(parent);
      if (registered === 0 && from.startsWith(`${year}-`)) days.add(from);
    }
  return [...days].sort();
}
