/** The announced calendar of a year: who announces it, what it must say, and whose holds where. */
import { announcementsIn, calendarInForce, calendarRules } from '../../src/domain/small-kinds/calendar.js';
import type { CalendarYear } from '../../src/time/working-days.js';
import { does, specification, standardAgency, type Doing } from '../support/given-when-then.js';

const calendar = specification(calendarRules, { agency: standardAgency(), number: '2027' });

const announced = (data: Record<string, unknown> = {}, more: Partial<Doing> = {}): Doing => ({
  ...does('root', 'calendar.announced', '2026-11-10T09:00:00+08:00', {
    year: 2027,
    off: ['2027-01-01', '2027-02-08'],
    worked: ['2027-01-31'],
    notice: '节假日安排的通知',
    ...data,
  }),
  id: 'first',
  ...more,
});

test('an administrator announces it, on its year’s case', () => {
  // Is announced by an administrator, on the case of its year.
  calendar.when(announced()).then({ basis: [], role: 'administrator', replaces: null });
  calendar.when(announced({}, { actor: 'leader' })).refused('not-administrator');
  // the agency was registered, and its first administrator named, in 2010
  calendar.when(announced({}, { at: '2009-12-31T09:00:00+08:00' })).refused('not-administrator');
  calendar.in({ number: '2026' }).when(announced()).refused('bad-subject');
  calendar.in({ agency: null }).when(announced()).refused('unknown-agency');
});

test.each([
  ['a day of another year off', { off: ['2026-12-31'] }],
  ['a day of another year worked', { worked: ['2028-01-01'] }],
  ['a day both off and worked', { worked: ['2027-01-01'] }],
  ['a day off twice', { off: ['2027-01-01', '2027-01-01'] }],
  ['a day worked twice', { worked: ['2027-01-31', '2027-01-31'] }],
])('%s is invalid', (_what, data) => {
  calendar.when(announced(data)).refused('invalid-data');
});

test('may say that nothing deviates', () => {
  calendar.when(announced({ off: [], worked: [] })).accepted();
});

test('a new announcement replaces, whatever its date', () => {
  // Announced again it replaces, whatever the dates of the announcements.
  const again = announced({ off: ['2027-01-04'], notice: '调整' }, { id: 'second', at: '2026-11-01T09:00:00+08:00' });
  const twice = calendar.given(announced()).when(again).then({ basis: [], role: 'administrator', replaces: 'first' });
  expect(twice.state.view).toMatchObject({ eventId: 'second', off: new Set(['2027-01-04']), notice: '调整' });
});

test('is never voided', () => {
  calendar
    .given(announced())
    .when(does('second-root', 'record.voided', '2026-12-01T09:00:00+08:00', { reason: 'x', approvedBy: 'leader' }, { voids: 'first' }))
    .refused('not-voidable');
});

test('the nearest announcement holds, else the built-in one', () => {
  // Of each year the nearest announcement holds, else the built-in one.
  const year = (of: number, eventId?: string): CalendarYear => ({
    year: of,
    off: new Set(),
    worked: new Set(),
    notice: '',
    ...(eventId === undefined ? {} : { eventId }),
  });
  const builtIn = new Map([
    [2025, year(2025)],
    [2026, year(2026)],
  ]);
  const inForce = calendarInForce(builtIn, [[year(2027, 'own')], [year(2028, 'county'), year(2027, 'county')], [year(2026, 'city')]]);
  const found = [...inForce.values()].sort((a, b) => a.year - b.year);
  expect(found.map(({ year: of, eventId }) => [of, eventId])).toEqual([
    [2025, undefined],
    [2026, 'city'],
    [2027, 'own'],
    [2028, 'county'],
  ]);
  expect(announcementsIn(inForce)).toEqual([
    { year: 2026, eventId: 'city' },
    { year: 2027, eventId: 'own' },
    { year: 2028, eventId: 'county' },
  ]);
  expect(builtIn.size).toBe(2);
});
