/** How long is waited before something is tried again. */

/** Of a sender that is put off again and again. */
export interface RetryTimes {
  /** After the first failure, ms; doubled with each further one. */
  readonly firstMs: number;
  /** At most, ms. */
  readonly mostMs: number;
}

export const RETRY_TIMES: RetryTimes = { firstMs: 500, mostMs: 60_000 };

/** A service that names a later time is asked again after this, ms: it may have named a wrong one. */
const RETRY_AFTER_MOST_MS = 60 * 60_000;

/**
 * ms before the next try: between a half and the whole of a time that doubles, so that many senders do not come back at
 * once; what the service asks for comes first. `failures` is from 1.
 */
export function delayOf(failures: number, times: RetryTimes, afterMs: number | null): number {
  const whole = Math.min(times.mostMs, times.firstMs * 2 ** Math.min(failures - 1, 30));
  const own = whole / 2 + (Math.random() * whole) / 2;
  if (afterMs === null) return own;
  return Math.min(afterMs, RETRY_AFTER_MOST_MS) + Math.random() * Math.min(own, afterMs / 4);
}

/** `Retry-After` (RFC 9110): whole seconds or a date; null where it says neither. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
