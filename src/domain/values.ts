/** Values every case shares: dates of Asia/Shanghai, instants, case references, money. */

/** `YYYY-MM-DD`, a day in Asia/Shanghai. Plain strings of this shape compare in calendar order. */
export type CalendarDate = string;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Asia/Shanghai has been UTC+8 without summer time since 1992, long before the first disclosure regulation (2008). */
const SHANGHAI_OFFSET_MS = 8 * 60 * 60 * 1000;

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** The day in Asia/Shanghai at this instant, whatever zone the machine runs in. */
export function dateInShanghai(instant: Instant): CalendarDate {
  const shifted = new Date(instant + SHANGHAI_OFFSET_MS);
  return `${pad(shifted.getUTCFullYear(), 4)}-${pad(shifted.getUTCMonth() + 1)}-${pad(shifted.getUTCDate())}`;
}

/** The instant written with the offset of Asia/Shanghai, milliseconds included: `2017-03-02T09:00:00.000+08:00`. */
export function formatInstant(instant: Instant): string {
  return `${new Date(instant + SHANGHAI_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;
}

export function yearOf(date: CalendarDate): number {
  return Number(date.slice(0, 4));
}

/** Last instant (ms) of a day in Asia/Shanghai. */
export function endOfDay(date: CalendarDate): Instant {
  return Date.parse(`${date}T23:59:59.999+08:00`);
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** True for a day that exists: 2017-02-29 does not. */
export function isCalendarDate(text: unknown): text is CalendarDate {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * An RFC 3339 date-time with an offset, as an instant; `null` when it is none (a date that does not exist, an hour 24, a leap second,
 * no offset). Digits beyond the millisecond are dropped.
 */
export function parseInstant(text: unknown): Instant | null {
  if (typeof text !== 'string') return null;
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, date = '', hour = '', minute = '', second = '', fraction, offset] = match;
  if (!isCalendarDate(date) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const zone = offset === undefined || offset.toUpperCase() === 'Z' ? 'Z' : offset;
  if (zone !== 'Z' && (Number(zone.slice(1, 3)) > 23 || Number(zone.slice(4, 6)) > 59)) return null;
  const parsed = Date.parse(`${date}T${hour}:${minute}:${second}.${(fraction ?? '').padEnd(3, '0').slice(0, 3)}${zone}`);
  return Number.isNaN(parsed) ? null : parsed;
}

/**
 * Whether two date-times that exist are one instant, to the last digit that is written: `Z` and `+00:00`, `.5` and `.500` are the
 * same, `.0001` and `.0002` are not, though no clock here tells them apart.
 */
export function sameInstant(one: string, other: string): boolean {
  return one === other || (parseInstant(one) === parseInstant(other) && belowMillisecond(one) === belowMillisecond(other));
}

function belowMillisecond(text: string): string {
  const fraction = RFC3339.exec(text)?.[5] ?? '';
  return fraction.slice(3).replace(/0+$/, '');
}

/** A case: `<kind>/<number>`, unique in its agency. */
export interface CaseRef {
  readonly kind: string;
  readonly number: string;
}

export function caseName(ref: CaseRef): string {
  return `${ref.kind}/${ref.number}`;
}

const CASE_NUMBER = /^(?!\.)[\p{L}\p{Nd}〔〕()._-]{1,64}$/u;

/** `kind/number` → its parts; `null` unless the number is 1–64 letters, digits or `〔〕()._-` in NFKC form, not beginning with a dot. */
export function parseCaseName(text: unknown): CaseRef | null {
  if (typeof text !== 'string') return null;
  const slash = text.indexOf('/');
  if (slash <= 0) return null;
  const kind = text.slice(0, slash);
  const number = text.slice(slash + 1);
  if (!/^[a-z][a-z-]*$/.test(kind) || !CASE_NUMBER.test(number) || number !== number.normalize('NFKC')) return null;
  return { kind, number };
}

/** The stream of a case. Agency codes hold no slash, case kinds neither, so no two cases share a name. */
export function streamOf(agency: string, ref: CaseRef): string {
  return `${ref.kind}-${agency}/${ref.number}`;
}

const AGENCY_CODE = /^[a-z0-9-]{1,40}$/;

export function isAgencyCode(text: unknown): text is string {
  return typeof text === 'string' && AGENCY_CODE.test(text);
}

/** A content hash: `sha256:` and 64 lower-case hexadecimal digits. */
export function isContentHash(text: unknown): text is string {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}

/**
 * A decimal number as a form prints it, in units of 10^-scale: `parseDecimal('0.2', 6)` = 200000n. `null` when it is no plain decimal
 * or has more decimals than `scale`. Exact: figures of money never pass through a float.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > scale) return null;
  const magnitude = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** Units of 10^-scale as a decimal without trailing zeros: `formatDecimal(200000n, 6)` = `'0.2'`. */
export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const sign = value < 0n ? '-' : '';
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
