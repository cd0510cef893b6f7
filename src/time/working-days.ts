/**
 * Working days (工作日) by a given calendar. The calendar of a year is what the yearly holiday notice makes of its
 * weekdays and weekends: weekdays off, and weekend days worked instead (调休).
 */
import type { CalendarDate } from './calendar-date.js';

export interface CalendarYear {
  readonly year: number;
  /** Weekdays that are no working days. A weekend day among them changes nothing. */
  readonly off: ReadonlySet<CalendarDate>;
  /** Weekend days that are worked (调休). */
  readonly worked: ReadonlySet<CalendarDate>;
  /** The notice the year comes from. */
  readonly notice: string;
  /** The event that announced it; absent for a built-in year. */
  readonly eventId?: string;
}

/**
 * By year; never changed once it is used. A year that is missing has no calendar: plain weekdays are then a guess, and
 * a date that rests on them is provisional.
 */
export type WorkCalendar = ReadonlyMap<number, CalendarYear>;

/**
 * A calendar that notes which years it was asked for and does not have: what was reckoned by it rests on guesses about
 * their days.
 */
export class NotingCalendar extends Map<number, CalendarYear> {
  readonly #missing = new Set<number>();

  override get(year: number): CalendarYear | undefined {
    const found = super.get(year);
    if (found === undefined) this.#missing.add(year);
    return found;
  }

  get touchedMissing(): boolean {
    return this.#missing.size > 0;
  }
}

export type DayKind = 'working' | 'make-up' | 'weekend' | 'holiday';

/** Days since 1970-01-01: what is counted with, where a date would be written and read again day by day. */
export type DayNumber = number;

const DAY_MS = 86_400_000;

/**
 * Days written and read before: the same few thousand come again and again, and writing one anew is most of the work of
 * a due date.
 */
const numbers = new Map<CalendarDate, DayNumber>();
const dates = new Map<DayNumber, CalendarDate>();
/** A century and more of days. */
const REMEMBERED = 50_000;

function remember(date: CalendarDate, day: DayNumber): void {
  if (numbers.size >= REMEMBERED) {
    numbers.clear();
    dates.clear();
  }
  numbers.set(date, day);
  dates.set(day, date);
}

export function dayNumber(date: CalendarDate): DayNumber {
  const known = numbers.get(date);
  if (known !== undefined) return known;
  const day = Date.parse(date) / DAY_MS;
  remember(date, day);
  return day;
}

export function dateOfDay(day: DayNumber): CalendarDate {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  remember(date, day);
  return date;
}

function yearOfDay(day: DayNumber): number {
  return Number(dateOfDay(day).slice(0, 4));
}

function firstDayOf(year: number): DayNumber {
  return dayNumber(`${String(year).padStart(4, '0')}-01-01`);
}

const KINDS = ['working', 'make-up', 'weekend', 'holiday'] as const satisfies readonly DayKind[];
const [WORKING, MAKE_UP, WEEKEND, HOLIDAY] = [0, 1, 2, 3] as const;

/**
 * A year by the day: what each day is, and how many working days lie before it (one entry more than days: the last is
 * the year's total).
 */
interface YearTable {
  readonly kinds: Uint8Array;
  readonly before: Uint16Array;
}

const tables = new WeakMap<CalendarYear, YearTable>();
/** Years without a calendar differ only in their first weekday and their length. */
const plainTables = new Map<string, YearTable>();

function tableOf(year: number, first: DayNumber, calendarYear: CalendarYear | undefined): YearTable {
  const length = firstDayOf(year + 1) - first;
  // 1970-01-01 was a Thursday.
  const weekday = (((first + 4) % 7) + 7) % 7;
  const plain = `${weekday}/${length}`;
  const known = calendarYear === undefined ? plainTables.get(plain) : tables.get(calendarYear);
  if (known !== undefined) return known;
  const kinds = Uint8Array.from({ length }, (_, day) => (((weekday + day) % 7) % 6 === 0 ? WEEKEND : WORKING));
  const mark = (dates: ReadonlySet<CalendarDate>, from: number, to: number): void => {
    for (const date of dates) {
      const day = dayNumber(date) - first;
      if (kinds[day] === from) kinds[day] = to;
    }
  };
  mark(calendarYear?.off ?? new Set(), WORKING, HOLIDAY);
  mark(calendarYear?.worked ?? new Set(), WEEKEND, MAKE_UP);
  const before = new Uint16Array(length + 1);
  for (let day = 0; day < length; day += 1) before[day + 1] = (before[day] ?? 0) + Number(isWorking(KINDS[kinds[day] ?? 0] ?? 'working'));
  const table = { kinds, before };
  if (calendarYear === undefined) plainTables.set(plain, table);
  else tables.set(calendarYear, table);
  return table;
}

export function isWorking(kind: DayKind): boolean {
  return kind === 'working' || kind === 'make-up';
}

interface Page extends YearTable {
  readonly year: number;
  readonly first: DayNumber;
  readonly calendarYear: CalendarYear | undefined;
}

/** What was looked up of a calendar before: calendars never change. */
const pages = new WeakMap<WorkCalendar, Map<number, Page>>();

function pageOf(calendar: WorkCalendar, year: number): Page {
  const known = pages.get(calendar) ?? new Map<number, Page>();
  const found = known.get(year);
  if (found !== undefined) return found;
  const first = firstDayOf(year);
  const calendarYear = calendar.get(year);
  const page = { year, first, calendarYear, ...tableOf(year, first, calendarYear) };
  pages.set(calendar, known.set(year, page));
  return page;
}

/** Hears a day, what it is, and the calendar that makes it so (undefined where its year has none); true = enough. */
type DayVisitor = (day: DayNumber, kind: DayKind, calendarYear: CalendarYear | undefined) => boolean;

/**
 * Days looked at before a walk is given up (some 30 years): the longest lawful period is far shorter under any calendar
 * that leaves days to work on.
 */
const MOST_DAYS = 11_000;

/** Goes day by day from the day after `start` until `visit` says true; false when it gave up. */
export function eachDay(calendar: WorkCalendar, start: DayNumber, visit: DayVisitor): boolean {
  let page = pageOf(calendar, yearOfDay(start + 1));
  for (let day = start + 1; day <= start + MOST_DAYS; day += 1) {
    if (day - page.first >= page.kinds.length) page = pageOf(calendar, page.year + 1);
    const kind = KINDS[page.kinds[day - page.first] ?? 0] ?? 'working';
    if (visit(day, kind, page.calendarYear)) return true;
  }
  return false;
}

/** What a day is under the calendar. `provisional`: its year has none. */
export function dayKind(calendar: WorkCalendar, date: CalendarDate): { readonly kind: DayKind; readonly provisional: boolean } {
  const day = dayNumber(date);
  const page = pageOf(calendar, yearOfDay(day));
  return { kind: KINDS[page.kinds[day - page.first] ?? 0] ?? 'working', provisional: page.calendarYear === undefined };
}

/** Working days after `from` up to and including `to`; negative when `to` is before `from`. */
export function workingDaysBetween(calendar: WorkCalendar, from: CalendarDate, to: CalendarDate): number {
  if (to < from) return -workingDaysBetween(calendar, to, from);
  const [first, last] = [dayNumber(from), dayNumber(to)];
  let count = 0;
  for (let year = yearOfDay(first); year <= yearOfDay(last); year += 1) {
    const { first: begins, before } = pageOf(calendar, year);
    const upTo = Math.min(last + 1 - begins, before.length - 1);
    count += (before[upTo] ?? 0) - (before[Math.max(first + 1 - begins, 0)] ?? 0);
  }
  return count;
}
