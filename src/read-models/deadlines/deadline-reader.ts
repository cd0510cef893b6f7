/** Which applications of an agency are open on a day, when each must be answered, and why on that day. */
import type Database from 'better-sqlite3';
import {
  clockOn,
  explainClock,
  type ClockAct,
  type ClockReading,
  type ClockRule,
  type ExplainedDay,
  type Law,
  type WaitingFor,
} from '../../domain/application/clock.js';
import { caseName, streamOf, type CaseRef } from '../../domain/identifiers.js';
import { dateInShanghai, formatInstant } from '../../time/instant.js';
import { isCalendarDate, type CalendarDate } from '../../time/calendar-date.js';
import { dateOfDay, dayNumber, workingDaysBetween, type DayKind, type WorkCalendar } from '../../time/working-days.js';
import { agenciesProjection } from '../agencies/agencies.js';
import { clockProjection, LASTED, longestOf, SPANS, STILL_OPEN } from './clock.js';
import { toClockAct, type ClockActRow } from './closes.js';
import type { ReadStore } from '../read-store.js';
import { agencyIdOf, descendantsOn } from '../agencies/agency-reader.js';
import { preparedOnce, type Preparing } from '../../sqlite/statements.js';
import { announcementsOn, calendarOf, type Announcement } from './announcements.js';
import { agencyMoment } from '../cases/case-as-of.js';
import { QueryProblem, standsStill } from '../query-problem.js';

export interface DeadlineQuestion {
  readonly agency: string;
  /** The state at the end of this day; absent = today in Asia/Shanghai. */
  readonly on?: string;
  /** As it was known at an earlier moment: position, `index:N`, time or date; absent = now. */
  readonly asOf?: string;
  /** Only this application, explained day by day. */
  readonly case?: CaseRef;
  /** Only what is due within so many calendar days of `on`, overdue included: an ISO 8601 duration, such as P10D. */
  readonly within?: string;
  /** Those of the agencies below it that day as well, without vertical agencies and what is below them. */
  readonly below?: boolean;
}

export interface DayOfDeadline {
  readonly date: CalendarDate;
  readonly kind: DayKind;
  /** Its number among the counted days; null where it does not count. */
  readonly counted: number | null;
  /** Why it counts or does not. */
  readonly rule: ClockRule;
  /** The notice that makes the day what it is; null where its year has no calendar. */
  readonly notice: string | null;
}

/** An announcement recorded after the application that moved its due date; null = none while something was awaited. */
export interface Redated {
  /** Event id of the announcement. */
  readonly by: string;
  readonly year: number;
  readonly recordedAt: string;
  readonly dueOnBefore: CalendarDate | null;
  readonly dueOn: CalendarDate | null;
}

export interface Deadline {
  readonly agency: string;
  /** `application/…` */
  readonly case: string;
  readonly receivedOn: CalendarDate;
  /** Both null while something is awaited. */
  readonly ordinaryEnd: CalendarDate | null;
  readonly dueOn: CalendarDate | null;
  readonly waitingFor?: WaitingFor;
  /** The due date rests on a year without a calendar. */
  readonly provisional: boolean;
  /**
   * Working days after `on` up to the due date; 0 on the day itself, below zero when overdue, null without a due date.
   */
  readonly daysLeft: number | null;
  readonly explanation?: readonly DayOfDeadline[];
  readonly redated?: readonly Redated[];
}

export interface Deadlines {
  readonly on: CalendarDate;
  /** By due date, those without one last, then by agency and case. */
  readonly open: readonly Deadline[];
}

/** Behind every event there is. */
const NOW = Number.MAX_SAFE_INTEGER;

/** Days that may be asked about: beyond any application, and few enough years to count through. */
export const [EARLIEST, LATEST] = ['1900-01-01', '2199-12-31'];

interface Row extends ClockActRow {
  readonly streamId: number;
  readonly subject: string;
  readonly law: Law;
}

interface OpenCase {
  readonly subject: string;
  readonly law: Law;
  /** Index of the receipt in the ledger. */
  readonly receivedIdx: number;
  readonly acts: readonly ClockAct[];
}

