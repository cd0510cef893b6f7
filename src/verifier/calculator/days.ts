/**
 * Days and working days. A day is a number, counted from 1970-01-01, of the calendar of Asia/Shanghai (UTC+8 the whole
 * year since 1992). A year's calendar is a list of weekdays off and of weekend days worked; in a year without one,
 * weekdays are worked and weekends are not.
 */
import { optionalText, Uncountable, type RawEvent } from './raw-event.js';

const DAY = 86_400_000;
const EAST_OF_GREENWICH = 8 * 3_600_000;

/** When an act happened: the day, and the milliseconds since its midnight. */
export interface Moment {
  readonly day: number;
  readonly ms: number;
}

/** From the time of a message (RFC 3339 with an offset); digits behind the millisecond do not count. */
export function momentOf(event: RawEvent): Moment {
  const said = optionalText(event.metadata['at']) ?? '';
  // Most say 2017-03-02T09:00:00+08:00, which needs no second look.
  const instant = Date.parse(said.length <= 25 && said[10] === 'T' ? said : said.toUpperCase().replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isNaN(instant)) throw new Uncountable(event.index, event.type, 'its time cannot be read');
  const local = instant + EAST_OF_GREENWICH;
  const day = Math.floor(local / DAY);
  return { day, ms: local - day * DAY };
}

export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** Years of days asked for before, 0 = not yet; some ninety years from 1970. */
const years = new Uint16Array(1 << 15);

export function yearOfDay(day: number): number {
  const known = years[day];
  if (known !== undefined && known !== 0) return known;
  const year = new Date(day * DAY).getUTCFullYear();
  if (known !== undefined) years[day] = year;
  return year;
}

/** The working calendar of one year as data: dates `YYYY-MM-DD`. */
export interface CalendarYear {
  readonly year: number;
  readonly off: readonly string[];
  readonly worked: readonly string[];
}

/** One flag per day of a year: 1 where it is worked. */
export interface WorkingYear {
  readonly first: number;
  readonly worked: Uint8Array;
}

/** 1970-01-01 was a Thursday: 0 = Sunday. */
const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;

export function workingYear(year: number, calendar: Omit<CalendarYear, 'year'> | null): WorkingYear {
  const first = Date.UTC(year, 0, 1) / DAY;
  const worked = new Uint8Array(Date.UTC(year + 1, 0, 1) / DAY - first);
  for (let place = 0; place < worked.length; place += 1) {
    const nth = weekday(first + place);
    worked[place] = nth === 0 || nth === 6 ? 0 : 1;
  }
  for (const date of calendar?.off ?? []) worked[dayOf(date) - first] = 0;
  for (const date of calendar?.worked ?? []) worked[dayOf(date) - first] = 1;
  return { first, worked };
}
