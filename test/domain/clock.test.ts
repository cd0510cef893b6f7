/**
 * Deadlines, each counted by hand on a calendar: the counted days stand beside the case where weekends alone do not
 * explain them. 2021-03-01 is a Monday; 清明 2021 is off on Monday 5 April, 劳动节 on 3–5 May with 25 April and 8 May
 * worked.
 */
import { chinaCalendar } from '../../src/calendars/china.js';
import {
  clockOn,
  explainClock,
  judgeClose,
  lawOn,
  matchAnswer,
  type ClockAct,
  type ClockReading,
  type Law,
} from '../../src/domain/application/clock.js';
import type { WorkCalendar } from '../../src/time/working-days.js';

let serial = 0;
type Kind<T = ClockAct> = T extends { eventId: string } ? Omit<T, 'eventId' | 'on' | 'instant'> : never;

function act(on: string, what: Kind, hour = 9): ClockAct {
  serial += 1;
  return { eventId: `event-${serial}`, on, instant: Date.parse(`${on}T00:00:00+08:00`) + hour * 3_600_000, ...what };
}

const received = (on: string): ClockAct => act(on, { type: 'received' });
const requested = (on: string): ClockAct => act(on, { type: 'supplement-requested' }, 10);
const supplemented = (on: string): ClockAct => act(on, { type: 'supplemented' }, 11);
const consulted = (on: string, party: string | null = null): ClockAct => act(on, { type: 'consulted', party }, 12);
const answered = (on: string, party: string | null = null, of?: string): ClockAct =>
  act(on, { type: 'answered', party, ...(of === undefined ? {} : { of }) }, 13);
const extended = (on: string, days: number): ClockAct => act(on, { type: 'extended', days }, 14);

const LATE = '2099-12-31';
const read = (law: Law, acts: readonly ClockAct[], on = LATE, calendar: WorkCalendar = chinaCalendar): ClockReading =>
  clockOn(calendar, law, acts, on);
const dueOn = (law: Law, ...acts: readonly ClockAct[]): string | null => read(law, acts).dueOn;

describe('the text in force on receipt', () => {
  test.each([
    ['2019-05-14', '2008'],
    ['2019-05-15', '2019'],
  ])('%s: %s', (on, law) => expect(lawOn(on)).toBe(law));
});

describe('the ordinary period', () => {
  test.each([
    // 7–10, 13–17, 20–24 and 27 March
    ['2008', '2017-03-06', '2017-03-27'],
    // and 28–31 March, then Saturday 1 April, worked: the 20th
    ['2019', '2017-03-06', '2017-04-01'],
    // Spring Festival 2019: 22–25, 28–31 January, 1 February, the weekend 2–3 worked, 4–8 off, 11–14
    ['2008', '2019-01-21', '2019-02-14'],
    // the day before the new text and its first day; Friday 7 June 2019 is off
    ['2008', '2019-05-14', '2019-06-04'],
    ['2019', '2019-05-15', '2019-06-13'],
    // National Day 2019: 17–20, 23–27, Sunday 29 worked, 30 September; 8–11 October, Saturday 12 worked, 14–17
    ['2019', '2019-09-16', '2019-10-17'],
    // the old text chosen for it: the 15th is Friday 11 October
    ['2008', '2019-09-16', '2019-10-11'],
    // received on a Sunday of the Spring Festival 2020: day 1 is Monday 3 February
    ['2019', '2020-01-26', '2020-02-28'],
    // received on a day that is worked: it does not count itself. 8 October 2018 is a Monday
    ['2008', '2018-09-30', '2018-10-26'],
  ] as const)('%s, received %s: %s', (law, on, due) => {
    expect(read(law, [received(on)])).toEqual({
      receivedOn: on,
      countedFrom: on,
      ordinaryEnd: due,
      dueOn: due,
      waitingFor: null,
      extension: 0,
      provisional: false,
    });
  });

  test('nothing was received yet', () => {
    expect(read('2019', [received('2021-03-01')], '2021-02-28')).toMatchObject({ receivedOn: null, dueOn: null, waitingFor: null });
    expect(explainClock(chinaCalendar, '2019', [received('2021-03-01')], '2021-02-28')).toEqual([]);
  });
});

