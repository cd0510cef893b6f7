/** The answers that closed applications in a year: how many working days each took, and whether it was in time. */
import { countedDays, type Law, type Verdict } from '../../domain/application/clock.js';
import { sure } from '../../encoding/unknown-values.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Figures, Scope } from '../figures/figures.js';
import { announcementsOn, calendarOf, movesIn } from './announcements.js';
import { ACTS_BEFORE_CLOSE, toClockAct, type ClockActRow } from './closes.js';

export interface AnswerTime {
  /** Index of the answer. */
  readonly index: number;
  /** `application/…` */
  readonly case: string;
  /** Working days that count, by the calendar now in force for the agency. */
  readonly days: number;
  /** Not after the lawful end that the answer was judged by when it was recorded. */
  readonly inTime: boolean;
}

interface Row {
  readonly idx: number;
  readonly stream: number;
  readonly subject: string;
  readonly on: CalendarDate;
  readonly instant: number;
  readonly law: Law;
  readonly verdict: Verdict;
}

/** What stands of them by the scope's event, in the order of the log. */
export function answerTimes(figures: Figures, { agencyId: agency, year, index }: Scope): AnswerTime[] {
  const rows = figures
    .prepare<unknown[], Row>(
      `SELECT c.idx, c.stream_id AS stream, s.subject, c.on_day AS "on", c.instant, c.law, c.verdict
       FROM close_groups g JOIN closes c USING (group_id) JOIN streams s USING (stream_id)
       WHERE g.agency_id = ? AND g.year = ? AND c.how = 'reply' AND c.idx <= ? AND (c.voided_idx IS NULL OR c.voided_idx > ?) ORDER BY c.idx`,
    )
    .all(agency, year, index, index);
  if (rows.length === 0) return [];
  const acts = figures.prepare<unknown[], ClockActRow>(ACTS_BEFORE_CLOSE);
  const spans = movesIn(figures, { agency, index }, year).map((from) => ({
    from,
    calendar: calendarOf(announcementsOn(figures, { agency, on: from, index })),
  }));
  return rows.map(({ idx, stream, subject, on, instant, law, verdict }) => {
    const { calendar } = sure(spans.findLast(({ from }) => from <= on));
    const before = acts.all({ stream, idx, instant }).map(toClockAct);
    return { index: idx, case: subject, days: countedDays(calendar, law, before, on), inTime: verdict !== 'late' };
  });
}
