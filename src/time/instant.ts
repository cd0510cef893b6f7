/** Moments and how they are written: RFC 3339, Asia/Shanghai. */
import { isCalendarDate, type CalendarDate } from './calendar-date.js';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Asia/Shanghai has been UTC+8 without summer time since 1992, long before the first disclosure regulation (2008). */
const SHANGHAI_OFFSET_MS = 8 * 60 * 60 * 1000;

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days that are remembered as written: some thirty years. */
const REMEMBERED_DAYS = 10_000;
const days = new Map<number, CalendarDate>();

/** The day in Asia/Shanghai at this instant, whatever zone the machine runs in. */
export function dateInShanghai(instant: Instant): CalendarDate {
  const day = Math.floor((instant + SHANGHAI_OFFSET_MS) / DAY_MS);
  const known = days.get(day);
  if (known !== undefined) return known;
  const shifted = new Date(instant + SHANGHAI_OFFSET_MS);
  const text = `${pad(shifted.getUTCFullYear(), 4)}-${pad(shifted.getUTCMonth() + 1)}-${pad(shifted.getUTCDate())}`;
  if (days.size >= REMEMBERED_DAYS) days.clear();
  days.set(day, text);
  return text;
}

/** The instant written with the offset of Asia/Shanghai, milliseconds included: `2017-03-02T09:00:00.000+08:00`. */
export function formatInstant(instant: Instant): string {
  return `${new Date(instant + SHANGHAI_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;
}

/** Last instant (ms) of a day in Asia/Shanghai. */
export function endOfDay(date: CalendarDate): Instant {
  return Date.parse(`${date}T23:59:59.999+08:00`);
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * An RFC 3339 date-time with an offset, as an instant; `null` when it is none (a date that does not exist, an hour 24,
 * a leap second, no offset). Digits beyond the millisecond are dropped.
 */
export function parseInstant(text: unknown): Instant | null {
  if (typeof text !== 'string') return null;
  const match = RFC3339.exec(text);
  if (match === null) return null;
  // By their places: messages are many, and taking a list apart costs more than reading it.
  const date = match[1] ?? '';
  const hour = match[2] ?? '';
  const minute = match[3] ?? '';
  const second = match[4] ?? '';
  const fraction = match[5];
  const offset = match[6];
  if (!isCalendarDate(date) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const zone = offset === undefined || offset.toUpperCase() === 'Z' ? 'Z' : offset;
  if (zone !== 'Z' && (Number(zone.slice(1, 3)) > 23 || Number(zone.slice(4, 6)) > 59)) return null;
  const parsed = Date.parse(`${date}T${hour}:${minute}:${second}.${(fraction ?? '').padEnd(3, '0').slice(0, 3)}${zone}`);
  return Number.isNaN(parsed) ? null : parsed;
}

/**
 * Whether two date-times that exist are one instant, to the last digit that is written: `Z` and `+00:00`, `.5` and
 * `.500` are the same, `.0001` and `.0002` are not, though no clock here tells them apart.
 */
export function sameInstant(one: string, other: string): boolean {
  return one === other || (parseInstant(one) === parseInstant(other) && belowMillisecond(one) === belowMillisecond(other));
}

function belowMillisecond(text: string): string {
  const fraction = RFC3339.exec(text)?.[5] ?? '';
  return fraction.slice(3).replace(/0+$/, '');
}