describe('an extension', () => {
  test('is more working days after the ordinary end', () => {
    // ordinary 2–29 March; 30, 31 March, 1, 2, 6–9 April, 12–16, 19–20
    expect(read('2019', [received('2021-03-01'), extended('2021-03-29', 15)])).toMatchObject({
      ordinaryEnd: '2021-03-29',
      dueOn: '2021-04-20',
      extension: 15,
    });
  });

  test('is ignored before the day it was given', () => {
    expect(read('2019', [received('2021-03-01'), extended('2021-03-29', 15)], '2021-03-28')).toMatchObject({
      dueOn: '2021-03-29',
      extension: 0,
    });
  });

  test('survives a restart', () => {
    // restarted after 12 March: ordinary end 12 April; 13–16, 19–23 April, Sunday 25 worked
    const acts = [received('2021-03-01'), extended('2021-03-03', 10), requested('2021-03-04'), supplemented('2021-03-12')];
    expect(read('2019', acts)).toMatchObject({ ordinaryEnd: '2021-04-12', dueOn: '2021-04-25' });
  });
});

describe('third parties', () => {
  test('working days of a consultation do not count', () => {
    // Working days after the consultation up to and including the answer do not count.
    // 2–5 March, then 18, 19, 22–26, 29 March – 2 April, 6–9 April
    expect(dueOn('2019', received('2021-03-01'), consulted('2021-03-05'), answered('2021-03-17'))).toBe('2021-04-09');
    // the old text: the 15th of them
    expect(dueOn('2008', received('2021-03-01'), consulted('2021-03-05'), answered('2021-03-17'))).toBe('2021-04-01');
  });

  test('answered the same day, nothing is lost', () => {
    expect(dueOn('2019', received('2021-03-01'), consulted('2021-03-05'), answered('2021-03-05'))).toBe('2021-03-29');
  });

  test('overlaps count once', () => {
    const acts = [
      received('2021-03-01'),
      consulted('2021-03-05', '甲'),
      consulted('2021-03-10', '乙'),
      answered('2021-03-17', '甲'),
      answered('2021-03-19', '乙'),
    ];
    // ten working days, 8–19 March: 29 March and 30, 31, 1, 2, 6–9, 12, 13 April
    expect(dueOn('2019', ...acts)).toBe('2021-04-13');
    expect(dueOn('2019', ...[...acts].reverse())).toBe('2021-04-13');
  });

  test('while one is awaited no date is due', () => {
    const acts = [received('2021-03-01'), consulted('2021-03-05'), answered('2021-03-17')];
    expect(read('2019', acts, '2021-03-04')).toMatchObject({ dueOn: '2021-03-29', waitingFor: null });
    const waiting = { ordinaryEnd: null, dueOn: null, waitingFor: 'third-party', provisional: false };
    expect(read('2019', acts, '2021-03-05')).toMatchObject(waiting);
    expect(read('2019', acts, '2021-03-16')).toMatchObject(waiting);
    expect(read('2019', acts, '2021-03-17')).toMatchObject({ dueOn: '2021-04-09', waitingFor: null });
  });

  test('begun on the due date, answer restores it', () => {
    // Begun on the due date it is awaited, and the answer brings the date back.
    const acts = [received('2021-03-01'), consulted('2021-03-29'), answered('2021-04-02')];
    expect(read('2019', acts, '2021-03-31')).toMatchObject({ dueOn: null, waitingFor: 'third-party' });
    expect(read('2019', acts)).toMatchObject({ dueOn: '2021-03-29', waitingFor: null });
  });

  test('begun after the due date it moves nothing', () => {
    const acts = [received('2021-03-01'), consulted('2021-03-30'), answered('2021-04-02')];
    for (const on of ['2021-03-30', '2021-03-31', LATE]) {
      expect(read('2019', acts, on)).toMatchObject({ ordinaryEnd: '2021-03-29', dueOn: '2021-03-29', waitingFor: null });
    }
  });

  test('after the ordinary end it pauses the extension', () => {
    // Between the ordinary and the extended end it pauses the extension.
    // 30 March counts; 31 March – 9 April do not (6 working days); 12–16, 19 April are the rest of 7
    const acts = [received('2021-03-01'), extended('2021-03-25', 7), consulted('2021-03-30'), answered('2021-04-09')];
    expect(read('2019', acts)).toMatchObject({ ordinaryEnd: '2021-03-29', dueOn: '2021-04-19' });
  });

  test('an answer closes its party’s consultation first', () => {
    // An answer closes the consultation with its party, else the
    // earliest without one; the decision’s own word goes before.
    const first = consulted('2021-03-04');
    const second = consulted('2021-03-05');
    const acts = [received('2021-03-01'), first, second, answered('2021-03-08', null, second.eventId), answered('2021-03-09')];
    // 5, 8, 9 March do not count
    expect(dueOn('2019', ...acts)).toBe('2021-04-01');
    expect(matchAnswer([{ party: '甲' }, { party: null }, { party: null }], '乙')).toEqual({ party: null });
    expect(matchAnswer([{ party: null }, { party: '甲' }], '甲')).toEqual({ party: '甲' });
    expect(matchAnswer([{ party: '甲' }], null)).toEqual({ party: '甲' });
    expect(matchAnswer([{ party: '甲' }, { party: null }], null)).toBeNull();
    expect(matchAnswer([{ party: '甲' }], '乙')).toBeNull();
    expect(matchAnswer([], null)).toBeNull();
  });
});