/** The end of a day of an agency, as it was known at an event of the ledger. */
interface Day {
  readonly agency: number;
  readonly on: CalendarDate;
  readonly index: number;
}

const ACTS = `SELECT c.stream_id AS streamId, s.subject, c.law, a.idx, a.type, a.on_day AS "on", a.instant, a.days, a.of_idx AS ofIdx`;
const FROM = 'JOIN clock_acts a USING (stream_id) JOIN streams s USING (stream_id)';

type Statements = ReturnType<typeof prepare>;

/** Of everything what was recorded by `@index`, and not taken back by then. */
function prepare(db: Database.Database) {
  const known = `a.idx <= @index AND (a.voided_idx IS NULL OR a.voided_idx > @index)`;
  const acts = `${known} AND a.type <> 'closed' AND a.on_day <= @on ORDER BY c.stream_id, a.idx`;
  const now = `${ACTS} FROM clock_cases c ${FROM} WHERE c.since <= @index AND`;
  const before = `${ACTS} FROM clock_before c ${FROM} WHERE c.since <= @index AND c.until > @index AND`;
  const open = 'c.received_on <= @on AND (c.closed_on IS NULL OR c.closed_on > @on)';
  return {
    still: db.prepare<unknown[], Row>(`${now} c.agency_id = @agency AND c.span = ${STILL_OPEN} AND c.received_on <= @on AND ${acts}`),
    then: db.prepare<unknown[], Row>(
      `${now} c.agency_id = @agency AND c.span = @span AND c.received_on >= @from AND c.received_on <= @on AND c.closed_on > @on AND ${acts}`,
    ),
    earlier: db.prepare<unknown[], Row>(
      `${before} c.agency_id = @agency AND c.lasted = @lasted AND c.since >= @from AND ${open} AND ${acts}`,
    ),
    one: db.prepare<unknown[], Row>(`${now} c.stream_id = @stream AND ${open} AND ${acts}`),
    oneEarlier: db.prepare<unknown[], Row>(`${before} c.stream_id = @stream AND ${open} AND ${acts}`),
    stream: db.prepare<unknown[], number>('SELECT stream_id FROM streams WHERE stream = ?').pluck(),
    begun: db.prepare('SELECT 1 FROM trail WHERE stream_id = ? AND idx <= ? LIMIT 1').pluck(),
  };
}

export class DeadlineReader {
  readonly #store: ReadStore;
  readonly #now: () => number;
  /**
   * Prepared with the first question: whoever opens the ledger for another one must not fail on tables of an older read
   * store.
   */
  #prepared: Statements | null = null;
  #preparing: Preparing | null = null;

