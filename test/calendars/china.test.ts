/** The built-in calendar: well formed, and as the notices say for years looked up by hand. */
import { chinaCalendar } from '../../src/calendars/china.js';
import { dayKind } from '../../src/time/working-days.js';

const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
const isWeekend = (date: string): boolean => weekday(date) === 0 || weekday(date) === 6;

test('covers every year since the first regulation', () => {
  // Has every year from the first disclosure regulation on, without a gap.
  expect([...chinaCalendar.keys()]).toEqual(Array.from({ length: 19 }, (_, year) => 2008 + year));
});

test.each([...chinaCalendar.values()])('$year: days off and worked agree', ({ year, off, worked, notice }) => {
  // Days of that year, weekdays off and weekend days worked.
  for (const date of [...off, ...worked]) expect(date).toMatch(new RegExp(`^${year}-\\d\\d-\\d\\d$`));
  expect([...off].filter(isWeekend)).toEqual([]);
  expect([...worked].filter((date) => !isWeekend(date))).toEqual([]);
  expect(notice).toContain(String(year));
  // Eleven days of holiday a year (from 2014), more of them in weeks made whole by weekend days worked: never fewer off
  // than worked.
  expect(off.size - worked.size).toBeGreaterThanOrEqual(9);
  expect(off.size - worked.size).toBeLessThanOrEqual(13);
});

test.each([
  // 元旦、春节 2017: 1月2日, 1月27日至2月2日; 1月22日、2月4日上班
  ['2017-01-02', 'holiday'],
  ['2017-01-22', 'make-up'],
  ['2017-02-02', 'holiday'],
  ['2017-02-04', 'make-up'],
  // 2019年劳动节改为5月1日至4日; 4月28日、5月5日上班
  ['2019-04-28', 'make-up'],
  ['2019-05-03', 'holiday'],
  ['2019-05-05', 'make-up'],
  // 2020年春节延长至2月2日: 2月1日不再上班
  ['2020-01-31', 'holiday'],
  ['2020-02-01', 'weekend'],
  ['2020-02-03', 'working'],
  // 2015年9月3日纪念日, 9月6日上班
  ['2015-09-04', 'holiday'],
  ['2015-09-06', 'make-up'],
  // 2018年12月29日上班, 31日放假
  ['2018-12-29', 'make-up'],
  ['2018-12-31', 'holiday'],
])('%s is %s', (date, kind) => {
  expect(dayKind(chinaCalendar, date)).toEqual({ kind, provisional: false });
});

test('a year without a calendar is provisional', () => {
  // A year without a calendar is plain weekdays, and provisional.
  expect(dayKind(chinaCalendar, '2027-10-01')).toEqual({ kind: 'working', provisional: true });
  expect(dayKind(chinaCalendar, '2027-10-02')).toEqual({ kind: 'weekend', provisional: true });
});