describe('a supplement', () => {
  const asked = [received('2021-03-01'), requested('2021-03-04'), supplemented('2021-03-12')];

  test('restarts the clock on the next working day', () => {
    // Restarts the clock: day 1 is the first working day after it.
    // 15–19, 22–26, 29 March – 2 April, 6–9, 12 April
    expect(read('2019', asked)).toMatchObject({ receivedOn: '2021-03-01', countedFrom: '2021-03-12', dueOn: '2021-04-12' });
    expect(dueOn('2008', ...asked)).toBe('2021-04-02');
  });

  test('while it is awaited no date is due', () => {
    expect(read('2019', asked, '2021-03-04')).toMatchObject({ ordinaryEnd: null, dueOn: null, waitingFor: 'supplement' });
    expect(read('2019', asked, '2021-03-11')).toMatchObject({ dueOn: null, waitingFor: 'supplement' });
  });

  test('a second one pauses but does not restart', () => {
    // The second does not restart; while it is awaited there is no due date, then the first one returns.
    const acts = [...asked, requested('2021-04-01'), supplemented('2021-04-28')];
    expect(read('2019', acts, '2021-04-20')).toMatchObject({ dueOn: null, waitingFor: 'supplement' });
    expect(read('2019', acts)).toMatchObject({ countedFrom: '2021-03-12', dueOn: '2021-04-12', waitingFor: null });
    expect(read('2019', [...acts, requested('2021-05-10')])).toMatchObject({ dueOn: '2021-04-12', waitingFor: null });
  });

  test('a consultation behind a second request moves nothing', () => {
    // Behind a second request a consultation begun after the date it hides moves nothing.
    const acts = [...asked, requested('2021-04-01'), consulted('2021-04-13')];
    expect(read('2019', acts)).toMatchObject({ waitingFor: 'supplement' });
    expect(read('2019', [...acts, supplemented('2021-04-20')])).toMatchObject({ dueOn: '2021-04-12', waitingFor: null });
  });

  test('asked after the due date it changes nothing', () => {
    // Asked for after the due date it neither stops nor restarts.
    const acts = [received('2021-03-01'), requested('2021-03-30'), supplemented('2021-04-02')];
    for (const on of ['2021-03-30', LATE]) expect(read('2019', acts, on)).toMatchObject({ dueOn: '2021-03-29', waitingFor: null });
  });

  test('an open consultation pauses what follows it', () => {
    // With a consultation open across it: the supplement is named first, the consultation pauses what follows.
    const acts = [
      received('2021-03-01'),
      consulted('2021-03-03'),
      requested('2021-03-04'),
      supplemented('2021-03-12'),
      answered('2021-03-16'),
    ];
    expect(read('2019', acts, '2021-03-10')).toMatchObject({ waitingFor: 'supplement' });
    expect(read('2019', acts, '2021-03-12')).toMatchObject({ dueOn: null, waitingFor: 'third-party' });
    // 15 and 16 March do not count: 12 April and 13, 14
    expect(read('2019', acts)).toMatchObject({ dueOn: '2021-04-14', waitingFor: null });
  });
});

