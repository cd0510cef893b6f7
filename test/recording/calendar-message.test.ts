/**
 * The announcement that `disclosure calendar` prints is taken as it is by a ledger, and says what the built-in year
 * says.
 */
import { chinaCalendar } from '../../src/calendars/china.js';
import { dayKind, dateOfDay, dayNumber, type CalendarYear } from '../../src/time/working-days.js';
import { calendarYearOf, type CalendarData } from '../../src/domain/small-kinds/calendar.js';
import { calendarMessage } from '../../src/recording/calendar-message.js';
import { openTestLedger, TEST_NOW, type TestLedger } from '../support/ledger.js';
import { AGENCY, setUp } from '../support/messages.js';

const YEARS = [...chinaCalendar.keys()].sort();

let ledger: TestLedger;
beforeAll(async () => {
  ledger = openTestLedger();
  await ledger.send(...setUp());
});
afterAll(() => ledger.finish());

const kinds = (year: number, calendarYear: CalendarYear): string[] =>
  Array.from({ length: 365 }, (_, day) => dayKind(new Map([[year, calendarYear]]), dateOfDay(dayNumber(`${year}-01-01`) + day)).kind);

test.each(YEARS)('%i is recorded unedited, like the built-in year', async (year) => {
  // … is recorded with no edits, and its days are those of the built-in year.
  const { message, missing } = calendarMessage(year, { agency: AGENCY, actor: 'root' }, TEST_NOW);
  expect(missing).toEqual([]);
  const [receipt] = await ledger.send(message);
  expect(receipt).toMatchObject({ status: 'recorded', stream: `calendar-${AGENCY}/${year}` });
  const announced = calendarYearOf('e', message['data'] as CalendarData);
  expect(kinds(year, announced)).toEqual(kinds(year, chinaCalendar.get(year) as CalendarYear));
});

test('missing values are words that ledgers refuse', async () => {
  // What is given stands in it; what is missing is a word no ledger takes.
  const given = { agency: AGENCY, actor: 'root', id: 'mine', source: '/mine', time: '2025-11-05T09:00:00+08:00' };
  expect(calendarMessage(2026, given, TEST_NOW).message).toMatchObject(given);
  const none = calendarMessage(2026, {}, TEST_NOW);
  const noActor = calendarMessage(2026, { agency: AGENCY }, TEST_NOW + 1000);
  expect([none.missing, noActor.missing]).toEqual([['agency', 'actor'], ['actor']]);
  const receipts = await ledger.send(none.message, noActor.message);
  expect(receipts.map(({ error }) => error?.code)).toEqual(['unknown-agency', 'not-administrator']);
});

test.each([
  [2027, {}, 'no-notice'],
  [2007, {}, 'no-notice'],
  [2026, { agency: 'No Agency' }, 'bad-parameter'],
  [2026, { time: 'yesterday' }, 'bad-parameter'],
  [2026, { time: '2031-01-01T00:00:00+08:00' }, 'bad-parameter'],
  [2026, { source: '' }, 'bad-parameter'],
  [2026, { actor: '' }, 'bad-parameter'],
])('%i with %j: %s', (year, announcer, code) => {
  expect(() => calendarMessage(year, announcer, TEST_NOW)).toThrow(expect.objectContaining({ code }) as Error);
});
