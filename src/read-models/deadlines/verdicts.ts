/**
 * Closes of a year that rest on a calendar which was not there when they were recorded, or is another by now. The
 * stored close keeps the dates it was judged by, and the figure stays: here is only said which closes somebody should
 * look at. Most closes are never looked at: those judged by the announcements that still hold, on years that have a
 * calendar, are passed over in groups.
 */
import { announcementsIn } from '../../domain/small-kinds/calendar.js';
import { judgeAgain, type Close, type Law, type Verdict } from '../../domain/application/clock.js';
import { sure } from '../../encoding/unknown-values.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { WorkCalendar } from '../../time/working-days.js';
import { ACTS_BEFORE_CLOSE, toClockAct, YEARS_AHEAD, type ClockActRow } from './closes.js';
import { announcementsOn, calendarOf, movesIn } from './announcements.js';
import type { Figures, Scope } from '../figures/figures.js';

export interface DoubtfulVerdicts {
  /** Judged on a year without a calendar, and not confirmed by one since. */
  readonly provisional: readonly string[];
  /** On time, extended or late otherwise than they were recorded. */
  readonly otherwise: readonly string[];
}

interface Group {
  readonly groupId: number;
  readonly fromYear: number;
  readonly provisional: number;
  readonly announced: string;
}

interface CloseRow {
  readonly idx: number;
  readonly stream: number;
  readonly subject: string;
  readonly on: CalendarDate;
  readonly instant: number;
  readonly how: Close;
  readonly law: Law;
  readonly verdict: Verdict;
}

/** Part of a year in which the agency stood under the same others. */
interface Span {
  readonly from: CalendarDate;
  readonly calendar: WorkCalendar;
  /** What a close from this year on would now be judged by, written as its group has it. */
  announcedFrom(fromYear: number): string;
}

const NONE: DoubtfulVerdicts = { provisional: [], otherwise: [] };

/** By the acts, announcements and places of agencies recorded up to the scope's event. */
export function doubtfulVerdicts(figures: Figures, scope: Scope): DoubtfulVerdicts {
  const { agencyId, year, index } = scope;
  const groups = figures
    .prepare<unknown[], Group>(
      'SELECT group_id AS groupId, from_year AS fromYear, provisional, announced FROM close_groups WHERE agency_id = ? AND year = ? ORDER BY group_id',
    )
    .all(agencyId, year);
  if (groups.length === 0) return NONE;
  const spans = spansOf(figures, scope);
  const inForce = ({ fromYear, announced }: Group): boolean => spans.every((span) => span.announcedFrom(fromYear) === announced);
  const closes = figures.prepare<unknown[], CloseRow>(
    `SELECT c.idx, c.stream_id AS stream, s.subject, c.on_day AS "on", c.instant, c.how, c.law, c.verdict FROM closes c JOIN streams s USING (stream_id)
     WHERE c.group_id = ? AND c.idx <= ? AND (c.voided_idx IS NULL OR c.voided_idx > ?) ORDER BY c.idx`,
  );
  const found = groups
    .filter((group) => group.provisional === 1 || !inForce(group))
    .flatMap((group) => closes.all(group.groupId, index, index).map((close) => judged(figures, close, group, spans)));
  found.sort((a, b) => a.close.stream - b.close.stream);
  return {
    provisional: found.filter(({ provisional }) => provisional).map(({ close }) => close.subject),
    otherwise: found.filter(({ otherwise }) => otherwise).map(({ close }) => close.subject),
  };
}

function spansOf(figures: Figures, { agencyId: agency, year, index }: Scope): Span[] {
  return movesIn(figures, { agency, index }, year).map((from) => {
    const calendar = calendarOf(announcementsOn(figures, { agency, on: from, index }));
    const announced = announcementsIn(calendar);
    const texts = new Map<number, string>();
    const announcedFrom = (fromYear: number): string => {
      const known = texts.get(fromYear);
      if (known !== undefined) return known;
      const years = announced.filter((one) => one.year >= fromYear && one.year <= year + YEARS_AHEAD);
      const text = JSON.stringify(years.map((one) => [one.year, one.eventId]));
      texts.set(fromYear, text);
      return text;
    };
    return { from, calendar, announcedFrom };
  });
}

function judged(
  figures: Figures,
  close: CloseRow,
  group: Group,
  spans: readonly Span[],
): { readonly close: CloseRow; readonly provisional: boolean; readonly otherwise: boolean } {
  const span = sure(spans.findLast(({ from }) => from <= close.on));
  const wasProvisional = group.provisional === 1;
  // By the same calendar the verdict is the same.
  if (span.announcedFrom(group.fromYear) === group.announced) return { close, provisional: wasProvisional, otherwise: false };
  const acts = figures
    .prepare<unknown[], ClockActRow>(ACTS_BEFORE_CLOSE)
    .all({ stream: close.stream, idx: close.idx, instant: close.instant });
  const { verdict, provisional } = judgeAgain(span.calendar, close, acts.map(toClockAct));
  return { close, provisional: wasProvisional && provisional, otherwise: verdict !== close.verdict };
}