describe('years without a calendar', () => {
  const acts = [received('2026-12-21')];

  test('counts plain weekdays, provisionally', () => {
    // 22–25, 28–31 December, 1 January 2027 (a Friday nobody announced yet), 4–8, 11–15, 18
    expect(read('2019', acts)).toMatchObject({ dueOn: '2027-01-18', provisional: true });
    expect(judgeClose(chinaCalendar, '2019', acts, '2027-01-18', 'reply')).toEqual({
      ordinaryEnd: '2027-01-18',
      lawfulEnd: '2027-01-18',
      provisional: true,
    });
  });

  test('a date in known years is not provisional', () => {
    // A date within the years that have one is not.
    expect(read('2019', [received('2026-11-30')])).toMatchObject({ dueOn: '2026-12-28', provisional: false });
  });

  test('announced, the date moves and stands', () => {
    const calendar = new Map(chinaCalendar).set(2027, {
      year: 2027,
      off: new Set(['2027-01-01', '2027-01-02', '2027-01-03']),
      worked: new Set(['2027-01-09']),
      notice: '通知',
    });
    // 1 January off, Saturday 9 worked: the same day again
    expect(read('2019', acts, LATE, calendar)).toMatchObject({ dueOn: '2027-01-18', provisional: false });
    const without = new Map(calendar).set(2027, { year: 2027, off: new Set(['2027-01-01']), worked: new Set<string>(), notice: '通知' });
    expect(read('2019', acts, LATE, without)).toMatchObject({ dueOn: '2027-01-19', provisional: false });
  });
});

describe('what a close is judged by', () => {
  const judge = (acts: readonly ClockAct[], on: string, how: Parameters<typeof judgeClose>[4]): ReturnType<typeof judgeClose> =>
    judgeClose(chinaCalendar, '2019', acts, on, how);

  test('the ends in force, without later acts', () => {
    // The ends in force, extension included; acts after it are left out.
    const acts = [received('2021-03-01'), extended('2021-03-29', 15)];
    expect(judge(acts, '2021-04-01', 'reply')).toEqual({ ordinaryEnd: '2021-03-29', lawfulEnd: '2021-04-20', provisional: false });
    expect(judge(acts, '2021-03-26', 'withdrawal')).toEqual({ ordinaryEnd: '2021-03-29', lawfulEnd: '2021-03-29', provisional: false });
  });

  test('a reply awaiting parties: as if answered', () => {
    // A reply while third parties are awaited: as if all of them answered that day.
    const acts = [received('2021-03-01'), consulted('2021-03-05', '甲'), consulted('2021-03-08', '乙')];
    expect(judge(acts, '2021-03-17', 'reply')).toEqual({ ordinaryEnd: '2021-04-09', lawfulEnd: '2021-04-09', provisional: false });
    // begun on the last day: nothing was left to wait with
    expect(judge([received('2021-03-01'), consulted('2021-03-29')], '2021-04-02', 'reply').lawfulEnd).toBe('2021-03-29');
  });

  test('a reply awaiting a supplement: as if unasked', () => {
    // A reply while a supplement is awaited: as if none had been asked for.
    const acts = [received('2021-03-01'), requested('2021-03-04')];
    expect(judge(acts, '2021-03-30', 'reply').lawfulEnd).toBe('2021-03-29');
    // a consultation begun meanwhile, after the date that then was in force, helps nothing
    expect(judge([...acts, consulted('2021-03-30')], '2021-04-02', 'reply').lawfulEnd).toBe('2021-03-29');
    const second = [received('2021-03-01'), requested('2021-03-04'), supplemented('2021-03-12'), requested('2021-04-01')];
    expect(judge(second, '2021-04-13', 'reply').lawfulEnd).toBe('2021-04-12');
  });

  test.each(['abandonment', 'withdrawal'] as const)('%s while one is awaited is on time', (how) => {
    // … while one is awaited is on time, whatever its date.
    const onTime = { ordinaryEnd: null, lawfulEnd: null, provisional: false };
    expect(judge([received('2021-03-01'), requested('2021-03-04')], '2021-09-01', how)).toEqual(onTime);
    expect(judge([received('2021-03-01'), consulted('2021-03-29')], '2021-09-01', how)).toEqual(onTime);
    // begun too late, it is not awaited
    expect(judge([received('2021-03-01'), consulted('2021-03-30')], '2021-09-01', how).lawfulEnd).toBe('2021-03-29');
  });
});

