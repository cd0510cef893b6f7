/** How long is waited before the next try. */
import { delayOf, retryAfterMs } from '../../src/client/backoff.js';

const times = { firstMs: 100, mostMs: 1000 };
const many = (failures: number, afterMs: number | null): number[] => Array.from({ length: 500 }, () => delayOf(failures, times, afterMs));

test.each([
  [1, 100],
  [2, 200],
  [3, 400],
  [4, 800],
  [5, 1000],
  [5000, 1000],
])('after %d failures, half to all of %d ms', (failures, whole) => {
  const delays = many(failures, null);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(whole / 2);
  expect(Math.max(...delays)).toBeLessThanOrEqual(whole);
  // Many senders do not come back at once.
  expect(new Set(delays).size).toBeGreaterThan(400);
});

test('what the service asks for comes first', () => {
  // Never earlier, and little later; a wrong clock of it makes nobody wait for days.
  const delays = many(1, 5000);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(5000);
  expect(Math.max(...delays)).toBeLessThanOrEqual(5100);
  expect(Math.max(...many(1, 864_000_000))).toBeLessThanOrEqual(3_600_100);
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-03-02T10:00:00Z');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs('Mon, 02 Mar 2026 10:00:07 GMT', now)).toBe(7000);
  expect(retryAfterMs('Mon, 02 Mar 2026 09:00:00 GMT', now)).toBe(0);
  expect(['soon', '', null].map((header) => retryAfterMs(header, now))).toEqual([null, null, null]);
});