  constructor(store: ReadStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Statements about announcements are prepared once too. */
  get #announcing(): Preparing {
    return (this.#preparing ??= preparedOnce(this.#store.db));
  }

  get #sql(): Statements {
    return (this.#prepared ??= prepare(this.#store.db));
  }

  /** Errors: `unknown-agency`, `unknown-case`, `bad-parameter` (the day, the days to come), `read-model-stopped`. */
  deadlines({ agency, on: asked, asOf, case: ref, within, below = false }: DeadlineQuestion): Deadlines {
    const on = asked ?? dateInShanghai(this.#now());
    if (!isCalendarDate(on) || on < EARLIEST || on > LATEST)
      throw new QueryProblem('bad-parameter', `"${on}" is no day to ask about.`, `Give a date from ${EARLIEST} to ${LATEST}, YYYY-MM-DD.`);
    const last = within === undefined ? null : dateOfDay(dayNumber(on) + daysIn(within));
    return this.#store.db.transaction(() => {
      const day = { on, ...this.#moment(agency, asOf) };
      if (ref !== undefined) return { on, open: this.#one(agency, ref, day).filter(isDueBy(last)) };
      const agencies = [{ code: agency, agencyId: day.agency }, ...(below ? this.#below(agency, day) : [])];
      const open = agencies.flatMap(({ code, agencyId }) => this.#open(code, { ...day, agency: agencyId }));
      return { on, open: open.filter(isDueBy(last)).sort(byDueDate) };
    })();
  }

  #below(agency: string, { on, index }: Day): { readonly code: string; readonly agencyId: number }[] {
    return descendantsOn(this.#announcing, agency, on, index)
      .filter(({ vertical }) => !vertical)
      .map(({ agencyId, agency: { code } }) => ({ code, agencyId }));
  }

  #open(agency: string, day: Day): Deadline[] {
    const calendar = calendarOf(announcementsOn(this.#announcing, day));
    const read = readingOn(calendar, day.on);
    return this.#openOn(day).map((found) => ({ agency, ...toDeadline(found, read(found), calendar, day.on) }));
  }

  /** A list that lacks what came after some event would hide what is due: one of before that event lacks nothing. */
  #moment(agency: string, asOf: string | undefined): Pick<Day, 'agency' | 'index'> {
    const { db } = this.#store;
    // Whose calendar holds says where the agency stands under others.
    const needed = this.#store.bookmarks().filter(({ name }) => name === clockProjection.name || name === agenciesProjection.name);
    if (asOf !== undefined) {
      const { agencyId, index } = agencyMoment(this.#store, agency, asOf, Math.min(...needed.map(({ index: end }) => end)));
      return { agency: agencyId, index };
    }
    const id = agencyIdOf(db, agency);
    const stopped = needed.find((bookmark) => bookmark.stopped !== null)?.stopped;
    if (stopped != null) throw standsStill('The deadlines', stopped);
    return { agency: id, index: NOW };
  }

  #openOn(day: Day): OpenCase[] {
    const { on, index } = day;
    const rows = this.#sql.still.all(day);
    for (let span = 0; span < SPANS; span += 1) {
      // A case of this class that is open then was received at most so many days before; the last class has no such
      // bound.
      const from = span === SPANS - 1 ? EARLIEST : dateOfDay(dayNumber(on) - longestOf(span));
      rows.push(...this.#sql.then.all({ ...day, span, from }));
    }
    // Cases of which something else was known then: what was known for at most so many events was known since at most
    // so many before.
    for (let lasted = 0; index < NOW && lasted < LASTED; lasted += 1)
      rows.push(...this.#sql.earlier.all({ ...day, lasted, from: index - 2 ** (lasted + 1) + 1 }));
    return casesOf(rows);
  }

  #one(agency: string, ref: CaseRef, day: Day): readonly Deadline[] {
    const { on, index } = day;
    const announcements = announcementsOn(this.#announcing, day);
    const calendar = calendarOf(announcements);
    const stream = this.#sql.stream.get(streamOf(agency, ref));
    if (stream === undefined || ref.kind !== 'application' || !this.#begunBy(stream, index))
      throw new QueryProblem(
        'unknown-case',
        `Agency ${agency} has no application ${caseName(ref)}.`,
        'Deadlines are those of applications, named application/<number>.',
      );
    const rows = [...this.#sql.one.all({ stream, on, index }), ...this.#sql.oneEarlier.all({ stream, on, index })];
    return casesOf(rows).map((found) => {
      const reading = clockOn(calendar, found.law, found.acts, on);
      return {
        agency,
        ...toDeadline(found, reading, calendar, on),
        explanation: daysOf(explainClock(calendar, found.law, found.acts, on)),
        redated: redatedBy(found, announcements, on),
      };
    });
  }

  #begunBy(stream: number, index: number): boolean {
    return index === NOW || this.#sql.begun.get(stream, index) !== undefined;
  }
}

/** The days of a clock, as they are answered. */
export function daysOf(days: readonly ExplainedDay[]): DayOfDeadline[] {
  return days.map(({ why: rule, date, kind, counted, notice }) => ({ date, kind, counted, rule, notice }));
}

/** Rows come case by case, the receipt first or not. */
function casesOf(rows: readonly Row[]): OpenCase[] {
  const cases = new Map<number, { subject: string; law: Law; receivedIdx: number; acts: ClockAct[] }>();
  for (const row of rows) {
    const { streamId, subject, law, idx } = row;
    const found = cases.get(streamId) ?? { subject, law, receivedIdx: idx, acts: [] };
    if (row.type === 'received') found.receivedIdx = idx;
    found.acts.push(toClockAct(row));
    cases.set(streamId, found);
  }
  return [...cases.values()];
}

/** Most applications know nothing but their receipt: those of one day and one text share their reading. */
function readingOn(calendar: WorkCalendar, on: CalendarDate): (found: OpenCase) => ClockReading {
  const shared = new Map<string, ClockReading>();
  return ({ law, acts }) => {
    const key = acts.length === 1 ? `${law} ${acts[0]?.on ?? ''}` : null;
    const known = key === null ? undefined : shared.get(key);
    if (known !== undefined) return known;
    const reading = clockOn(calendar, law, acts, on);
    if (key !== null) shared.set(key, reading);
    return reading;
  };
}

function toDeadline(found: OpenCase, reading: ClockReading, calendar: WorkCalendar, on: CalendarDate): Omit<Deadline, 'agency'> {
  const { receivedOn, ordinaryEnd, dueOn, waitingFor, provisional } = reading;
  if (receivedOn === null) throw new Error(`${found.subject} is open before its receipt`);
  return {
    case: found.subject,
    receivedOn,
    ordinaryEnd,
    dueOn,
    ...(waitingFor === null ? {} : { waitingFor }),
    provisional,
    daysLeft: dueOn === null ? null : daysLeft(calendar, on, dueOn),
  };
}

/** An overdue one is below zero even on the weekend behind its last day. */
function daysLeft(calendar: WorkCalendar, on: CalendarDate, dueOn: CalendarDate): number {
  return on <= dueOn ? workingDaysBetween(calendar, on, dueOn) : -Math.max(1, workingDaysBetween(calendar, dueOn, on));
}

/** Most calendar days ahead that may be asked about. */
const MAX_AHEAD = 3660;

/** Calendar days of a duration in days or weeks. Errors: `bad-parameter`. */
function daysIn(within: string): number {
  const [, count = '', unit] = /^P(\d{1,4})([DW])$/.exec(within) ?? [];
  const days = Number(count) * (unit === 'W' ? 7 : 1);
  if (count === '' || days > MAX_AHEAD)
    throw new QueryProblem(
      'bad-parameter',
      `"${within}" is no number of days to come.`,
      `Give calendar days, such as P10D; P${MAX_AHEAD}D at most.`,
    );
  return days;
}

/** What has no due date while something is awaited is due on no day. */
const isDueBy =
  (last: CalendarDate | null) =>
  ({ dueOn }: Deadline): boolean =>
    last === null || (dueOn !== null && dueOn <= last);

function byDueDate(a: Deadline, b: Deadline): number {
  const [left, right] = [a.dueOn ?? '9999', b.dueOn ?? '9999'];
  if (left !== right) return left < right ? -1 : 1;
  if (a.agency !== b.agency) return a.agency < b.agency ? -1 : 1;
  return a.case < b.case ? -1 : a.case > b.case ? 1 : 0;
}

/**
 * The announcements recorded after the receipt that each moved the due date, with the acts as they stand on that day.
 */
function redatedBy({ law, acts, receivedIdx }: OpenCase, announcements: readonly Announcement[], on: CalendarDate): Redated[] {
  const dueUpTo = (idx: number): CalendarDate | null =>
    clockOn(calendarOf(announcements.filter((announcement) => announcement.idx <= idx)), law, acts, on).dueOn;
  const redated: Redated[] = [];
  let dueOnBefore = dueUpTo(receivedIdx);
  for (const { idx, eventId, recordedAt, calendarYear } of announcements) {
    if (idx < receivedIdx) continue;
    const dueOn = dueUpTo(idx);
    if (dueOn !== dueOnBefore)
      redated.push({ by: eventId, year: calendarYear.year, recordedAt: formatInstant(recordedAt), dueOnBefore, dueOn });
    dueOnBefore = dueOn;
  }
  return redated;
}