describe('day by day', () => {
  const explain = (acts: readonly ClockAct[], on = LATE): string[] =>
    explainClock(chinaCalendar, '2019', acts, on).map(
      ({ date, kind, counted, why }) => `${date.slice(5)} ${kind} ${why}${counted === null ? '' : ` ${counted}`}`,
    );

  test('weekends, holidays and days worked instead', () => {
    const days = explain([received('2019-09-16')]);
    expect(days[0]).toBe('09-16 working received');
    expect(days.slice(11, 16)).toEqual([
      '09-27 working counted 9',
      '09-28 weekend weekend',
      '09-29 make-up counted 10',
      '09-30 working counted 11',
      '10-01 holiday holiday',
    ]);
    expect(days.at(-1)).toBe('10-17 working counted 20');
    const [first] = explainClock(chinaCalendar, '2019', [received('2019-09-16')], LATE);
    expect(first?.notice).toBe('《国务院办公厅关于2019年部分节假日安排的通知》《国务院办公厅关于调整2019年劳动节假期安排的通知》');
  });

  test('a restart, a consultation, an extension', () => {
    const days = explain([
      received('2021-03-01'),
      requested('2021-03-02'),
      supplemented('2021-03-03'),
      consulted('2021-03-04'),
      answered('2021-03-05'),
      extended('2021-03-08', 1),
    ]);
    expect(days.slice(0, 8)).toEqual([
      '03-01 working received',
      '03-02 working restarted',
      '03-03 working restarted',
      '03-04 working counted 1',
      '03-05 working third-party',
      '03-06 weekend weekend',
      '03-07 weekend weekend',
      '03-08 working counted 2',
    ]);
    // 2 = 8 March, so 6 = 12, 11 = 19, 16 = 26 March, 20 = 1 April and the extension is 2 April
    expect(days.slice(-2)).toEqual(['04-01 working counted 20', '04-02 working extension 21']);
  });

  test('awaiting is listed to the day asked about', () => {
    // While something is awaited, up to the day asked about.
    expect(explain([received('2021-03-01'), requested('2021-03-02')], '2021-03-04')).toEqual([
      '03-01 working received',
      '03-02 working counted 1',
      '03-03 working supplement',
      '03-04 working supplement',
    ]);
    expect(explain([received('2021-03-01'), consulted('2021-03-02')], '2021-03-03').slice(-1)).toEqual(['03-03 working third-party']);
    const second = [received('2021-03-01'), requested('2021-03-04'), supplemented('2021-03-12'), requested('2021-04-01')];
    expect(explain(second).at(-1)).toBe('04-12 working counted 20');
    expect(explain(second, '2021-04-07').at(-1)).toBe('04-07 working counted 17');
  });
});
