/** Applications by when they are open and due, for the list of cases: each date is reckoned when it is asked for. */
import { clockOn, PERIODS, type Law } from '../../domain/application/clock.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { dateOfDay, dayNumber, type WorkCalendar } from '../../time/working-days.js';
import type { Preparing } from '../../sqlite/statements.js';
import { announcementsOn, calendarOf } from './announcements.js';
import { longestOf, SPANS, STILL_OPEN } from './clock.js';
import { toClockAct, type ClockActRow } from './closes.js';

/** Behind every event there is. */
const NOW = Number.MAX_SAFE_INTEGER;

/** No application is due sooner after its receipt: the shorter of the periods, were each day a working day. */
const SOONEST = Math.min(...Object.values(PERIODS).map(({ ordinary }) => ordinary));

/** Each by an index; test/read-models/case-list-plans.test.ts looks at how they are run. */
export const OPEN_STILL = `SELECT stream_id AS id FROM clock_cases WHERE agency_id = @agency AND span = ${STILL_OPEN} AND received_on <= @on`;
export const OPEN_THEN =
  'SELECT stream_id AS id FROM clock_cases WHERE agency_id = @agency AND span = @span AND received_on >= @from AND received_on <= @on AND closed_on > @on';
export const MAYBE_DUE = `SELECT stream_id AS id FROM clock_cases WHERE agency_id = @agency AND span = ${STILL_OPEN} AND received_on < @day`;

interface Id {
  readonly id: number;
}

/** Row ids of the cases of the agency that are open at the end of the day. */
export function openOn(db: Preparing, agency: number, on: CalendarDate): number[] {
  const found = db.prepare<unknown[], Id>(OPEN_STILL).all({ agency, on });
  const then = db.prepare<unknown[], Id>(OPEN_THEN);
  for (let span = 0; span < SPANS; span += 1) {
    // As in the list of deadlines: of this class was received at most so many days before; the last has no bound.
    const from = span === SPANS - 1 ? '' : dateOfDay(dayNumber(on) - longestOf(span));
    found.push(...then.all({ agency, on, span, from }));
  }
  return found.map(({ id }) => id);
}

/** Row ids of the open cases of the agency that may be due before the day: every one that is due is among them. */
export function maybeDueBefore(db: Preparing, agency: number, day: CalendarDate): number[] {
  const received = dateOfDay(dayNumber(day) - SOONEST);
  return db
    .prepare<unknown[], Id>(MAYBE_DUE)
    .all({ agency, day: received })
    .map(({ id }) => id);
}

/** When the open cases of one agency are due, by its calendar of today. */
export class DueDates {
  readonly #db: Preparing;
  readonly #day: { readonly agency: number; readonly on: CalendarDate };
  #calendar: WorkCalendar | null = null;

  constructor(db: Preparing, day: { readonly agency: number; readonly on: CalendarDate }) {
    this.#db = db;
    this.#day = day;
  }

  /** null for a case that is closed, or no application, and while something is awaited. */
  of(streamId: number): CalendarDate | null {
    const { on } = this.#day;
    const acts = this.#db
      .prepare<unknown[], ClockActRow & { readonly law: Law }>(
        `SELECT c.law, a.idx, a.type, a.on_day AS "on", a.instant, a.days, a.of_idx AS ofIdx FROM clock_cases c CROSS JOIN clock_acts a USING (stream_id)
         WHERE c.stream_id = ? AND c.closed_on IS NULL AND a.voided_idx IS NULL AND a.type <> 'closed' AND a.on_day <= ? ORDER BY a.idx`,
      )
      .all(streamId, on);
    const [first] = acts;
    if (first === undefined) return null;
    this.#calendar ??= calendarOf(announcementsOn(this.#db, { ...this.#day, index: NOW }));
    return clockOn(this.#calendar, first.law, acts.map(toClockAct), on).dueOn;
  }
}
