/**
 * The notices that this release holds: each built-in year with the number of its notice, and no later year without one.
 */
import { chinaCalendar } from '../../src/calendars/china.js';
import { BUILT_IN, heldCalendar } from '../../src/calendars/notices.js';

const built = [...chinaCalendar.keys()].sort();

test('no year after 2026 is ever built in', () => {
  // The built-in calendar ends with 2026: no further year is ever built in.
  expect(BUILT_IN).toEqual({ first: 2008, last: 2026 });
  expect(built).toEqual(Array.from({ length: 19 }, (_, place) => 2008 + place));
});

test.each(built)('%i: the notice agrees with the built-in year', (year) => {
  // The dates of the built-in year, every title with a number, the yearly one of the year before.
  const held = heldCalendar(year);
  const known = chinaCalendar.get(year);
  expect([held?.off, held?.worked]).toEqual([[...(known?.off ?? [])].sort(), [...(known?.worked ?? [])].sort()]);
  expect(held?.notice).toMatch(/^(《[^》]+》（国(?:办)?发明电〔\d{4}〕\d+号）)+$/);
  expect(held?.notice.replaceAll(/（国(?:办)?发明电〔\d{4}〕\d+号）/g, '')).toBe(known?.notice);
  expect(/〔(\d{4})〕/.exec(held?.notice ?? '')?.[1]).toBe(String(year - 1));
});

test.each([2007, 2027, 2028, 0])('%i: none is held', (year) => {
  expect(heldCalendar(year)).toBeNull();
});
